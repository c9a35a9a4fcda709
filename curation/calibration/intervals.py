"""95 % intervals of shares and of their ratios, from samples of several bands.

Wilson's interval (E. B. Wilson 1927) for one band; the sum over bands and the ratio of two sums by the method of
variance recovery (Zou & Donner 2008; Donner & Zou 2012), which needs no normal errors: intervals stay within 0 and 1,
and a band of which none of ten was bad may still hold some.

Measured on four made-up populations of 300 to 4,000 images with 100 or 200 labels, 400 samples each: those of precision
hold the truth in 94.5 % or more of the samples, those of recall in 89 to 100 %, the least where few bad images lie far
from the threshold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Cell:
    """The images of one band on one side of a threshold, and of those labelled, which stand for them, how many are
    bad: `bad` of `count`, at least 1."""

    images: float
    bad: int
    count: int


def wilson(bad: int, count: int) -> Interval:
    """The share of `bad` in `count`, at least 1, which is a sample."""
    share, square = bad / count, Z * Z / count
    middle = (share + square / 2) / (1 + square)
    half = Z / (1 + square) * math.sqrt(share * (1 - share) / count + square / count / 4)
    return Interval(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def total(cells: Sequence[Cell]) -> Interval:
    """How many images are bad of all that the cells stand for."""
    shares = [(cell.images, wilson(cell.bad, cell.count)) for cell in cells]
    value = sum(images * share.value for images, share in shares)
    below = math.hypot(*(images * (share.value - share.low) for images, share in shares))
    above = math.hypot(*(images * (share.high - share.value) for images, share in shares))
    most = sum(images for images, _ in shares)
    return Interval(value, max(0.0, value - below), min(most, value + above))


def precision(dropped: Sequence[Cell]) -> Interval | None:
    """The share of bad images in those that are dropped; None if none is."""
    images, bad = sum(cell.images for cell in dropped), total(dropped)
    return Interval(bad.value / images, bad.low / images, min(1.0, bad.high / images)) if images else None


def recall(dropped: Sequence[Cell], kept: Sequence[Cell]) -> Interval | None:
    """The share of the bad images that is dropped; None if none is known to be bad."""
    found, missed = total(dropped), total(kept)
    if not found.value + missed.value:
        return None
    low = _ratio(found.value, missed.value, found.value - found.low, missed.high - missed.value)
    high = 1 - _ratio(missed.value, found.value, missed.value - missed.low, found.high - found.value)
    value = found.value / (found.value + missed.value)
    return Interval(value, min(value, low), max(value, high))


def _ratio(part: float, rest: float, below: float, above: float) -> float:
    """The least share part / (part + rest) where `part` may be less by `below`, and `rest` more by `above`.

    It is x / (1 + x) where part - x rest = √(below² + x² above²): x is the lower bound of part / rest.
    """
    over = part * part - below * below
    if over <= 0:
        return 0.0
    under = part * rest + math.sqrt(rest * rest * below * below + above * above * over)
    return over / (over + under) if under else 1.0
