"""Whether there is anything to balance, found out before a job writes anything."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from curation.balancing.mix import Target
from curation.balancing.node import UNKNOWN, node
from curation.mistake import Mistake
from curation.shards import tables
from curation.shards.plan import Plan, read_unit
from curation.shards.schema import CURATED, Row, curated
from curation.shards.unit import Unit


class NothingToDraw(Mistake):
    """No image is of a node that has a target."""


def check(plan: Plan, target: Target) -> None:
    """Raises NothingToDraw. Looks at one image where all is well, and at no pictures of Parquet."""
    known = 0
    for name in (node(row) for unit in plan.units for row in _rows(unit)):
        if target.wants(name):
            return
        known += name != UNKNOWN
    wished = ", ".join((*target.families, *target.texts))
    raise NothingToDraw(
        f"none of {plan.images:,} images is of {wished}: give another --target or --text"
        if known
        else f"none of {plan.images:,} images has a domain in its annotation: `curation annotate` writes them"
    )


def _rows(unit: Unit) -> Iterator[Row]:
    """The rows of a unit; of a Parquet file of ours without the pictures."""
    if unit.kind == "parquet" and unit.start >= 0:
        try:
            with tables.opened(unit.path) as parquet:
                names = parquet.schema_arrow.names
                if set(CURATED.names) <= set(names):
                    columns = [name for name in names if name not in ("key", "image")]
                    records = parquet.read_row_group(unit.start, columns=columns, use_threads=False).to_pylist()
                    yield from (curated("", unit.source, b"", None, record) for record in records)
                    return
        except (pa.ArrowException, OSError):
            return  # the job itself says which rows cannot be read
    yield from read_unit(unit)
