from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from pptx import Presentation
from pptx.util import Inches

from synth.complex.better_office import BetterOffice
from synth.complex.render import Drawing
from synth.complex.subset import subset
from synth.fonts import Face
from synth.sample import Discarded
from tests.synth.complex.decks import check_text_and_ink, ink, saved, text_deck
from tests.synth.faces import LATIN, SANS

WIDTH, HEIGHT = 800, 450


def drawn(text: str, face: Face, *, rotation: float = 0) -> Drawing:
    return BetterOffice().draw(text_deck(text, face, rotation), WIDTH, HEIGHT, {face: text})


@pytest.mark.parametrize(
    ("text", "face"), [("Efficient office AVATAR, jggy final", LATIN), ("江南可采莲，𠙶莲叶何田田", SANS)]
)
def test_boxes_hold_the_ink(text: str, face: Face) -> None:
    drawing = drawn(text, face)
    check_text_and_ink(drawing, text)
    for line in drawing.lines:
        assert [cell for cell, _ in line.cells] == list(line.text)
        edges = [box for _, box in line.cells]
        assert all(one[2] == pytest.approx(other[0], abs=0.01) for one, other in pairwise(edges))
        assert line.faces == (face,)
        assert line.size == pytest.approx(28 * 96 / 72 * WIDTH / 960, abs=0.01)


def test_graphemes_and_ligatures() -> None:
    drawing = drawn("e\u0301fi ffl", LATIN)
    (line,) = drawing.lines
    assert [cell for cell, _ in line.cells] == ["e\u0301", "f", "i", " ", "f", "f", "l"]
    assert all(right > left for _, (left, _, right, _) in line.cells)


def test_turned_shape() -> None:
    drawing = drawn("turned", LATIN, rotation=30)
    (line,) = drawing.lines
    corners = np.array(line.quad(line.box)).reshape(4, 2)
    across = corners[1] - corners[0]
    assert np.degrees(np.arctan2(across[1], across[0])) == pytest.approx(30, abs=0.01)
    seen = ink(drawing)
    normals = [(corners[(i + 1) % 4] - corners[i]) for i in range(4)]
    for corner, side in zip(corners, normals, strict=True):
        inside = (side[0] * (seen[:, 1] - corner[1]) - side[1] * (seen[:, 0] - corner[0])) / np.hypot(*side)
        assert inside.min() > -2


def test_missing_glyph() -> None:
    with pytest.raises(Discarded) as raised:
        drawn("a缺", LATIN)
    assert raised.value.cause == "missing glyph"
    assert "缺" in raised.value.detail


def test_the_face_that_is_told_is_the_one_that_drew() -> None:
    """A run that names a font nobody has is drawn in another, which the truth then names."""
    (line,) = BetterOffice().draw(plain_deck(), WIDTH, HEIGHT, {LATIN: "words"}).lines
    assert line.faces == (LATIN,)


def plain_deck() -> bytes:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(10), Inches(5.625)
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(
        0, 0, Inches(4), Inches(1)
    ).text_frame.text = "words"
    return saved(deck)


def test_subset_is_small_and_keeps_what_is_asked() -> None:
    from fontTools.ttLib import TTFont

    data = subset(SANS, "江南 abc")
    assert len(data) < 20_000
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == set(map(ord, "江南 abc"))
    assert subset(SANS, "cba 南江") == data
