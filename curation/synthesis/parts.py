"""Reads a synthesised output part by part: signals, what was made, and rejects, never the images' bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from curation import storage
from curation.shards import records, tables
from curation.shards.plan import make_plan, read_unit
from curation.synthesis.signals import columns

COLUMNS = ("key", "width", "height", "caption", "annotation")
"""The columns of a shard that are read."""

REJECT_COLUMNS = ("key", "error", "message")


@dataclass(frozen=True)
class Part:
    """One part of an output. `made` are its shard's rows, each with `COLUMNS`; `rejects` has `REJECT_COLUMNS`."""

    name: str
    signals: pa.Table
    made: list[dict[str, Any]]
    rejects: pa.Table


def parts(out: str) -> Iterator[Part]:
    """Every part of the output `out`, in order; one is in memory at a time."""
    shards, rejects = records.by_name(out, "shards"), records.by_name(out, "rejects")
    for name, path in records.by_name(out, "signals").items():
        yield Part(
            name,
            tables.read(path, ["key", "dropped_by", *columns()]),
            records.read(shards[name], COLUMNS) if name in shards else [],
            tables.read(rejects[name], REJECT_COLUMNS) if name in rejects else no_rejects(),
        )


def no_rejects() -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in REJECT_COLUMNS})


def images(out: str, wanted: Collection[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """(key, bytes) of the images that are `wanted`, (name of the part, key) each."""
    names, keys = {name for name, _ in wanted}, {key for _, key in wanted}
    for unit in make_plan(storage.join(out, "shards")).units if wanted else ():
        if unit.source.rpartition(".")[0] in names:
            yield from ((row.key, row.data) for row in read_unit(unit) if row.key in keys and row.data is not None)
