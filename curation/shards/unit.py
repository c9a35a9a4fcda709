"""A unit of work, and what indexing one shard found."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Unit:
    """A piece of the input that one worker reads at a time: small, and equal in every run of the same input.

    `start` is where its reader begins (byte offset of a tar, row group of a Parquet file); `first` the number of
    its first row within the shard; `files` the relative paths of a folder unit, each with the metadata given
    for it as JSON; `repeats` marks rows (by number within the unit) whose key stands elsewhere too.
    """

    kind: str
    path: str
    source: str
    rows: int
    size: int
    modified: float
    start: int = 0
    first: int = 0
    number: int = 0
    files: tuple[tuple[str, str | None], ...] = ()
    repeats: tuple[tuple[int, int], ...] = ()

    def key(self, raw: str | None, row: int) -> str:
        """The key of the row that is number `row` in this unit: unique within the whole input.

        A row without a key of its own is `shard#row`. A key that repeats across shards gets the shard's name,
        one that repeats within a shard its row number too.
        """
        shard = self.source.rpartition(".")[0] or self.source
        if raw is None or raw == "":
            return f"{shard}#{self.first + row}"
        level = dict(self.repeats).get(row, 0) if self.repeats else 0
        return (raw, f"{shard}/{raw}", f"{shard}/{raw}#{self.first + row}")[level]


class Indexed:
    """One indexed shard: a 64-bit hash a key (0 for none), and how to cut it into units."""

    def __init__(
        self,
        keys: NDArray[np.uint64],
        units: Callable[[int], list[tuple[Unit, slice]]],
        unusable: str = "",
    ):
        self.keys, self.units, self.unusable = keys, units, unusable
        self.repeats = np.zeros(len(keys), np.uint8)

    def cut(self, rows: int) -> list[Unit]:
        """Units of about `rows` rows, with repeated keys marked."""
        return [self._marked(unit, part) for unit, part in self.units(rows)]

    def _marked(self, unit: Unit, part: slice) -> Unit:
        levels = self.repeats[part]
        marks = tuple((int(row), int(levels[row])) for row in np.flatnonzero(levels))
        return Unit(**{**unit.__dict__, "repeats": marks})


def part(number: int) -> str:
    """The name, without ending, of every file that comes from unit `number`."""
    return f"part-{number:06d}"


def hash_key(key: str | None) -> int:
    """64-bit hash of a key; 0 for none."""
    if key is None or key == "":
        return 0
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1
