"""Statistics of runs: against brute force, and summed in any order and any cut."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.statistics import BINS, EXAMPLES, Histogram, Statistics, locate, statistics_of_run, wanted
from filters.base import AtLeast, AtMost, Filter, Signal


@dataclass(frozen=True)
class Twins(Filter):
    """Drops copies."""

    max_distance: float = 8

    name = "twins"
    signals = (Signal("distance", 0, 64, "bits"),)
    limits = ()


@dataclass(frozen=True)
class Light(Filter):
    """Drops what is too dark or too bright."""

    min_luma: float = 40.0
    max_luma: float = 200.0
    max_clipped: float = 0.5

    name = "light"
    signals = (Signal("luma", 0, 255, "mean luma"), Signal("clipped", 0, 1, "share clipped"))
    limits = (
        AtLeast("luma", "min_luma", "it is dark"),
        AtMost("luma", "max_luma", "it is bright"),
        AtMost("clipped", "max_clipped", "it is clipped"),
    )


@dataclass(frozen=True)
class Detail(Filter):
    """Drops what has no detail."""

    min_bits: float = 2.0

    name = "detail"
    signals = (Signal("bits", 0, 8, "bits a pixel"),)
    limits = (AtLeast("bits", "min_bits", "it is empty"),)


relaxed = settings(deadline=None, max_examples=60)
STAGES = (Twins(), Light(), Detail())
COLUMNS = [f"{stage.name}.{signal.name}" for stage in STAGES for signal in stage.signals]
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("key", "source", "format", "sha256", "dropped_by", "reason", "duplicate_of")]
    + [("bytes", pa.int64()), ("width", pa.int32()), ("height", pa.int32())]
    + [(name, pa.float64()) for name in COLUMNS]
)
REJECTS = pa.schema([(name, pa.string()) for name in ("key", "source", "stage", "error", "message")])


def image(key: str, luma: float, clipped: float = 0.1, bits: float = 5.0, twin: str | None = None) -> dict[str, Any]:
    """One row of the signals table, judged with early exit as a run judges it."""
    row: dict[str, Any] = {"key": key, "source": "a.tar", "format": "JPEG", "bytes": 1000, "width": 640, "height": 480}
    if twin is not None:
        return row | {
            "twins.distance": bits,
            "dropped_by": "twins",
            "reason": f"a copy of {twin}",
            "duplicate_of": twin,
        }
    for stage, measured in ((STAGES[1], {"luma": luma, "clipped": clipped}), (STAGES[2], {"bits": bits})):
        row |= {f"{stage.name}.{name}": value for name, value in measured.items()}
        if reason := stage.verdict(measured):
            return row | {"dropped_by": stage.name, "reason": reason}
    return row


def unreadable(key: str) -> dict[str, Any]:
    return {"key": key, "source": "a.tar", "bytes": 9, "dropped_by": "decode", "reason": "cannot be read"}


def failed(key: str) -> dict[str, Any]:
    return image(key, 100.0) | {"detail.bits": None, "dropped_by": "detail", "reason": "cannot be measured"}


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, SCHEMA)


def rejects(rows: list[dict[str, Any]], error: str = "Truncated") -> pa.Table:
    lines = [
        {"key": row["key"], "source": "a.tar", "stage": row["dropped_by"], "error": error, "message": row["reason"]}
        for row in rows
    ]
    return pa.Table.from_pylist(lines, REJECTS)


values = st.one_of(st.floats(-10, 300), st.sampled_from([0.0, 40.0, 200.0, 255.0, math.nan, math.inf, -math.inf]))
shares = st.one_of(st.floats(0, 1), st.just(0.5), st.just(math.nan))


@st.composite
def signals(draw: st.DrawFn) -> list[dict[str, Any]]:
    kind = st.sampled_from(["image", "image", "image", "unreadable", "failed", "twin"])
    rows = []
    for number, what in enumerate(draw(st.lists(kind, max_size=40))):
        key = f"{draw(st.sampled_from('abc'))}{number}"
        if what == "image":
            rows.append(image(key, draw(values), draw(shares), draw(st.floats(0, 9))))
        elif what == "twin":
            rows.append(image(key, 0, bits=draw(st.sampled_from([-2.0, 0.0, 3.0, 8.0])), twin="kept"))
        else:
            rows.append(unreadable(key) if what == "unreadable" else failed(key))
    return rows


def brute_force(rows: list[dict[str, Any]], at: int, column: str, low: float, high: float) -> tuple[list[int], ...]:
    order = ["decode", *(stage.name for stage in STAGES), None]
    counts, missing = ([0] * BINS, [0] * BINS), 0
    for row in rows:
        left = order.index(row.get("dropped_by"))
        value = row.get(column)
        if left <= at:
            continue
        if value is None or math.isnan(value):
            missing += 1
            continue
        place = (min(max(value, low), high) - low) / (high - low) * BINS
        counts[left == at + 1][min(int(place), BINS - 1)] += 1
    return counts[0], counts[1], [missing]


@relaxed
@given(signals())
def test_histograms_equal_brute_force(rows: list[dict[str, Any]]) -> None:
    statistics = Statistics.of(table(rows), 0, STAGES)
    for at, stage in enumerate(STAGES):
        for signal in stage.signals:
            column = f"{stage.name}.{signal.name}"
            histogram = statistics.signals[column]
            counted = brute_force(rows, at, column, signal.low, signal.high)
            assert (list(histogram.passed), list(histogram.dropped), [histogram.missing]) == counted


@relaxed
@given(signals(), signals())
def test_addition_commutes_and_has_a_zero(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    a, b = Statistics.of(table(one), 0, STAGES), Statistics.of(table(other), 1, STAGES)
    a += Statistics.of_rejects(rejects([row for row in one if row.get("dropped_by") in ("decode", "detail")]), STAGES)
    assert a + b == b + a
    assert a + Statistics.empty(STAGES) == a


def renumbered(statistics: Statistics, starts: list[int]) -> Statistics:
    """With (part, row) as they are when all parts are one table."""

    def moved(example):  # type: ignore[no-untyped-def]
        return replace(example, part=0, row=starts[example.part] + example.row)

    return replace(
        statistics,
        closest={
            limit: replace(c, kept=tuple(map(moved, c.kept)), dropped=tuple(map(moved, c.dropped)))
            for limit, c in statistics.closest.items()
        },
        pairs={s: tuple(replace(p, dropped=moved(p.dropped)) for p in pairs) for s, pairs in statistics.pairs.items()},
    )


@relaxed
@given(signals(), st.lists(st.integers(0, 40), max_size=4), st.randoms())
def test_parts_merge_to_the_whole_in_any_order(rows: list[dict[str, Any]], cuts: list[int], random: Any) -> None:
    rows = [row | {"key": f"{row['key']}-{number}"} for number, row in enumerate(rows)]
    borders = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    parts = [Statistics.of(table(rows[start:end]), part, STAGES) for part, (start, end) in enumerate(pairwise(borders))]
    random.shuffle(parts)
    merged = renumbered(reduce(add, parts), borders)
    assert merged == Statistics.of(table(rows), 0, STAGES)


@relaxed
@given(signals())
def test_the_funnel_conserves_images(rows: list[dict[str, Any]]) -> None:
    lost = [row for row in rows if row["reason" if "reason" in row else "key"].startswith("cannot be")]
    statistics = Statistics.of(table(rows), 0, STAGES) + Statistics.of_rejects(rejects(lost), STAGES)
    read = len(rows) - sum(row.get("dropped_by") == "decode" for row in rows)
    for step in statistics.funnel:
        gone = [row for row in rows if row.get("dropped_by") == step.stage]
        assert step.read == read
        assert step.failed == sum(row["reason"] == "cannot be measured" for row in gone)
        assert step.dropped == len(gone) - step.failed
        assert step.kept == step.read - step.dropped - step.failed
        read = step.kept
    assert read == statistics.kept == sum(row.get("dropped_by") is None for row in rows)
    assert statistics.total == len(rows)


def test_values_on_a_bin_border_and_outside_the_range() -> None:
    inside = np.array([0.0, 0.5, 1.0, -5.0, 7.0, math.nan, math.inf])
    histogram = Histogram.of(0.0, 1.0, inside, np.zeros(7, bool))
    assert histogram.passed[0] == 2  # 0 and -5
    assert histogram.passed[BINS // 2] == 1
    assert histogram.passed[-1] == 3  # 1, 7 and infinity
    assert (histogram.count, histogram.missing, histogram.minimum, histogram.maximum) == (6, 1, -5.0, math.inf)


@relaxed
@given(st.lists(st.floats(-100, 300), min_size=1, max_size=200), st.floats(0, 1))
def test_mean_and_quantile(numbers: list[float], share: float) -> None:
    histogram = Histogram.of(0.0, 255.0, np.array(numbers), np.zeros(len(numbers), bool))
    assert histogram.mean == pytest.approx(np.mean(numbers), abs=1e-6)
    about, exact = histogram.quantile(share), float(np.quantile(numbers, share, method="inverted_cdf"))
    assert about is not None
    if 4 <= exact < 251:  # within one bin, away from the end bins
        assert abs(about - exact) <= 255 / BINS + 1e-9
    else:
        assert min(numbers) <= about <= max(numbers)


def test_the_closest_images_stand_on_their_side_nearest_first_ties_by_key() -> None:
    rows = [image(f"dark{luma:02d}", luma) for luma in range(40)] + [
        image(f"fine{luma}", luma) for luma in range(40, 99)
    ]
    rows += [image("z", 40.0), image("a", 40.0), image("clipped", 39.0, clipped=0.9), image("only clipped", 90.0, 0.9)]
    closest = Statistics.of(table(rows), 3, STAGES).closest
    luma = closest["light.luma", "min_luma"]
    assert [e.key for e in luma.kept] == ["a", "fine40", "z", "fine41", "fine42", "fine43", "fine44", "fine45"]
    assert [e.key for e in luma.dropped[:3]] == ["clipped", "dark39", "dark38"]
    assert len(luma.kept) == len(luma.dropped) == EXAMPLES
    assert (luma.bound, luma.count) == (40.0, 41)
    first = luma.dropped[1]
    assert (first.part, first.row, first.value, first.fate) == (3, 39, 39.0, "light")
    assert first.reason == "luma 39 is below min_luma 40: it is dark"
    # an image that crosses two limits belongs to the first
    assert [e.key for e in closest["light.clipped", "max_clipped"].dropped] == ["only clipped"]


def test_an_image_passed_here_and_dropped_later_says_so() -> None:
    statistics = Statistics.of(table([image("flat", 100.0, bits=1.0)]), 0, STAGES)
    assert [(e.key, e.fate) for e in statistics.closest["light.luma", "min_luma"].kept] == [("flat", "detail")]
    assert [e.key for e in statistics.closest["detail.bits", "min_bits"].dropped] == ["flat"]


def test_the_pairs_that_differ_most_are_shown_whatever_the_cut() -> None:
    distances = [3, -2, 8, 0, 5, 8, 1, 7, 2, 6, 4]
    rows = [image(f"{'zyxwvutsrqp'[n]}.jpg", 0, bits=d, twin="kept.jpg") for n, d in enumerate(distances)]
    parts = Statistics.of(table(rows[:4]), 0, STAGES) + Statistics.of(table(rows[4:]), 1, STAGES)
    assert [pair.dropped.value for pair in parts.pairs["twins"]] == [8, 8, 7, 6, 5, 4, 3, 2]
    assert [pair.dropped.key for pair in parts.pairs["twins"][:2]] == ["u.jpg", "x.jpg"]  # a tie, by key


def test_a_cause_is_shown_by_its_smallest_key() -> None:
    one = Statistics.of_rejects(rejects([unreadable("m"), unreadable("c")]), STAGES)
    other = Statistics.of_rejects(rejects([unreadable("b"), unreadable("x")]), STAGES)
    cause = (one + other).causes["decode", "Truncated"]
    assert (cause.count, cause.key) == (4, "b")


def test_an_unknown_stage_is_refused() -> None:
    with pytest.raises(ValueError, match="dropped by colour"):
        Statistics.of(table([image("a", 100.0) | {"dropped_by": "colour"}]), 0, STAGES)


def test_statistics_of_different_recipes_are_not_summed() -> None:
    with pytest.raises(ValueError, match="cannot be summed"):
        Statistics.empty(STAGES) + Statistics.empty(STAGES[:1])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A run of three parts; the copy that stands for a duplicate of part 0 lies in part 7."""
    parts = {
        0: [image("a.jpg", 100.0), image("copy.jpg", 0, bits=6.0, twin="kept.jpg"), unreadable("cut.jpg")],
        2: [image(f"{n}.jpg", float(n)) for n in range(60)],
        7: [image("b.jpg", 220.0), failed("odd.jpg"), image("kept.jpg", 250.0)],
    }
    for folder in ("signals", "rejects"):
        (tmp_path / folder).mkdir()
    for part, rows in parts.items():
        pq.write_table(table(rows), tmp_path / f"signals/part-{part:06d}.parquet")
    pq.write_table(rejects([unreadable("cut.jpg")]), tmp_path / "rejects/part-000000.parquet")
    pq.write_table(rejects([failed("odd.jpg")], "RuntimeError"), tmp_path / "rejects/part-000007.parquet")
    return tmp_path


