"""Reads an output part by part: signals, what is in its shard, and rejects, never the images' bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from curation.shards import records, tables

FACTS = ("key", "source", "dropped_by", "reason")
"""The columns of the signals that are read besides the measurements."""

REJECT_COLUMNS = ("key", "source", "stage", "error", "message", "reply")


@dataclass(frozen=True)
class Part:
    """One part of an output. `rows` are its shard's; `rejects` has those of `REJECT_COLUMNS` that were written."""

    number: int = 0
    signals: pa.Table = field(default_factory=lambda: pa.table({}))
    rows: Sequence[dict[str, Any]] = ()
    rejects: pa.Table = field(default_factory=lambda: pa.table({}))


def parts(out: str, signals: Collection[str], columns: Collection[str]) -> Iterator[Part]:
    """Every part of the output `out`, in order; one is in memory at a time.

    Of the signals `FACTS` and `signals` are read, of the rows `columns`: None where a shard has no such value.
    """
    shards, rejects = records.by_name(out, "shards"), records.by_name(out, "rejects")
    for name, path in records.by_name(out, "signals").items():
        yield Part(
            int(name.rpartition("-")[2]),
            tables.read(path, (*FACTS, *signals)),
            records.read(shards[name], columns) if name in shards else (),
            tables.read(rejects[name], REJECT_COLUMNS) if name in rejects else pa.table({}),
        )
