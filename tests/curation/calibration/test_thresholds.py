"""The sample lies where it should, thresholds part it, and the proposal keeps its rule."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.calibration.choice import Choice, choose
from curation.calibration.intervals import wilson
from curation.calibration.labels import DROP, KEEP, SKIP
from curation.calibration.sample import BANDS, Item, Sample, allot, bands_of, draw
from curation.calibration.thresholds import propose, thresholds
from curation.mistake import SettingsError
from filters.abnormal import Abnormal
from filters.base import Filter
from filters.blur import Blur
from filters.exposure import Exposure


def choice_of(stage: Filter, field: str, output: str = "", before: tuple[str, ...] = ()) -> Choice:
    return Choice(output, {}, stage, next(limit for limit in stage.limits if limit.field == field), before)


def sample_of(values: list[float], bands: list[int] | None = None, more: list[float] | None = None) -> Sample:
    """A sample of these signals; without `bands` of one. Each band has `more` images that were not drawn."""
    places = bands or [0] * len(values)
    items = [Item(0, n, str(n), None, value, places[n]) for n, value in enumerate(values)]
    of = [[item.value for item in items if item.band == band] + (more or []) for band in range(max(places) + 1)]
    return Sample(tuple(items), tuple(np.array(band) for band in of))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12), st.integers(1, 300))
def test_allot(sizes: list[int], count: int) -> None:
    given = list(allot(sizes, count))
    assert sum(given) == min(count, sum(sizes))
    assert all(0 <= some <= size for some, size in zip(given, sizes, strict=True))
    short = [some for some, size in zip(given, sizes, strict=True) if some < size]
    assert not short or max(given) - min(short) <= 1


@given(st.lists(st.floats(0, 100), min_size=1, max_size=300), st.floats(0, 100))
def test_bands_part_all_images_by_distance(values: list[float], bound: float) -> None:
    known = np.array(values)
    bands = bands_of(known, known < bound, bound, np.random.default_rng(0))
    assert len(bands) == 2 * BANDS
    assert sorted(int(at) for band in bands for at in band) == list(range(len(values)))
    for side in (bands[:BANDS], bands[BANDS:]):
        gaps = [abs(known[band] - bound) for band in side if len(band)]
        assert all(near.max() <= far.min() for near, far in pairwise(gaps))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The signals of a run of 4,000 images in two parts: a hundred each dropped by others, or not measured."""
    chance = np.random.default_rng(1)
    for part in range(2):
        fate: list[str | None] = ["entropy"] * 100 + [None] * 1900
        values = chance.uniform(0, 100, 2000)
        values[100:200] = np.nan
        rows = {
            "key": [f"{part}/{row}" for row in range(2000)],
            "sha256": [f"{part}{row:05}" for row in range(2000)],
            "dropped_by": fate,
            "blur.sharpness": values,
        }
        (tmp_path / "signals").mkdir(exist_ok=True)
        pq.write_table(pa.table(rows), tmp_path / "signals" / f"part-{part:06}.parquet")
    return tmp_path


def test_a_sample_is_dense_near_the_threshold_and_reaches_all(output: Path) -> None:
    choice = choice_of(Blur(min_sharpness=30.0), "min_sharpness", str(output), ("entropy",))
    sample = draw(choice, 200, 0)
    assert sample.population == 3600
    values = np.array([item.value for item in sample.items])
    assert len({item.key for item in sample.items}) == 200
    assert all(item.row >= 200 and item.key == f"{item.part}/{item.row}" for item in sample.items)
    assert all(item.sha256 == f"{item.part}{item.row:05}" for item in sample.items)
    assert 95 <= (values < 30).sum() <= 105
    assert (abs(values - 30) < 5).mean() > 3 * 0.1  # a tenth of all images lie there
    assert values.min() < 10
    assert values.max() > 80
    first = [item.band for item in sample.items[:50]]  # who stops early has seen all bands
    assert {first.count(band) for band in range(2 * BANDS)} <= {4, 5, 6}
    assert draw(choice, 200, 0).items == sample.items
    assert draw(choice, 200, 1).items != sample.items
    assert {item.key for item in draw(choice, 9, 0, {"0/300", "1/400", "0/5"}).items} == {"0/300", "1/400"}