def test_a_run_is_summed_over_its_parts(out: Path) -> None:
    statistics = statistics_of_run(str(out), STAGES)
    assert (statistics.total, statistics.unreadable, statistics.kept) == (66, 1, 21)
    assert [(s.stage, s.read, s.dropped, s.failed, s.kept) for s in statistics.funnel] == [
        ("twins", 65, 1, 0, 64),
        ("light", 64, 42, 0, 22),
        ("detail", 22, 0, 1, 21),
    ]
    assert {limit: cause.count for limit, cause in statistics.causes.items()} == {
        ("decode", "Truncated"): 1,
        ("detail", "RuntimeError"): 1,
    }
    assert statistics.formats == {"JPEG": 65}


def test_the_kept_copy_of_a_duplicate_is_found_in_another_part(out: Path) -> None:
    (pair,) = statistics_of_run(str(out), STAGES).pairs["twins"]
    assert (pair.dropped.key, pair.dropped.value, pair.original) == ("copy.jpg", 6.0, "kept.jpg")
    assert pair.copy is not None
    assert (pair.copy.part, pair.copy.row, pair.copy.fate) == (7, 2, "light")


def test_wanted_names_each_image_once_by_its_place(out: Path) -> None:
    places = wanted(statistics_of_run(str(out), STAGES))
    assert len(places) == len(set(places))
    assert {(0, 1, "copy.jpg"), (7, 2, "kept.jpg"), (2, 40, "40.jpg"), (2, 39, "39.jpg")} <= set(places)
    for part, row, key in places:
        assert pq.read_table(out / f"signals/part-{part:06d}.parquet")["key"][row].as_py() == key


def test_locate_leaves_out_what_is_not_there(out: Path) -> None:
    found = locate(str(out), {"b.jpg", "nowhere.jpg"})
    assert [(e.part, e.row) for e in found.values()] == [(7, 0)]


def test_a_folder_without_signals_has_empty_statistics(tmp_path: Path) -> None:
    assert statistics_of_run(str(tmp_path), STAGES) == Statistics.empty(STAGES)
