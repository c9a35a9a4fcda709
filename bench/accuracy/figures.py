"""Cases, verdicts and the figures made of them: precision, recall, F1, intervals, the area under the curve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from filters.base import AtLeast, Filter, Signals
from filters.image import Image

CLEAR, WEAK, CLEAN = "clear", "weak", "clean"
"""Grades: defects that must be found; fainter ones that are shown but count for nothing; images to keep."""

RESAMPLES = 1000
MOST_DROPPED = 0.02
"""Share of clean images of the tune half that a threshold chosen there may drop."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Case:
    """An encoded image made of one source, what was done to it, its grade, and further kinds that it is also of."""

    source: str
    kind: str
    grade: str
    data: bytes
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A case and what a filter says. `badness` 1 is the default threshold, more is worse (`badness`)."""

    source: str
    kind: str
    grade: str
    badness: float
    dropped: bool
    also: tuple[str, ...] = ()


def judge(filter: Filter, cases: Iterable[Case]) -> Iterator[Judged]:
    for case in cases:
        signals = filter.measure(Image(case.data))
        dropped = filter.verdict(signals) is not None
        yield Judged(case.source, case.kind, case.grade, badness(filter, signals), dropped, case.also)


def badness(filter: Filter, signals: Signals) -> float:
    """How many times its threshold the worst signal is (its inverse where the threshold is a least value)."""
    worst = 0.0
    ranges = {signal.name: signal.high for signal in filter.signals}
    for limit in filter.limits:
        value, bound = signals[limit.signal], float(getattr(filter, limit.field))
        if math.isnan(value) or (not isinstance(limit, AtLeast) and bound >= ranges[limit.signal]):
            continue  # not measured, or switched off
        worst = max(worst, bound / max(value, 1e-6) if isinstance(limit, AtLeast) else value / bound)
    return worst


def wilson(hits: int, count: int) -> Range:
    """95 % interval of a share (E. B. Wilson, 1927)."""
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    low, high = (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)
    return low if hits else 0.0, high if hits < count else 1.0


def area_under_curve(judged: list[Judged]) -> tuple[float, Range]:
    """The probability that a clear defect is worse than a clean image, and its 95 % interval, as `intervals` has it.

    Raises ValueError without a clear defect or without a clean image.
    """
    wins, bad, good = _wins(judged)
    if not bad.sum() or not good.sum():
        raise ValueError("an area under the curve needs clear defects and clean images")
    area = float(wins.sum() / (bad.sum() * good.sum()))
    drawn = _drawn(len(bad))
    with np.errstate(invalid="ignore", divide="ignore"):
        areas = (drawn @ wins * drawn).sum(axis=1) / ((drawn @ bad) * (drawn @ good))
    low, high = _quantiles(areas)
    if low == high == 1:
        sources = int(min(np.count_nonzero(bad), np.count_nonzero(good)))
        return area, wilson(sources, sources)
    return area, (low, high)


def _wins(judged: list[Judged]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """[sources, sources]: pairs of a defect of one and a clean image of another where the defect is worse, ties by
    half; and the numbers of clear defects and of clean images of each source."""
    sources = sorted({case.source for case in judged})
    bad: dict[str, list[float]] = {source: [] for source in sources}
    good: dict[str, list[float]] = {source: [] for source in sources}
    for case in judged:
        if case.grade != WEAK:
            (bad if case.grade == CLEAR else good)[case.source].append(case.badness)
    values = np.array([value for source in sources for value in bad[source]])
    owner = np.repeat(np.arange(len(sources)), [len(bad[source]) for source in sources])
    wins = np.zeros((len(sources), len(sources)))
    for column, source in enumerate(sources):
        clean = np.sort(good[source])
        worse = (np.searchsorted(clean, values, "left") + np.searchsorted(clean, values, "right")) / 2
        np.add.at(wins[:, column], owner, worse)
    many, few = (np.array([len(group[source]) for source in sources], np.float64) for group in (bad, good))
    return wins, many, few


def _drawn(sources: int) -> NDArray[np.int64]:
    """[resamples, sources]: how often each source is drawn when as many as there are are drawn anew."""
    return np.random.default_rng(0).multinomial(sources, [1 / sources] * sources, RESAMPLES)


@dataclass(frozen=True)
class Rates:
    """`recall` of clear defects, share of clean images `dropped`, and precision and F1 at equal numbers of both.

    NaN where there is nothing to divide by: no defects, no clean images, nothing dropped at all (precision).
    """

    recall: float
    dropped: float
    precision: float
    f1: float


def rates(judged: list[Judged], cut: float | None = None) -> Rates:
    """At the filter's defaults, or with every threshold moved to `cut` times its default."""
    return Rates(*(float(value[0]) for value in _rates(_counts(judged, cut).sum(axis=0)[None])))


def intervals(judged: list[Judged]) -> dict[str, Range]:
    """95 % of each of `Rates`, by drawing the sources anew (B. Efron, 1979): cases of one source are alike.

    Where all sources agree, drawing shows no spread: recall and `dropped` then get Wilson's interval of as many
    cases as there are sources. Precision and F1 are never surer than one of these two at its bound makes them.
    """
    counts = _counts(judged, None)
    drawn = _rates(_drawn(len(counts)) @ counts)
    found = {name: _quantiles(value) for name, value in zip(Rates.__annotations__, drawn, strict=True)}
    for name, column in (("recall", 1), ("dropped", 3)):
        sources = int(np.count_nonzero(counts[:, column]))
        if found[name] in ((0.0, 0.0), (1.0, 1.0)):
            found[name] = wilson(round(found[name][0] * sources), sources)
    point = rates(judged)
    bounds = _rates(np.array([[found["recall"][0], 1, point.dropped, 1], [point.recall, 1, found["dropped"][1], 1]]))
    for name, values in (("precision", bounds[2]), ("f1", bounds[3])):
        found[name] = float(np.fmin.reduce([found[name][0], *values])), found[name][1]
    return found


def _quantiles(values: NDArray[np.float64]) -> Range:
    if not np.isfinite(values).any():
        return 0.0, 1.0
    low, high = np.nanquantile(values, (0.025, 0.975))
    return float(low), float(high)


def _counts(judged: list[Judged], cut: float | None) -> NDArray[np.float64]:
    """[sources, 4]: clear defects found, clear defects, clean images dropped, clean images."""
    rows = {source: number for number, source in enumerate(sorted({case.source for case in judged}))}
    counts = np.zeros((len(rows), 4))
    for case in judged:
        if case.grade != WEAK:
            column = 0 if case.grade == CLEAR else 2
            caught = case.dropped if cut is None else case.badness > cut
            counts[rows[case.source], column : column + 2] += caught, 1
    return counts


def _rates(counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    with np.errstate(invalid="ignore", divide="ignore"):
        recall, dropped = counts[:, 0] / counts[:, 1], counts[:, 2] / counts[:, 3]
        return recall, dropped, recall / (recall + dropped), 2 * recall / (1 + recall + dropped)


def best_cut(judged: list[Judged]) -> float:
    """The cut with the best F1 of those that drop at most `MOST_DROPPED` of the clean images."""
    clean = [case.badness for case in judged if case.grade == CLEAN]
    least = float(np.quantile(clean, 1 - MOST_DROPPED, method="higher"))
    cuts = sorted({least, *(case.badness for case in judged if case.badness > least)})
    return max(cuts[:: max(1, len(cuts) // 200)], key=lambda cut: np.nan_to_num(rates(judged, cut).f1))
