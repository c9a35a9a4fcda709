"""Reads the rows of a shard we wrote, Parquet or tar, without its images."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from curation import storage
from curation.shards import tables


def read(path: str, columns: Collection[str]) -> list[dict[str, Any]]:
    """The rows of one shard: of each those of `columns`, None where it has no such value."""
    records = _tar(path) if path.endswith(".tar") else tables.read(path, columns).to_pylist()
    return [{name: record.get(name) for name in columns} for record in records]


def by_name(out: str, folder: str) -> dict[str, str]:
    """The paths of the parts in a folder of the output `out`, by name without ending, in order."""
    paths = (path for ending in (".parquet", ".tar") for path in storage.files(storage.join(out, folder), ending))
    return {PurePath(path).stem: path for path in paths}


def _tar(path: str) -> list[dict[str, Any]]:
    """The JSON members of a WebDataset tar; images are passed over by their headers."""
    records = []
    with storage.open_read(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        for info in tar:
            if info.name.endswith(".json") and (member := tar.extractfile(info)) is not None:
                records.append(json.loads(member.read()))
    return records
