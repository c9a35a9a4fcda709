"""Figures of tools that merge, and other tools where they are installed (they are not in the tests' environment)."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.accuracy import peers
from bench.accuracy.dedup import pair
from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case, Judged
from bench.accuracy.measure import merging
from bench.accuracy.results import named
from bench.accuracy.sources import find, jpeg
from bench.accuracy.summary import DROPPED, PAIRS, RECALL, TARGETS


def copy(source: str, kind: str, grade: str, merged: bool) -> Judged:
    return pair(Case(source, kind, grade, b""), merged)


def test_copies_are_found_and_false_pairs_are_counted() -> None:
    different = [Case(f"{name}{what}", what or "original", CLEAN, b"") for name in "abcd" for what in ("", " sky")]
    copies = [copy(name, "tone", CLEAR, name != "a") for name in "abcd"]
    copies += [copy(name, "mirrored", WEAK, False) for name in "abcd"]
    judged, found = merging(copies, different, [(different[0], different[3])], TARGETS["dedup"])
    assert len(judged) == 16
    assert {case.source for case in judged} == set("abcd")
    figures = {figure.name: figure for figure in found}
    assert figures[RECALL].value == 0.75
    assert figures[DROPPED].value == 2 / 8
    assert figures[PAIRS].value == 125
    assert figures[PAIRS].low < 125 < figures[PAIRS].high
    assert figures[PAIRS].met is False


def test_larger_crops_have_a_figure_of_their_own() -> None:
    copies = [copy(name, "tone", CLEAR, True) for name in "ab"]
    copies += [copy(name, "cropped by 5%", WEAK, False) for name in "ab"]
    _, found = merging(copies, [Case(name, "original", CLEAN, b"") for name in "ab"], [])
    assert [figure.value for figure in found if figure.name.startswith(RECALL)] == [1.0, 0.5]
    none = named(found, PAIRS)
    assert none is not None
    assert none.value == none.low == 0 < none.high


@pytest.mark.parametrize("name", ["cleanvision", "imagededup"])
def test_a_peer_merges_a_picture_with_its_copy(name: str) -> None:
    if peers.python(name) is None:
        pytest.skip(f"{name} is not installed")
    one, other = (source for source in find([]) if source.name in ("ski_astronaut", "ski_coffee"))
    small = np.asarray(cv2.resize(one.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    assert peers.merged(name, [one.data, other.data, jpeg(small)]) == {(0, 2)}


def test_a_peer_judges_each_image() -> None:
    if peers.python("cleanvision") is None:
        pytest.skip("cleanvision is not installed")
    source = next(source for source in find([]) if source.name == "ski_astronaut")
    dark = (source.pixels // 30).astype(np.uint8)
    assert peers.verdicts("exposure", [source.data, jpeg(dark)]) == [False, True]
