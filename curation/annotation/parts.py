"""Reads an annotated output part by part: signals, what was annotated, and rejects, never the images' bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from annotate.signals import columns
from curation.shards import records, tables
from curation.shards.schema import SPLITS

COLUMNS = ("key", "caption", "annotation", *SPLITS)
"""The columns of a shard that are read."""

REJECT_COLUMNS = ("key", "source", "stage", "error", "message", "reply")

FACTS = ("key", "source", "dropped_by", "reason")


@dataclass(frozen=True)
class Part:
    """One part of an output. `annotated` are its shard's rows, each with `COLUMNS`; `rejects` has `REJECT_COLUMNS`."""

    number: int
    signals: pa.Table
    annotated: list[dict[str, Any]]
    rejects: pa.Table


def parts(out: str) -> Iterator[Part]:
    """Every part of the output `out`, in order; one is in memory at a time."""
    shards, rejects = records.by_name(out, "shards"), records.by_name(out, "rejects")
    for name, path in records.by_name(out, "signals").items():
        yield Part(
            int(name.rpartition("-")[2]),
            tables.read(path, [*FACTS, *columns()]),
            annotated(shards[name]) if name in shards else [],
            tables.read(rejects[name], REJECT_COLUMNS) if name in rejects else no_rejects(),
        )


def annotated(path: str) -> list[dict[str, Any]]:
    """The rows of one shard, Parquet or tar: of each `COLUMNS`, None where it has no such value."""
    return records.read(path, COLUMNS)


def no_rejects() -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in REJECT_COLUMNS})
