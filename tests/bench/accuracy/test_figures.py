"""The arithmetic of the figures, against its definitions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accuracy.figures import (
    CLEAN,
    CLEAR,
    WEAK,
    Judged,
    area_under_curve,
    badness,
    best_cut,
    intervals,
    rates,
    wilson,
)
from bench.accuracy.summary import TARGETS, figures, rows
from filters.entropy import Entropy
from filters.watermark import Watermark


def judged(source: int, grade: str, badness: float, kind: str = "kind", also: tuple[str, ...] = ()) -> Judged:
    return Judged(f"source {source}", kind, grade, badness, badness > 1, also)


@st.composite
def sets(draw: st.DrawFn) -> list[Judged]:
    """At least one clear defect and one clean image, of up to five sources, with ties."""
    more = st.tuples(st.integers(0, 4), st.sampled_from([CLEAR, WEAK, CLEAN]), st.sampled_from([0.2, 0.9, 1.1, 3.0]))
    first = [(draw(st.integers(0, 4)), grade, draw(st.sampled_from([0.2, 0.9, 1.1, 3.0]))) for grade in (CLEAR, CLEAN)]
    return [judged(*case) for case in first + draw(st.lists(more, max_size=20))]


def of(cases: list[Judged], grade: str) -> Iterator[Judged]:
    return (case for case in cases if case.grade == grade)


@given(sets())
def test_rates_are_those_of_their_definitions(cases: list[Judged]) -> None:
    got = rates(cases)
    recall = np.mean([case.dropped for case in of(cases, CLEAR)])
    dropped = np.mean([case.dropped for case in of(cases, CLEAN)])
    assert got.recall == pytest.approx(recall)
    assert got.dropped == pytest.approx(dropped)
    if recall + dropped > 0:
        assert got.precision == pytest.approx(recall / (recall + dropped))
    if recall > 0:
        assert got.f1 == pytest.approx(2 / (1 / got.precision + 1 / got.recall))
    else:
        assert got.f1 == 0


@given(sets())
def test_the_area_is_the_chance_of_the_right_order(cases: list[Judged]) -> None:
    pairs = [(bad.badness, good.badness) for bad in of(cases, CLEAR) for good in of(cases, CLEAN)]
    area, (low, high) = area_under_curve(cases)
    assert area == pytest.approx(np.mean([(bad > good) + (bad == good) / 2 for bad, good in pairs]))
    assert 0 <= low <= high <= 1


@given(sets())
def test_intervals_are_shares_and_no_figure_is_missing_that_can_be_told(cases: list[Judged]) -> None:
    for low, high in intervals(cases).values():
        assert 0 <= low <= high <= 1
    found = {figure.name: figure for figure in figures(cases, TARGETS["blur"])}
    assert {"recall", "F1", "clean dropped"} <= set(found)
    assert found["F1"].met == (found["F1"].value >= 0.95)
    assert found["clean dropped"].met == (found["clean dropped"].value <= 0.02)


def test_of_clean_images_alone_only_the_dropped_are_told() -> None:
    assert [figure.name for figure in figures([judged(0, CLEAN, 0.5), judged(1, CLEAN, 2)])] == ["clean dropped"]
    with pytest.raises(ValueError, match="needs clear defects and clean images"):
        area_under_curve([judged(0, CLEAN, 0.5)])


def test_intervals_narrow_with_more_sources_not_with_more_cases_of_one() -> None:
    def width(sources: int, cases: int) -> float:
        made = [judged(s, CLEAR, 2.0 if s % 2 else 0.5) for s in range(sources) for _ in range(cases)]
        low, high = intervals(made + [judged(s, CLEAN, 0.5) for s in range(sources)])["recall"]
        return high - low

    assert width(10, 20) == pytest.approx(width(10, 1), abs=0.01)
    assert width(160, 1) < 0.4 * width(10, 1)


def test_where_all_agree_the_interval_is_that_of_as_many_sources() -> None:
    cases = [judged(s, grade, 2.0 if grade == CLEAR else 0.5) for s in range(20) for grade in (CLEAR, CLEAN) * 3]
    found = intervals(cases)
    assert found["recall"] == wilson(20, 20)
    assert found["dropped"] == wilson(0, 20)
    assert found["f1"][0] < 1
    assert area_under_curve(cases) == (1.0, wilson(20, 20))


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (9, 10, 0.5958, 0.9821)]
)
def test_wilson_as_in_the_tables(hits: int, count: int, low: float, high: float) -> None:
    assert wilson(hits, count) == pytest.approx((low, high), abs=1e-4)


def test_badness_is_one_at_the_threshold_and_more_beyond() -> None:
    entropy, watermark = Entropy(min_bits=2.0), Watermark(max_score=0.5)
    least, most = entropy.limits[0].signal, watermark.limits[0].signal
    assert badness(entropy, {least: 2.0}) == 1
    assert badness(entropy, {least: 1.0}) == 2
    assert badness(watermark, {most: 0.75}) == 1.5
    assert badness(watermark, {most: float("nan")}) == 0


def test_the_best_cut_drops_no_more_clean_images_than_it_may() -> None:
    rng = np.random.default_rng(0)
    cases = [judged(n, CLEAR, value) for n, value in enumerate(rng.normal(2, 0.5, 300))]
    cases += [judged(n, CLEAN, value) for n, value in enumerate(rng.normal(1, 0.5, 300))]
    cut = best_cut(cases)
    assert rates(cases, cut).dropped <= 0.02
    assert rates(cases, cut).recall > 0.4
    assert all(
        rates(cases, other).f1 <= rates(cases, cut).f1 + 0.02 or rates(cases, other).dropped > 0.02
        for other in np.linspace(0.5, 3, 21)
    )


def test_a_row_a_kind_and_those_that_cases_also_are_of_after_them() -> None:
    cases = [judged(0, CLEAN, 2), judged(0, CLEAR, 2, "b", ("all",)), judged(1, CLEAR, 0.5, "c", ("all",))]
    assert [(row.kind, row.grade, row.found, row.of) for row in rows(cases)] == [
        ("b", CLEAR, 1, 1),
        ("c", CLEAR, 0, 1),
        ("all", CLEAR, 1, 2),
        ("kind", CLEAN, 1, 1),
    ]