def test_weights_undo_the_density(output: Path) -> None:
    """A person who drops all below 40: precision and recall come near those of all 3,600 images."""
    choice = choice_of(Blur(min_sharpness=30.0), "min_sharpness", str(output), ("entropy",))
    sample = draw(choice, 200, 0)
    known = thresholds(choice, sample, [DROP if item.value < 40 else KEEP for item in sample.items])
    values, inside = np.concatenate(sample.bands), []
    for one in known:
        gone = values < one.at
        assert one.drops == gone.sum()
        assert one.recall is not None
        true = (gone & (values < 40)).sum() / (values < 40).sum()
        assert one.recall.value == pytest.approx(true, abs=0.08)
        inside.append(one.recall.low <= true <= one.recall.high)
    assert np.mean(inside) > 0.9
    best = propose(choice, known, None)
    assert best is not None
    assert best.at == pytest.approx(40, abs=2)


def test_skipped_images_count_in_nothing() -> None:
    choice = choice_of(Blur(min_sharpness=3.0), "min_sharpness")
    sample = sample_of([1.0, 2.0, 3.0, 4.0])
    known = thresholds(choice, sample, [DROP, SKIP, None, KEEP])
    assert [(one.at, one.f1) for one in known] == [(3.0, 1.0)]
    assert known[0].precision == wilson(1, 1)


def test_thresholds_part_neighbours_on_either_kind_of_limit() -> None:
    values = [0.12, 0.1301, 0.2, 0.2, 0.9]
    labels: list[str | None] = [KEEP] * 5
    low = choice_of(Exposure(min_contrast=0.5), "min_contrast")
    high = choice_of(Exposure(max_clipped=0.5), "max_clipped")
    for choice in (low, high):
        assert [one.at for one in thresholds(choice, sample_of(values), labels)] == [0.13, 0.17, 0.5]
    assert [one.drops for one in thresholds(low, sample_of(values), labels)] == [1, 2, 4]
    assert [one.drops for one in thresholds(high, sample_of(values), labels)] == [4, 3, 1]


def test_whole_thresholds_stay_whole() -> None:
    choice = choice_of(Abnormal(), "max_codes")
    known = thresholds(choice, sample_of([0, 1, 1, 3]), [KEEP, KEEP, KEEP, DROP])
    assert [one.at for one in known] == [0, 1]
    best = propose(choice, known, None)
    assert best is not None
    assert best.at == 1


def test_a_threshold_that_the_filter_refuses_is_none() -> None:
    choice = choice_of(Exposure(max_blown=0.5), "max_blown")
    known = thresholds(choice, sample_of([0.2, 0.8, 3.0, 4.0]), [KEEP, DROP, DROP, DROP])
    assert [one.at for one in known] == [0.5]


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([DROP, KEEP, SKIP, None]), st.integers(0, 2)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([None, 0.5, 0.9, 1.0]),
)
def test_the_proposal_keeps_its_rule(labelled: list[tuple[float, str | None, int]], target: float | None) -> None:
    choice = choice_of(Exposure(max_clipped=0.5), "max_clipped")
    sample = sample_of([value for value, _, _ in labelled], [band for *_, band in labelled], [0.1, 0.6])
    known = thresholds(choice, sample, [label for _, label, _ in labelled])
    best = propose(choice, known, target)
    assert [one.at for one in known] == sorted({one.at for one in known})
    assert choice.bound in [one.at for one in known]
    found = [one.recall.value for one in known if one.recall]
    assert found == pytest.approx(sorted(found, reverse=True))  # who drops more finds no less
    fit = [one for one in known if one.f1 and one.precision and one.precision.value >= (target or 0)]
    if best is None:
        assert not fit
    elif target is None:
        assert best.f1 == pytest.approx(max(one.f1 for one in known))
    else:
        assert best in fit
        assert best.recall is not None
        assert best.recall.value == pytest.approx(max(one.recall.value for one in fit if one.recall))


@pytest.mark.parametrize(
    ("stage", "told"), [("dedup", "dedup decides on pairs"), ("category", "category sorts what is")]
)
def test_stages_without_a_threshold_say_why(stage: str, told: str, tmp_path: Path) -> None:
    record = {"command": "run", "status": "complete", "recipe": {"input": "in", "output": "out", "stages": [stage]}}
    (tmp_path / "run.json").write_text(json.dumps(record))
    with pytest.raises(SettingsError, match=told):
        choose(str(tmp_path), stage)
