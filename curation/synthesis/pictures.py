"""Pictures out of an output of our own, for its report."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from curation import storage
from curation.shards.plan import make_plan, read_unit
from curation.shards.unit import part


def pictures(out: str, wanted: Collection[tuple[int, str]]) -> Iterator[tuple[str, bytes]]:
    """(key, bytes) of the images that are `wanted`, (number of the part, key) each."""
    names, keys = {part(number) for number, _ in wanted}, {key for _, key in wanted}
    for unit in make_plan(storage.join(out, "shards")).units if wanted else ():
        if unit.source.rpartition(".")[0] in names:
            yield from ((row.key, row.data) for row in read_unit(unit) if row.key in keys and row.data is not None)
