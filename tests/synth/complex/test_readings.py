"""Lines out of places of characters: all of the text, cells that tile their line, nothing that hangs."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from synth.complex.fitting import texts
from synth.complex.readings import lines
from synth.complex.setting import setting
from tests.synth.complex.plates import plate_of, saying

PLATE = plate_of(saying("It is 3 o'clock, and all is well.", lines=4))
(PART,) = texts(PLATE.panes[0].root)
assert PART.words is not None
WORDS = PART.words
HOW = setting(PART)


def places(breaks: set[int]) -> list[tuple[float, float, float, float]]:
    """Characters 10 pixels long, one after the other, a new line before each of `breaks`."""
    found, along, across = [], 0.0, 100.0
    for number in range(len(HOW.clusters)):
        if number in breaks:
            along, across = 0.0, across + 1.2 * HOW.size
        found.append((along, across, 10.0, HOW.size))
        along += 10
    return found


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, len(HOW.clusters) - 1), max_size=6))
def test_lines_are_the_text_and_cells_tile_them(breaks: set[int]) -> None:
    found = lines(WORDS, HOW, places(breaks))
    bounds = [0, *sorted(breaks), len(HOW.clusters)]
    wanted = ["".join(each.text for each in HOW.clusters[a:b]).rstrip() for a, b in pairwise(bounds)]
    assert [line.text for line in found] == [text for text in wanted if text]
    for line in found:
        assert "".join(char.text for char in line.chars) == line.text
        quads = [char.quad for char in line.chars]
        assert quads[0][0] == line.quad[0]
        assert quads[-1][2] == line.quad[2]
        assert all(one[2] == other[0] for one, other in pairwise(quads))
        assert all((quad[1], quad[5]) == (line.quad[1], line.quad[5]) for quad in quads)


def test_a_line_is_as_high_as_its_ink() -> None:
    (line,) = lines(WORDS, HOW, places(set()))
    baseline = 100 + HOW.size
    assert line.quad[1] < baseline - 0.6 * HOW.size
    assert baseline < line.quad[5] < baseline + 0.3 * HOW.size


def test_what_has_no_place_is_in_no_line() -> None:
    given_places: list = [*places(set())]
    given_places[5] = None
    (line,) = lines(WORDS, HOW, given_places)
    assert len(line.chars) == len(HOW.clusters) - 1
