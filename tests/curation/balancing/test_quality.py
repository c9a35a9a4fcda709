from __future__ import annotations

from pathlib import Path

import pytest

from curation.balancing.quality import SCALES, quality, signals
from curation.shards.plan import make_plan
from filters.registry import FILTERS
from tests.curation.balancing.made import COUNTS, run, sharpness


def test_more_pixels_are_better_up_to_the_largest_training_size() -> None:
    assert quality(664, 664, {}) == 0.5
    assert quality(100, 100, {}) < quality(200, 100, {}) < quality(1328, 1328, {}) == quality(5000, 4000, {}) == 1


def test_signals_count_from_worst_to_best() -> None:
    best = {name: best for name, (_, best) in SCALES.items()}
    assert quality(1328, 1328, best) == 1
    for name, (worst, good) in SCALES.items():
        halfway = best | {name: (worst + good) / 2}
        assert quality(1328, 1328, halfway) == pytest.approx(0.9)
        beyond = best | {name: worst + (worst - good)}
        assert quality(1328, 1328, beyond) == quality(1328, 1328, best | {name: worst}) == pytest.approx(0.8)


def test_signals_are_those_that_the_filters_measure() -> None:
    there = {f"{name}.{signal.name}" for name, kind in FILTERS.items() for signal in kind.signals}
    assert SCALES.keys() <= there


def test_what_was_not_measured_does_not_count() -> None:
    assert quality(664, 664, {"blur.sharpness": None, "compression.quality": 50.0}) == 0.5


@pytest.mark.parametrize("measured", [True, False])
def test_signals_are_those_of_the_run_before(tmp_path: Path, measured: bool) -> None:
    units = make_plan(str(run(tmp_path / "run", measured))).units
    found = {key: value for unit in units for key, value in signals(unit).items()}
    assert len(found) == (sum(COUNTS.values()) + 1 if measured else 0)
    if measured:
        assert found["Nature-food-none-039"] == {"blur.sharpness": sharpness(39)}
