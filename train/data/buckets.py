"""Sizes that pictures are trained at: nine aspect ratios, about as many pixels each as a square of the phase's side."""

from __future__ import annotations

import math
from functools import cache
from itertools import product

RATIOS = ((1, 1), (2, 3), (3, 2), (3, 4), (4, 3), (9, 16), (16, 9), (1, 3), (3, 1))
"""Width to height, as in the Qwen-Image technical report (section 3, stage 1)."""

STEP = 16
"""Sides are multiples of this: eight pixels a latent pixel, two of those a token."""


@cache
def buckets(size: int) -> tuple[tuple[int, int], ...]:
    """(width, height) in pixels of each ratio, of about `size`² pixels; those that come out equal stand once."""
    sides = (_sides(size, width / height) for width, height in RATIOS)
    return tuple(dict.fromkeys(sides))


def nearest(width: int, height: int, size: int) -> tuple[int, int]:
    """The bucket whose aspect ratio is nearest to that of a picture, by its logarithm."""
    ratio = math.log(width / height)
    return min(buckets(size), key=lambda bucket: abs(math.log(bucket[0] / bucket[1]) - ratio))


def _sides(size: int, ratio: float) -> tuple[int, int]:
    """Of the multiples around the exact sides those that lose least: the shape counts twice as much as the area,
    because what it loses is cut off."""
    root = math.sqrt(ratio)
    return min(product(_around(size * root), _around(size / root)), key=lambda sides: _loss(sides, size, ratio))


def _around(side: float) -> tuple[int, int]:
    below = max(STEP, math.floor(side / STEP) * STEP)
    return below, below + STEP


def _loss(sides: tuple[int, int], size: int, ratio: float) -> float:
    width, height = sides
    return 2 * abs(math.log(width / height / ratio)) + abs(math.log(width * height / size**2))
