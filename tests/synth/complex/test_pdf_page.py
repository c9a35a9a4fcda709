from __future__ import annotations

import math

import numpy as np
import pytest
import skia

from synth.fonts import opened
from tests.synth.faces import LATIN, SANS

pytest.importorskip("pypdfium2")

from synth.complex.pdf_page import Piece, read_page

WIDE, HIGH, SCALE = 300, 200, 2


def page(*texts: tuple[str, float, float, float]) -> tuple[np.ndarray, tuple[Piece, ...]]:
    """A page with texts at x and y in points, turned by degrees clockwise, drawn at twice its size."""
    stream = skia.DynamicMemoryWStream()
    document = skia.PDF.MakeDocument(stream)
    canvas = document.beginPage(WIDE, HIGH)
    for text, x, y, degrees in texts:
        face = SANS if any(ord(character) > 0x2E80 for character in text) else LATIN
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(degrees)
        canvas.drawString(text, 0, 0, skia.Font(opened(face).typeface, 20), skia.Paint(Color=0xFF1A4B8C))
        canvas.restore()
    document.endPage()
    document.close()
    return read_page(bytes(stream.detachAsData()), WIDE * SCALE, HIGH * SCALE)


def text(pieces: tuple[Piece, ...]) -> str:
    """Skia makes each glyph an object of its own."""
    return "".join(piece.text for piece in pieces)


def test_text_and_places() -> None:
    pixels, pieces = page(("words", 30, 50, 0), ("江南𠙶莲", 40, 120, 0))
    assert pixels.shape == (HIGH * SCALE, WIDE * SCALE, 3)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert text(pieces) == "words江南𠙶莲"
    origins = [origin for piece in pieces for origin in piece.origins]
    assert origins[0] == pytest.approx((60, 100), abs=0.1)
    assert [round(x) for x, _ in origins[5:]] == [80, 120, 160, 200]
    for piece in pieces:
        assert piece.size == pytest.approx(40, abs=0.01)
        assert piece.colour == "#1A4B8C"
        assert piece.angle == pytest.approx(0)


def test_pixels_show_the_text_in_its_colour() -> None:
    pixels, (piece,) = page(("H", 100, 100, 0))
    rows, columns = np.nonzero(pixels.min(axis=2) < 128)
    x, y = piece.origins[0]
    assert x <= columns.min() <= columns.max() <= x + piece.size
    assert abs(rows.max() - y) <= 1.5
    darkest = pixels.reshape(-1, 3)[pixels.sum(axis=2).argmin()]
    assert np.abs(darkest.astype(int) - (0x1A, 0x4B, 0x8C)).max() <= 2


def test_order_is_that_of_drawing() -> None:
    """Not from left to right on one baseline, as PDFium has it."""
    _, pieces = page(("right", 200, 50, 0), ("left", 20, 50, 0), ("above", 20, 20, 0))
    assert text(pieces) == "rightleftabove"


@pytest.mark.parametrize("degrees", [30, -90, 180])
def test_turned_text(degrees: float) -> None:
    _, pieces = page(("turned", 150, 100, degrees))
    assert all(math.remainder(piece.angle - degrees, 360) == pytest.approx(0, abs=0.01) for piece in pieces)
    origins = np.array([origin for piece in pieces for origin in piece.origins])
    along = origins[-1] - origins[0]
    assert math.remainder(math.degrees(math.atan2(along[1], along[0])) - degrees, 360) == pytest.approx(0, abs=0.1)


def test_hyphens_at_line_ends_are_hyphens() -> None:
    _, pieces = page(("over-", 30, 50, 0), ("engineered", 30, 75, 0))
    assert text(pieces) == "over-engineered"


def test_no_pdf() -> None:
    with pytest.raises(ValueError, match="no readable PDF"):
        read_page(b"%PDF-1.4 nothing", 10, 10)
