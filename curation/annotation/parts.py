"""Reads an annotated output part by part: signals, what was annotated, and rejects, never the images' bytes."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import pyarrow as pa

from annotate.signals import columns
from curation import storage
from curation.shards import tables
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
    shards = {_name(path): path for ending in (".parquet", ".tar") for path in _files(out, "shards", ending)}
    rejects = {_name(path): path for path in _files(out, "rejects", ".parquet")}
    for path in _files(out, "signals", ".parquet"):
        name = _name(path)
        yield Part(
            int(name.rpartition("-")[2]),
            tables.read(path, [*FACTS, *columns()]),
            annotated(shards[name]) if name in shards else [],
            tables.read(rejects[name], REJECT_COLUMNS) if name in rejects else no_rejects(),
        )


def annotated(path: str) -> list[dict[str, Any]]:
    """The rows of one shard, Parquet or tar: of each `COLUMNS`, None where it has no such value."""
    records = _tar(path) if path.endswith(".tar") else tables.read(path, COLUMNS).to_pylist()
    return [{name: record.get(name) for name in COLUMNS} for record in records]


def no_rejects() -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in REJECT_COLUMNS})


def _tar(path: str) -> list[dict[str, Any]]:
    """The JSON members of a WebDataset tar; images are passed over by their headers."""
    records = []
    with storage.open_read(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        for info in tar:
            if info.name.endswith(".json") and (member := tar.extractfile(info)) is not None:
                records.append(json.loads(member.read()))
    return records


def _files(out: str, folder: str, ending: str) -> list[str]:
    return storage.files(storage.join(out, folder), ending)


def _name(path: str) -> str:
    return PurePath(path).stem
