"""The small pictures of a report, collected when the run ends and kept in `OUT/thumbnails.parquet`.

The report shows a few images a threshold. Only those are read again: from their units, which a run still has at
hand, so that the report can be drawn anew when the input is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

import pyarrow as pa

from curation import storage
from curation.report import THUMBNAIL_SIDE, thumbnail
from curation.shards import write
from curation.shards.plan import READERS
from curation.shards.unit import Unit
from filters.image import Image, Unreadable

SCHEMA = pa.schema([("key", pa.string()), ("jpeg", pa.binary())])


def path(output: str) -> str:
    return storage.join(output, "thumbnails.parquet")


def collect(output: str, units: list[Unit], shown: list[tuple[int, int, str]], side: int = THUMBNAIL_SIDE) -> None:
    """Write the thumbnails of `shown`, (part, row, key) each, their longer side at most `side` px.

    An image that can no longer be read has none.
    """
    keep(output, _read(units, shown), side)


def keep(output: str, images: Iterable[tuple[str, bytes]], side: int) -> None:
    """Write the thumbnails of `images`, (key, bytes) each, as `collect` does."""
    found = []
    for key, data in images:
        try:
            found.append({"key": key, "jpeg": thumbnail(Image(data), side)})
        except Unreadable:
            continue
    write.table(path(output), found, SCHEMA)


def _read(units: list[Unit], shown: list[tuple[int, int, str]]) -> Iterator[tuple[str, bytes]]:
    rows_of: dict[int, set[int]] = defaultdict(set)
    for part, number, _ in shown:
        rows_of[part].add(number)
    for part, wanted in sorted(rows_of.items()):
        for number, row in enumerate(islice(READERS[units[part].kind](units[part]), max(wanted) + 1)):
            if number in wanted and row.data is not None:
                yield row.key, row.data
