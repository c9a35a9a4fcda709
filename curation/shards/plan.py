"""Cuts an input into units: the row group of a Parquet file, a run of samples of a tar, a run of files of a folder.

A unit is a small record. It is what a worker reads at a time, what a part of the output comes from, and what a
resumed run skips. The plan of an input depends on the input alone, so every run of it makes the same parts.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from curation import storage
from curation.mistake import Mistake
from curation.shards import folder, parquet, webdataset
from curation.shards.schema import Row
from curation.shards.unit import Indexed, Unit
from curation.storage import File


class InputError(Mistake):
    """The input is not there, or is nothing that can be read."""


@dataclass(frozen=True)
class Plan:
    """An input cut into units, in order. `root` is what keys and sources are relative to."""

    root: str
    kind: str
    units: list[Unit]
    files: int
    ignored: int = 0
    images: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", sum(unit.rows for unit in self.units))

    def digest(self) -> str:
        """Hex hash of what was planned: names, sizes, times and cuts. Another digest is another input."""
        state = hashlib.sha256()
        for unit in self.units:
            state.update(json.dumps(asdict(unit), sort_keys=True).encode())
        return state.hexdigest()


READERS = {"images": folder.read, "webdataset": webdataset.read, "parquet": parquet.read}
KEYS = {"images": folder.keys, "webdataset": webdataset.keys, "parquet": parquet.keys}


def read_unit(unit: Unit) -> Iterator[Row]:
    """The rows of a unit, in order, one at a time. Exactly `unit.rows` of them: what fails is a row with an error."""
    count = 0
    for row in READERS[unit.kind](unit):
        yield row
        count += 1
    if count != unit.rows:
        raise RuntimeError(f"{unit.source} gave {count} rows where {unit.rows} were planned: it changed during the run")


def make_plan(path: str) -> Plan:
    """Lists and indexes the input at `path`: a folder, a file or a glob, local or a URI. Raises InputError."""
    root, files = _list(path)
    by_kind = Counter(_kind(file.path) for file in files)
    shards = [file for file in files if _kind(file.path) in ("parquet", "webdataset")]
    images = [file for file in files if _kind(file.path) == "images"]
    if not files:
        raise InputError(f"no files in {path}")
    if not shards and not images:
        names = ", ".join(sorted({os.path.splitext(file.path)[1] or "(none)" for file in files})[:6])
        raise InputError(f"no images, .tar or .parquet files in {path}; its files end in {names}")
    indexed = _index_shards(root, shards)
    rows = sum(len(part.keys) for part in indexed) + len(images)
    if rows == 0:
        raise InputError(f"no rows in {path}: its {len(shards)} shards are empty")
    side = unit_rows(rows)
    units = [unit for part in indexed for unit in part.cut(side)]
    used = 0
    if images:
        cut, used = folder.cut(root, images, [f for f in files if _kind(f.path) == "other"], side)
        units += cut
    kinds = [kind for kind in ("images", "webdataset", "parquet") if by_kind[kind]]
    numbered = [replace(unit, number=number) for number, unit in enumerate(units)]
    return Plan(root, "+".join(kinds), numbered, len(shards) + len(images), by_kind["other"] - used)


def unit_rows(rows: int) -> int:
    """Rows a unit of an input that may be cut anywhere: small inputs spread over cores, large ones make fewer parts."""
    return min(1024, max(32, rows // 64))


def _kind(path: str) -> str:
    ending = os.path.splitext(path)[1].lower().lstrip(".")
    if ending in ("parquet", "tar"):
        return "webdataset" if ending == "tar" else "parquet"
    return "images" if ending in folder.IMAGE_ENDINGS else "other"


def _list(path: str) -> tuple[str, list[File]]:
    """(root, files) of a folder, a file or a glob. The output of a run stands for its shards, of a chain for its last
    run's."""
    if storage.is_folder(path):
        if storage.exists(record := storage.join(path, "run.json")):
            path = storage.join(path, *_runs(record)[-1:], "shards")
        return path, storage.walk(path)
    if storage.exists(path):
        return os.path.dirname(path), [storage.stat(path)]
    if any(char in path for char in "*?["):
        fixed = path[: min(path.find(char) for char in "*?[" if char in path)]
        found = storage.glob(path)
        if not found:
            raise InputError(f"nothing matches {path}")
        return fixed.rpartition("/")[0], found
    raise InputError(f"no such file or folder: {path}")


def _runs(record: str) -> list[str]:
    """The names of the runs in a chain's manifest; none in that of a run, or in what is no manifest of ours."""
    try:
        content = json.loads(storage.read_bytes(record))
    except ValueError:
        return []
    return content.get("runs", []) if isinstance(content, dict) else []


def _index_shards(root: str, shards: list[File]) -> list[Indexed]:
    def index(file: File) -> Indexed:
        module = webdataset if _kind(file.path) == "webdataset" else parquet
        return module.index(file, storage.below(file.path, root))

    indexed = storage.parallel(index, shards)
    if indexed and all(part.unusable for part in indexed):
        raise InputError(indexed[0].unusable)
    _mark_repeats(indexed)
    return indexed


def _mark_repeats(indexed: list[Indexed]) -> None:
    """Find keys that stand in more than one place. Eight bytes a row are held, not the keys."""
    if not indexed:
        return
    hashes = np.concatenate([part.keys for part in indexed])
    shard = np.concatenate([np.full(len(part.keys), n, np.uint64) for n, part in enumerate(indexed)])
    anywhere = _repeated(hashes)
    within = _repeated(hashes * np.uint64(0x9E3779B97F4A7C15) + shard)
    named = hashes != 0  # 0 stands for a row without a key
    start = 0
    for part in indexed:
        end = start + len(part.keys)
        part.repeats = (anywhere & named)[start:end].astype(np.uint8) + (within & anywhere & named)[start:end]
        start = end


def _repeated(values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return counts[inverse] > 1
