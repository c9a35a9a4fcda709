"""Drops images that JPEG compression has spoilt, whatever they are saved as now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.header import header
from filters.image import WORKING_SIDE, Image, Pixels

SIDE = 2 * WORKING_SIDE
"""Blocks are looked for in the working copy as it is: any scaling but halving would lose their grid."""

BLOCK = 8
"""Side in pixels of JPEG's blocks."""

REACH = 2
"""Steps on either side that a step on the grid must be higher than."""

LUMA = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
"""The quantisation table of luminance in ISO 10918-1, annex K, row by row: that of quality 50."""

Steps = NDArray[np.float32]


@dataclass(frozen=True)
class Compression(Filter):
    """Drops JPEGs of a low quality (`min_quality`), and images of any format that show its blocks (`max_blocking`).

    Signals: `quality`, 1 to 100, that of libjpeg whose table for luma is nearest to the file's, exact for files that
    libjpeg wrote; not a number for other formats. `blocking`, grey levels: how much higher steps on the best of the
    64 grids of 8 px are than on any other, beyond the steps beside them: 0 to 0.3 without blocks.

    `max_blocking` 0.6 was set on 105 images and measured on 145 of other sources: 0.7 % dropped, as they are and after
    JPEG 75 (1.0 % of those it was set on): pictures of something that repeats every 8 px. Of 115 of these, photographs
    and paintings, it finds JPEG 10, 20, 30 and 50 in 0.98, 0.97, 0.89 and 0.36 when saved as something lossless; when
    cropped and saved again as JPEG 95, 10 and 20 in 0.98 and 0.92, 30 in 0.51. Of 30 drawings, pages and screens,
    whose flat areas show no blocks, JPEG 10 and 20 in half and a third. `min_quality` 30 is where blocks begin to be
    found in nearly all photographs.

    Weak spots: images that were scaled after compression lose the grid (JPEG 10 at 0.8 of its size 0.04, doubled
    0.27); those of 2048 px and more are halved first, which leaves JPEG 10 and takes some of 20, and from 4096 px
    `blocking` is not measured; WebP at quality 5 smooths its blocks away and is not found.

    Cost: 4 ms beyond decoding, at 1 megapixel.

    Source: quality scaling of libjpeg (T. Lane, Independent JPEG Group); blocking after Z. Wang, H. R. Sheikh,
    A. C. Bovik, No-reference perceptual quality assessment of JPEG compressed images, ICIP 2002 (steps across the grid
    against those within it); the search for the grid and the rule against the next best are ours.
    """

    min_quality: float = 30.0
    max_blocking: float = 0.6

    name: ClassVar[str] = "compression"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("quality", 0, 100, "JPEG quality by its quantisation table"),
        Signal("blocking", 0, 4, "height of steps on an 8 px grid, grey levels"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtLeast("quality", "min_quality", "it is a JPEG of low quality"),
        AtMost("blocking", "max_blocking", "the blocks of JPEG compression show"),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.min_quality <= 100:
            raise ValueError(f"min_quality lies between 0 and 100, not {self.min_quality}")
        if not self.max_blocking >= 0:
            raise ValueError(f"max_blocking is 0 or more, not {self.max_blocking}")

    def measure(self, image: Image) -> Signals:
        grey = image.grey(SIDE)
        halvings = round(math.log2(max(image.width, image.height) / max(grey.shape)))
        return {"quality": quality(image), "blocking": blocking(grey, BLOCK >> halvings)}


def quality(image: Image) -> float:
    """The signal `quality`. Raises nothing: where a JPEG has no table of luma, it is not a number."""
    table = getattr(header(image), "quantization", {}).get(0)
    if image.format != "JPEG" or table is None:
        return math.nan
    return float(np.abs(tables() - np.array(table)).sum(axis=1).argmin() + 1)


@cache
def tables() -> NDArray[np.int64]:
    """libjpeg's tables for luma, [100, 64], of qualities 1 to 100."""
    levels = np.arange(1, 101)
    scale = np.where(levels < 50, 5000 // levels, 200 - 2 * levels)
    return np.clip((np.outer(scale, LUMA) + 50) // 100, 1, 255)


def blocking(grey: Pixels, period: int = BLOCK) -> float:
    """The signal `blocking` of uint8 [h, w] with blocks of `period` px: the geometric mean of both directions, as
    what repeats in one alone is no block. Not a number where blocks would be too small to tell, or too few."""
    if period <= REACH or min(grey.shape) < 3 * BLOCK:
        return math.nan
    across, down = (max(0.0, contrast(excess(pixels), period)) for pixels in (grey, grey.T))
    return math.sqrt(across * down)


def excess(grey: Pixels) -> Steps:
    """How much each step from a column to the next is higher than the highest within REACH: float32 [w - 5].

    Steps are taken over BLOCK rows with their sign, so that texture averages out; then averaged over the height.
    """
    rows = grey.shape[0] // BLOCK
    means = grey[: rows * BLOCK].reshape(rows, BLOCK, -1).mean(axis=1, dtype=np.float32)
    steps = np.abs(np.diff(means, axis=1))
    inner, count = steps[:, REACH:-REACH], steps.shape[1] - 2 * REACH
    beside = [steps[:, at : at + count] for at in range(2 * REACH + 1) if at != REACH]
    return np.asarray(np.maximum(inner - np.maximum.reduce(beside), 0).mean(axis=0), np.float32)


def contrast(columns: Steps, period: int) -> float:
    """By how much the mean of every `period`-th column surpasses that of the next best phase."""
    *_, second, best = sorted(float(columns[phase::period].mean()) for phase in range(period))
    return best - second
