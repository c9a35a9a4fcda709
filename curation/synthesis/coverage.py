"""`OUT/coverage.parquet`: how often each of the 8,105 standard Chinese characters was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation import storage
from curation.shards import write
from synth.exposure import Exposure

SCHEMA = pa.schema([("character", pa.string()), ("level", pa.int8()), ("count", pa.int64())])


@dataclass(frozen=True)
class Level:
    """One level of the table. `least`: exposures of its rarest character; `below`: (exposures,
    character) of those with fewer than wished, the rarest first."""

    level: int
    characters: int
    shown: int
    exposures: int
    least: int
    median: int
    below: Sequence[tuple[int, str]]


def path(output: str) -> str:
    return storage.join(output, "coverage.parquet")


def save(output: str, exposure: Exposure) -> None:
    """Write the table."""
    write.table(path(output), (dict(zip(SCHEMA.names, row, strict=True)) for row in exposure.table()), SCHEMA)


def by_level(exposure: Exposure, wished: int) -> list[Level]:
    """The three levels; with nothing wished, characters that were never drawn are the ones below."""
    rows = [(level, count, character) for character, level, count in exposure.table()]
    return [_level(wanted, [row[1:] for row in rows if row[0] == wanted], wished) for wanted in (1, 2, 3)]


def below(exposure: Exposure, wished: int) -> int:
    """How many characters were drawn fewer than `wished` times."""
    return sum(count < wished for _, _, count in exposure.table())


def _level(level: int, rows: list[tuple[int, str]], wished: int) -> Level:
    counts = sorted(count for count, _ in rows)
    below = sorted((row for row in rows if row[0] < max(wished, 1)), key=lambda row: row[0])
    shown = sum(count > 0 for count in counts)
    return Level(level, len(rows), shown, sum(counts), counts[0], counts[len(counts) // 2], below)
