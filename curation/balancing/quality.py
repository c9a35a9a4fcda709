"""How good an image is among those of its node, from what is known without looking at its pixels again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from curation import storage
from curation.shards import tables
from curation.shards.unit import Unit

SIDE = 1328
"""Pixels of a side, if it were square, above which an image is no better: the report's largest training size."""

SCALES = {
    "blur.sharpness": (0.0, 100.0),
    "compression.quality": (0.0, 100.0),
    "watermark.score": (1.0, 0.0),
    "aesthetic.score": (1.0, 5.0),
}
"""Signals that count: where each is worst, and best. The last is the scale of the filter's default model."""

DIGITS = 6
"""Decimals of a quality."""


def quality(width: int, height: int, signals: Mapping[str, float | None]) -> float:
    """0 to 1: the mean of the resolution (√(width · height) over `SIDE`, at most 1) and of those of `SCALES` that were
    measured, each from its worst value to its best."""
    parts = [min(1.0, math.sqrt(width * height) / SIDE)]
    for name, (worst, best) in SCALES.items():
        if (value := signals.get(name)) is not None:
            parts.append(min(1.0, max(0.0, (value - worst) / (best - worst))))
    return round(sum(parts) / len(parts), DIGITS)


def signals(unit: Unit) -> dict[str, dict[str, float | None]]:
    """The signals of `SCALES` that the run which wrote a unit's shard measured, by key.

    Empty where the shard is no output of a run, or that run measured none of them.
    """
    folder, _, name = unit.path.rpartition("/")
    out, _, shards = folder.rpartition("/")
    path = storage.join(out, "signals", name.rpartition(".")[0] + ".parquet")
    if shards != "shards" or not storage.exists(path):
        return {}
    rows: list[dict[str, Any]] = tables.read(path, ["key", *SCALES]).to_pylist()
    return {row.pop("key"): row for row in rows}
