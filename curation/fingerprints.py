"""What the first pass learnt of each unit, kept in a file: outcomes so far and the duplicates' fingerprints.

A resumed run reads them instead of the pixels, and pairs of likely duplicates are verified from them, so that
nothing larger than a hash goes through a shuffle.
"""

from __future__ import annotations

import functools
import json
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from curation import storage
from curation.assess import Candidate, Outcome
from curation.shards import tables, write
from curation.shards.unit import part
from filters.dedup import Fingerprint

SCHEMA = pa.schema(
    [
        ("outcome", pa.string()),
        ("alive", pa.bool_()),
        ("sha256", pa.string()),
        ("pixels", pa.binary()),
        ("phash", pa.uint64()),
        ("views", pa.binary()),
        ("texture", pa.float64()),
        ("thumbnail", pa.binary()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("size", pa.int64()),
    ]
)
FIELDS = [name for name in SCHEMA.names if name not in ("outcome", "alive")]


def path(work: str, number: int) -> str:
    return storage.join(work, "fingerprints", part(number) + ".parquet")


def save(work: str, number: int, candidates: list[Candidate]) -> None:
    """Write the file of one unit."""
    rows = []
    for candidate in candidates:
        alive = candidate.outcome.kept
        fields = candidate.note._asdict() if alive else dict.fromkeys(FIELDS)
        rows.append({"outcome": json.dumps(asdict(candidate.outcome)), "alive": alive, **fields})
    write.table(path(work, number), rows, SCHEMA)


class Fingerprints:
    """The saved rows of one unit."""

    def __init__(self, table: pa.Table):
        self.table = table

    @staticmethod
    def load(work: str, number: int) -> Fingerprints:
        return Fingerprints(tables.read(path(work, number)))

    def outcomes(self) -> list[Outcome]:
        return [_outcome(text) for text in self.table["outcome"].to_pylist()]

    def alive(self) -> list[tuple[int, Fingerprint]]:
        """(row, fingerprint) of the images that no stage has dropped so far."""
        rows = enumerate(self.table.to_pylist())
        return [(row, _fingerprint(values)) for row, values in rows if values["alive"]]

    def key(self, row: int) -> str:
        """The key of one row."""
        return _outcome(self.table["outcome"][row].as_py()).key

    def fingerprint(self, row: int) -> Fingerprint:
        """The fingerprint of one row that is alive."""
        return _fingerprint(self.table.slice(row, 1).to_pylist()[0])


@functools.lru_cache(maxsize=32)
def cached(work: str, number: int) -> Fingerprints:
    """`Fingerprints.load`, with the last few kept."""
    return Fingerprints.load(work, number)


def _fingerprint(values: dict[str, Any]) -> Fingerprint:
    return Fingerprint(**{name: values[name] for name in FIELDS})


def _outcome(text: str) -> Outcome:
    values = json.loads(text)
    values["failed"] = tuple(values["failed"]) if values["failed"] else None
    return Outcome(**values)
