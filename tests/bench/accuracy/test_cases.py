"""What is drawn: the same every time, of every kind, in the languages it is said to be in."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from bench.accuracy import measure, nsfw, watermark
from bench.accuracy.figures import CLEAN, CLEAR, Case
from bench.accuracy.lettering import artist
from bench.accuracy.shirt import shirt
from bench.accuracy.sources import HALVES, find, share
from bench.watermark.samples import part_of
from filters.image import Image


@pytest.fixture(scope="module")
def marked() -> list[Case]:
    sources = share(measure.half("watermark", find([]), measure.HELD), 8)
    return list(measure.cases("watermark", sources, artist(())))


def test_every_kind_of_watermark_in_every_way(marked: list[Case]) -> None:
    kinds = Counter(case.kind for case in marked if case.grade == CLEAR)
    assert {*watermark.NAMES.values()} <= set(kinds)
    also = Counter(name.removesuffix(", of any kind") for case in marked for name in case.also)
    assert {"English", "Chinese", "small", "large", "opacity under 0.3", "opacity 0.3 to 0.7"} <= set(also)
    assert {"T-shirts", "pictures as they are", *watermark.LETTERING.values()} == {
        case.kind for case in marked if case.grade == CLEAN
    }


def test_the_same_cases_every_time(marked: list[Case]) -> None:
    source = next(source for source in find([]) if source.name == marked[0].source)
    again = list(measure.cases("watermark", [source], artist(())))
    assert again == marked[: len(again)]


def test_the_watermark_detectors_own_parts_are_kept() -> None:
    sources = find([])
    held, tune = (measure.half("watermark", sources, half) for half in (measure.HELD, measure.TUNE))
    assert {part_of(source.path.name) for source in held} == {"test"}
    assert {part_of(source.path.name) for source in tune} == {"validation"}


def test_halves_and_shares_go_by_name() -> None:
    sources = find([])
    assert {source.half for source in sources} == set(HALVES)
    part = share(sources, 4)
    assert len(sources) / 8 < len(part) < len(sources) / 2
    assert share(sources[::2], 4) == [source for source in sources[::2] if source in part]


def test_a_shirt_lies_over_the_middle_and_has_words_on_it() -> None:
    rng = np.random.default_rng(1)
    scene = rng.integers(0, 256, (480, 640, 3), dtype=np.uint8)
    worn = shirt(rng, artist(()), scene)
    edges = cv2.Laplacian(cv2.cvtColor(worn, cv2.COLOR_RGB2GRAY), cv2.CV_32F)
    assert (worn[:, :40] == scene[:, :40]).all()
    assert (worn[:60] == scene[:60]).all()
    words, hem = edges[180:320, 200:440], edges[380:470, 200:440]
    assert abs(words).max() > 2 * abs(hem).max()
    assert worn[380:470, 200:440].std(axis=(0, 1)).max() < 30


def test_skin_tones_are_those_of_the_scale() -> None:
    source = next(source for source in find([]) if source.name == "ski_astronaut")
    for tones in nsfw.TONES.values():
        toned = nsfw.toned(source.pixels, tones[-1])
        assert list(np.median(toned, axis=(0, 1))) == pytest.approx([*bytes.fromhex(tones[-1])], abs=1)
        assert toned.min() < 10
        assert toned.max() > 245


@pytest.mark.parametrize("name", ["blur", "exposure", "entropy", "nsfw", "text_density"])
def test_cases_are_images_with_known_grades(name: str) -> None:
    source = next(source for source in find([]) if source.group == "camera")
    made = list(measure.cases(name, [source], artist(())))
    assert len(made) >= 4
    assert CLEAN in {case.grade for case in made}
    assert all(Image(case.data).pixels().size for case in made)
