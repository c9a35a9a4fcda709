from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.complex.slide_stories import Story
from synth.complex.story_lines import Reader
from synth.sample import Discarded
from tests.synth.faces import LATIN, SANS

pytest.importorskip("pypdfium2")

from synth.complex.pdf_page import Piece

NAMED = {"F0000": LATIN, "F0001": SANS}
FRAME = (0.0, 0.0, 400.0, 300.0)


def piece(text: str, x: float, y: float, step: float = 20.0, font: str = "F0000", angle: float = 0.0) -> Piece:
    return Piece(text, tuple((x + step * at, y) for at in range(len(text))), font, 20.0, angle, "#102030")


def font(character: str) -> str:
    return "F0001" if character > "z" else "F0000"


def story(*paragraphs: str, within: str = "text", frame: tuple[float, ...] = FRAME, insets: float = 0.0) -> Story:
    return Story("slide 2", within, paragraphs, frame, insets=insets)  # type: ignore[arg-type]


def read(pieces: list[Piece], *stories: Story, asked: tuple = (LATIN, SANS)) -> Reader:
    reader = Reader(NAMED, asked)
    reader.read(pieces, stories)
    return reader


def test_lines_end_where_the_baseline_changes() -> None:
    one, two, three = read(
        [piece("ab ", 10, 50), piece("cd", 10, 75), piece("e", 10, 100)], story("ab cd", "e"), story("\u200b")
    ).lines
    assert [(line.text, line.spaced, line.last) for line in (one, two, three)] == [
        ("ab", True, False),
        ("cd", False, True),
        ("e", False, True),
    ]
    assert (one.cells[0][1][0], one.cells[0][1][2]) == (10, pytest.approx(10 + 20 * 0.414, abs=0.5))
    assert one.box[1] < 50 <= one.box[3]
    assert one.colour == "#102030"


def test_a_space_fills_the_gap_and_a_ligature_is_shared() -> None:
    ligature = Piece("fib", ((10.0, 50.0), (10.0, 50.0), (22.0, 50.0)), "F0000", 20.0, 0.0, "#000000")
    (line,) = read([ligature, piece("c", 60, 50)], story("fib c")).lines
    spans = {text: (x0, x1) for text, (x0, _, x1, _) in line.cells}
    assert spans["f"][0] == 10
    assert spans["f"][1] == pytest.approx(spans["i"][0])
    assert spans["i"][1] <= 22
    assert spans[" "] == (spans["b"][1], 60)


@given(st.text(alphabet="abcdefgh江南可采莲", min_size=1, max_size=30), st.integers(1, 29))
def test_whatever_is_drawn_is_told_once(text: str, at: int) -> None:
    """In two lines, each script in pieces of its own."""
    pieces = [
        piece(
            character, 10 + 20 * (number % at), 50 + 30 * (number // at), font="F0001" if character > "z" else "F0000"
        )
        for number, character in enumerate(text)
    ]
    lines = read(pieces, story(text)).lines
    assert [line.text for line in lines] == [text[first : first + at] for first in range(0, len(text), at)]
    assert [line.last for line in lines] == [False] * (len(lines) - 1) + [True]
    for line in lines:
        assert set(line.faces) == {NAMED[font(character)] for character in line.text}
        assert all(x0 <= x1 and y0 < y1 for _, (x0, y0, x1, y1) in line.cells)


def test_bullets_are_no_text() -> None:
    (line,) = read([piece("•", 10, 50), piece("item", 40, 50)], story("item")).lines
    assert line.text == "item"
    (line,) = read([piece("2.", 10, 50), piece("item", 60, 50)], story("item")).lines
    assert line.text == "item"
    with pytest.raises(Discarded, match="text differs"):
        read([piece("•", 10, 20), piece("item", 40, 50)], story("item"))


@pytest.mark.parametrize(
    ("pieces", "cause"),
    [
        ([piece("words", 10, 50)], "text differs"),
        ([piece("word", 10, 50), piece("more", 10, 80)], "text differs"),
        ([piece("wo", 10, 50)], "text differs"),
        ([], "text differs"),
        ([piece("word", 10, 50, angle=90)], "text differs"),
        ([piece("word", 10, 50, font="Arial")], "missing font"),
        ([piece("word", 10, 50, font="F0001")], "missing glyph"),
    ],
)
def test_what_was_not_asked_for_discards(pieces: list[Piece], cause: str) -> None:
    with pytest.raises(Discarded) as raised:
        read(pieces, story("word"), asked=(LATIN,))
    assert raised.value.cause == cause or not pieces


def test_a_character_that_its_face_has_not_discards() -> None:
    with pytest.raises(Discarded, match=r"missing glyph.*缺"):
        read([piece("缺", 10, 50)], story("缺"))


def test_composed_and_decomposed_are_the_same() -> None:
    (line,) = read([Piece("é", ((10.0, 50.0),), "F0000", 20.0, 0.0, "#000000")], story("e\u0301")).lines
    assert [text for text, _ in line.cells] == ["e\u0301"]


def test_labels_of_a_chart_are_parted_where_they_stand_apart() -> None:
    chart = story(within="chart")
    pieces = [
        piece("2013", 10, 50, 10, "F0001"),
        piece("年", 56, 50, 20, "F0001"),
        piece("2014", 90, 50, 10, "F0001"),
        piece("below", 10, 80),
        piece("outside", 500, 80),
    ]
    lines = read(pieces, chart, story("outside")).lines
    assert [line.text for line in lines] == ["2013年", "2014", "below", "outside"]
    assert [line.within for line in lines] == ["chart"] * 3 + ["text"]
    with pytest.raises(Discarded, match="turned label"):
        read([piece("up", 10, 50, angle=-90)], chart)


def test_a_cell_that_needs_more_than_it_has_makes_its_table_grow() -> None:
    cell = (0.0, 0.0, 100.0, 60.0)
    pieces = [piece("a", 10, 30), piece("b", 10, 56)]
    reader = read(pieces, story("a", "b", within="table", frame=cell, insets=10))
    assert reader.grown["slide 2"] == pytest.approx(26 + 20 * 1.305 + 10 - 60, abs=0.5)
