"""How right each threshold would be, by the labels, and which one is proposed."""

from __future__ import annotations

import math
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from curation.calibration.choice import Choice
from curation.calibration.intervals import Cell, Interval, precision, recall
from curation.calibration.labels import DROP, SKIP
from curation.calibration.sample import Sample, crossed
from curation.recipe import RecipeError, build, plain_fields
from curation.statistics import Flags, Floats
from filters.base import AtLeast, Limit


@dataclass(frozen=True)
class Threshold:
    """One threshold: what it would drop of the images in question, and how right that would be."""

    at: float
    drops: int
    precision: Interval | None
    recall: Interval | None

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where either is unknown."""
        if not self.precision or not self.recall or not self.precision.value + self.recall.value:
            return 0.0
        return 2 * self.precision.value * self.recall.value / (self.precision.value + self.recall.value)


def thresholds(choice: Choice, sample: Sample, labels: Sequence[str | None]) -> list[Threshold]:
    """Every threshold that parts the labelled images in another way, and the one there is, in rising order."""
    told = [(item, label) for item, label in zip(sample.items, labels, strict=True) if label not in (None, SKIP)]
    bands = [
        Band(
            values,
            np.array([item.value for item, _ in told if item.band == number], np.float64),
            np.array([label == DROP for item, label in told if item.band == number], np.bool_),
        )
        for number, values in enumerate(sample.bands)
    ]
    values = np.unique([item.value for item, _ in told])
    return [_threshold(choice.limit, at, bands) for at in sorted({choice.bound, *_between(choice, values)})]


@dataclass(frozen=True)
class Band:
    """A band of the sample: the signals of all its images, and signals and labels of those labelled."""

    images: Floats
    values: Floats
    bad: Flags


def _threshold(limit: Limit, at: float, bands: Sequence[Band]) -> Threshold:
    """How right `at` is. For precision each band counts with the images of it that go, whose number is known; for
    recall with all of it, so that what there is to find is the same at each threshold."""
    drops, dropped, found, missed = 0, list[Cell](), list[Cell](), list[Cell]()
    for band in bands:
        gone, told = crossed(limit, band.images, at), crossed(limit, band.values, at)
        size, labelled = len(gone), len(told)
        drops += int(gone.sum())
        if gone.any() and labelled:
            bad = band.bad[told] if told.any() else band.bad  # of which none is labelled, the whole band tells
            dropped.append(Cell(int(gone.sum()), int(bad.sum()), len(bad)))
            found.append(Cell(size, int(band.bad[told].sum()), labelled))
        if not gone.all() and labelled:
            missed.append(Cell(size, int(band.bad[~told].sum()), labelled))
    return Threshold(at, drops, precision(dropped), recall(found, missed))


def propose(choice: Choice, known: Sequence[Threshold], target: float | None) -> Threshold | None:
    """The threshold with the greatest F1; with a `target`, that with the greatest recall of those as precise.

    Of equals the nearest to what there is. None where no threshold drops what should be dropped, or is as precise.
    """

    def order(one: Threshold) -> tuple[float, float]:
        merit = one.f1 if target is None else one.recall.value if one.recall else 0.0
        return round(merit, 9), -abs(one.at - choice.bound)

    fit = [one for one in known if one.f1 and (target is None or (one.precision and one.precision.value >= target))]
    return max(fit, key=order, default=None)


def _between(choice: Choice, values: Floats) -> Iterator[float]:
    """The roundest threshold between each two neighbours of the rising `values` that the filter takes."""
    whole = typing.get_type_hints(type(choice.stage))[choice.limit.field] is int
    low = isinstance(choice.limit, AtLeast)
    for below, above in pairwise(values.tolist()):
        if below < choice.bound < above:
            continue  # the threshold there is parts these two
        at: float | None = _whole(below, above, low) if whole else _round(below, above, low)
        if at is not None and takes(choice, at):
            yield at


def takes(choice: Choice, at: float) -> bool:
    """Whether the filter takes `at` for the threshold."""
    try:
        build(choice.stage.name, plain_fields(choice.stage) | {choice.limit.field: at})
    except RecipeError:
        return False
    return True


def _round(below: float, above: float, low: bool) -> float:
    """The number of fewest digits near the middle; where none lies between, the value on the kept side."""
    middle = below + (above - below) / 2
    shorter = (float(f"{middle:.{digits}g}") for digits in range(1, 18))
    return next((at for at in shorter if below < at < above), above if low else below)


def _whole(below: float, above: float, low: bool) -> int | None:
    """A whole number that parts the two; None if there is none."""
    at = math.floor(above) if low else math.ceil(below)
    return at if (below < at <= above if low else below <= at < above) else None
