"""Intervals hold what they should, and as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.calibration.intervals import Cell, Interval, precision, recall, total, wilson


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    count = draw(st.integers(1, 60))
    return Cell(draw(st.floats(1, 1e6)), draw(st.integers(0, count)), count)


some = st.lists(cells(), min_size=1, max_size=12)


def assert_sound(interval: Interval, most: float = 1.0) -> None:
    assert -1e-9 <= interval.low <= interval.value * (1 + 1e-9)
    assert interval.value <= interval.high * (1 + 1e-9)
    assert interval.high <= most * (1 + 1e-9)


@pytest.mark.parametrize(
    ("bad", "count", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (1, 1, 0.2065, 1), (50, 100, 0.4038, 0.5962)],
)
def test_wilson_as_published(bad: int, count: int, low: float, high: float) -> None:
    interval = wilson(bad, count)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(some, some)
def test_within_bounds(dropped: list[Cell], kept: list[Cell]) -> None:
    assert_sound(total(dropped), sum(cell.images for cell in dropped))
    found = precision(dropped)
    assert found is not None
    assert_sound(found)
    share = recall(dropped, kept)
    if any(cell.bad for cell in dropped + kept):
        assert share is not None
        assert_sound(share)
    else:
        assert share is None


@given(cells())
def test_of_one_band_it_is_wilson(cell: Cell) -> None:
    plain, found = wilson(cell.bad, cell.count), precision([cell])
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


@given(some, some, st.floats(0.01, 100))
def test_only_the_proportions_of_sizes_matter(dropped: list[Cell], kept: list[Cell], factor: float) -> None:
    scaled = [[Cell(factor * cell.images, cell.bad, cell.count) for cell in side] for side in (dropped, kept)]
    one, other = recall(dropped, kept), recall(*scaled)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-9)


@given(some, some)
def test_recall_is_one_less_what_is_missed(dropped: list[Cell], kept: list[Cell]) -> None:
    found, missed = recall(dropped, kept), recall(kept, dropped)
    if found and missed:
        assert (found.low, found.high) == pytest.approx((1 - missed.high, 1 - missed.low), abs=1e-6)


def test_nothing_to_tell() -> None:
    assert precision([]) is None
    assert recall([], []) is None
    assert recall([], [Cell(1, 0, 5)]) is None


def test_what_was_not_seen_is_not_excluded() -> None:
    """Of ten thousand images twenty were looked at, and none was bad: recall may still be low."""
    known = recall([Cell(20, 20, 20)], [Cell(10_000, 0, 20)])
    assert known is not None
    assert known.value == 1
    assert known.low < 20 / (20 + 10_000 * 0.1)
    more = recall([Cell(20, 20, 20)], [Cell(10_000, 0, 2000)])
    assert more is not None
    assert more.low > 2 * known.low


def test_they_hold_the_truth_in_about_19_of_20_samples() -> None:
    """Bands of a rising rate of bad images, sampled alike from each, as the sample does."""
    chance = np.random.default_rng(0)
    sizes = np.array([30, 60, 120, 240, 480, 30, 60, 120, 240, 480])
    rates = np.array([0.6, 0.7, 0.8, 0.9, 0.97, 0.4, 0.3, 0.2, 0.1, 0.02])
    bad = np.rint(sizes * rates).astype(int)
    true = {"precision": bad[:5].sum() / sizes[:5].sum(), "recall": bad[:5].sum() / bad.sum()}
    inside, estimates, turns = dict.fromkeys(true, 0), {name: list[float]() for name in true}, 400
    for _ in range(turns):
        drawn = chance.hypergeometric(bad, sizes - bad, 20)
        known = [Cell(int(size), int(some), 20) for size, some in zip(sizes, drawn, strict=True)]
        for name, interval in (("precision", precision(known[:5])), ("recall", recall(known[:5], known[5:]))):
            assert interval is not None
            inside[name] += interval.low <= true[name] <= interval.high
            estimates[name].append(interval.value)
    for name, count in inside.items():
        assert 0.92 <= count / turns < 1
        assert math.isclose(float(np.mean(estimates[name])), true[name], abs_tol=0.01)  # weights undo the density
