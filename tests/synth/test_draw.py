"""What is drawn is the font's own outline, where the layout says, and the same every time."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import skia
from numpy.typing import NDArray

from synth.characters import levels
from synth.fonts import opened
from synth.text import Face, Layout, Pairing, Style, canvas, draw, lay_out
from tests.synth.faces import EMOJI, LATIN, MIXED, SANS, SERIF, face

LEVEL_3 = [character for character, level in levels().items() if level == 3]


def ink(paint: Callable[[skia.Canvas], object], width: int, height: int) -> NDArray[np.floating]:
    """Darkness of what `paint` draws in black on white, 0..255."""
    pixels = np.full((height, width, 4), 255, np.uint8)
    paint(canvas(pixels))
    return 255.0 - pixels[..., 1]


def outline(face: Face, character: str, size: float) -> skia.Path:
    """The outline of a character by its code point, as HarfBuzz reads it out of the font, y downwards."""
    handle, path = opened(face), skia.Path()
    scale = size / handle.upem
    glyph = handle.shaper.get_nominal_glyph(ord(character))
    assert glyph

    class Pen:
        def moveTo(self, p: tuple[float, float]) -> None:  # noqa: N802
            path.moveTo(p[0] * scale, -p[1] * scale)

        def lineTo(self, p: tuple[float, float]) -> None:  # noqa: N802
            path.lineTo(p[0] * scale, -p[1] * scale)

        def qCurveTo(self, *p: tuple[float, float]) -> None:  # noqa: N802
            path.quadTo(*(n * sign for point in p for n, sign in zip(point, (scale, -scale), strict=True)))

        def curveTo(self, *p: tuple[float, float]) -> None:  # noqa: N802
            path.cubicTo(*(n * sign for point in p for n, sign in zip(point, (scale, -scale), strict=True)))

        def closePath(self) -> None:  # noqa: N802
            path.close()

        def endPath(self) -> None:  # noqa: N802
            path.close()

    handle.shaper.draw_glyph_with_pen(glyph, Pen())
    return path


def drawn_path(layout: Layout, face: Face, character: str) -> Callable[[skia.Canvas], object]:
    run = layout.lines[0].glyphs[0]
    path = outline(face, character, layout.style.size)
    path.offset(layout.x + run.xs[0], layout.y + run.ys[0])
    return lambda on: on.drawPath(path, skia.Paint(AntiAlias=True))


@pytest.mark.parametrize("font", [SANS, SERIF])
def test_every_character_of_level_3_is_the_outline_of_its_code_point(font: Face) -> None:
    for character in LEVEL_3:
        layout = lay_out(character, Style(Pairing(font), 48), 60, 60, 4, 4)
        text = ink(partial(draw, layout=layout, colour=(0, 0, 0)), 64, 64)
        path = ink(drawn_path(layout, font, character), 64, 64)
        assert path.sum() > 1000
        assert np.corrcoef(text.ravel(), path.ravel())[0, 1] > 0.97, character


def test_another_character_would_be_noticed() -> None:
    layout = lay_out("己", Style(Pairing(SANS), 48), 60, 60, 4, 4)
    text = ink(lambda on: draw(on, layout, (0, 0, 0)), 64, 64)
    assert np.corrcoef(text.ravel(), ink(drawn_path(layout, SANS, "已"), 64, 64).ravel())[0, 1] < 0.97


@pytest.mark.parametrize("font", [SANS, SERIF, LATIN, face("Inter Bold")])
def test_large_letters_are_the_outline_to_a_tenth_of_a_pixel(font: Face) -> None:
    for character in "彧𠳐" if "SC" in font.family else "Rg":
        layout = lay_out(character, Style(Pairing(font), 300), 400, 400, 20.3, 20)
        text = ink(partial(draw, layout=layout, colour=(0, 0, 0)), 440, 440)
        path = ink(drawn_path(layout, font, character), 440, 440)
        assert np.abs(text - path).sum() < 0.006 * path.sum()  # a tenth of a pixel aside it is more


TEXT = "fjord (Affine) “引文”，𠳐彧——2030年 שלום עולם العربية 👩‍🚀 Ågj é q\u0301"


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize("latin", ["EB Garamond Italic", "Pacifico Regular", "Playfair Display Black Italic"])
def test_ink_lies_in_the_boxes_of_the_lines(latin: str, vertical: bool) -> None:
    pairing = Pairing(face(latin), SERIF, MIXED.others)
    layout = lay_out(TEXT, Style(pairing, 33.3, 1.3, vertical=vertical), 420, 420, 40.6, 40.2)
    found = ink(lambda on: draw(on, layout, (0, 0, 0)), 500, 500)
    assert found.sum() > 10_000
    for line in layout.lines:
        left, top, right, bottom = line.box
        rows = slice(int(layout.y + top - 1), int(np.ceil(layout.y + bottom + 1)))
        columns = slice(int(layout.x + left - 1), int(np.ceil(layout.x + right + 1)))
        assert found[rows, columns].any()
        found[rows, columns] = 0
    assert not found.any()


def test_each_character_has_ink_in_its_cell() -> None:
    layout = lay_out("彧国AB中", Style(MIXED, 40), 420, 100)
    found = ink(lambda on: draw(on, layout, (0, 0, 0)), 420, 100)
    for _, (left, top, right, bottom) in layout.lines[0].characters:
        assert found[int(top) : int(bottom), int(left) : int(right)].sum() > 1000


def test_colour_opacity_and_outline() -> None:
    layout = lay_out("一", Style(Pairing(SANS), 200), 220, 220)
    pixels = np.full((220, 220, 4), 255, np.uint8)
    draw(canvas(pixels), layout, (200, 30, 10), opacity=0.5, outline=None)
    darkest = pixels[..., 1].min()
    assert np.abs(pixels[pixels[..., 1] == darkest][0][:3].astype(int) - [227, 142, 132]).max() <= 2
    ringed = np.full((220, 220, 4), 255, np.uint8)
    draw(canvas(ringed), layout, (200, 30, 10), outline=(6, (0, 0, 255)))
    assert (ringed[..., :3] == (200, 30, 10)).all(-1).any()
    assert (ringed[..., :3] == (0, 0, 255)).all(-1).any()


def test_emoji_have_colours_of_their_own() -> None:
    layout = lay_out("😀", Style(Pairing(EMOJI), 100), 200, 200)
    pixels = np.full((200, 200, 4), 255, np.uint8)
    draw(canvas(pixels), layout, (0, 0, 255))
    red, green, blue, _ = (pixels[..., i].astype(int) for i in range(4))
    assert ((red - blue > 100) & (green - blue > 50)).sum() > 1000  # yellow


PAGE = """
import hashlib, numpy as np
from synth.text import *
rng = np.random.default_rng([5, 6])
pixels = np.full((300, 300, 4), 255, np.uint8)
text = "fjord “引文”，彧——2030年 שלום العربية 😀"
layout = fit(text, Style(choose_pairing(rng, find_faces(), "mixed", text=text), 1), 280, 280, 8, 60, 3.3, 7.7)
draw(canvas(pixels), layout, (9, 8, 7), opacity=0.9)
print(hashlib.sha256(pixels.tobytes() + repr(sample_lines(layout, "mixed")).encode()).hexdigest())
"""


def test_the_same_bytes_in_every_process() -> None:
    hashes = {
        subprocess.run(
            [sys.executable, "-c", PAGE],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            check=True,
        ).stdout
        for seed, locale in (("1", "C"), ("2", "ja_JP.UTF-8"))
    }
    assert len(hashes) == 1
    assert len(hashes.pop()) == 65
