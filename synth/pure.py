"""Tier `pure`: words, lines and paragraphs on clean backgrounds, arranged by rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synth import palette, ruling
from synth.backgrounds import GROUNDS, Ground
from synth.chance import chance, pick
from synth.contrast import FLOOR, Colour, contrast_with
from synth.fonts import Face
from synth.page import Block, Page
from synth.pages.catalogue import ARRANGEMENTS, Arrangement, suiting
from synth.pairing import chinese
from synth.sample import Discarded, Line, Sample, Wish
from synth.source import TextSource
from synth.text import canvas, draw, find_faces, sample_lines
from synth.voices import Voices, choose_voices

KIND_WORDS = {"serif": "serif", "sans": "sans-serif", "mono": "monospaced", "handwriting": "handwritten"}

STUFFS = ("paper", "linen", "plaster")
"""What is not counted, and takes no article."""

RULED = {
    "": "",
    "ruled": ", with ruled lines",
    "squared": ", with a grid of squares",
    "dotted": ", with a grid of dots",
    ruling.MANUSCRIPT: ", with lines between the columns",
}


def make(rng: np.random.Generator, wish: Wish, text: TextSource, faces: Sequence[Face] = ()) -> Sample:
    """One page of text as wished, set in some of `faces`: those of the installed font packages if none are given.

    Raises Discarded: "text does not fit", "missing glyph", or "contrast too low" where the pixels behind a line leave
    it less than FLOOR; "no layout" where none is made for such a page.
    """
    names = suiting(wish)
    if not names:
        raise Discarded("no layout", f"for {wish.grade} in {wish.language} at {wish.width}×{wish.height}")
    return arranged(rng, wish, text, pick(rng, names), faces)


def arranged(rng: np.random.Generator, wish: Wish, text: TextSource, name: str, faces: Sequence[Face] = ()) -> Sample:
    """A page of the arrangement `name`, of catalogue.ARRANGEMENTS; otherwise like `make`."""
    arrangement = ARRANGEMENTS[name]
    ground_name = pick(rng, arrangement.grounds or tuple(GROUNDS))
    ground = GROUNDS[ground_name]
    schemes = arrangement.schemes or ground.schemes
    colours = palette.palette(rng, ground.stops, pick(rng, schemes) if schemes else "")
    kinds = arrangement.kinds if wish.language == "en" else tuple(k for k in arrangement.kinds if k != "handwriting")
    voices = choose_voices(rng, faces or find_faces(), wish.language, kinds)
    page = Page(rng, wish, text, voices, colours)
    phrase = arrangement.make(page)
    pixels = ground.paint(rng, wish.width, wish.height, colours.grounds)
    ruled = rule(rng, pixels, page, arrangement)
    pixels, least = drawn(pixels, page)
    return Sample(
        pixels,
        tuple(page.paragraphs),
        tuple(line for block in page.blocks for line in written(block, wish.language)),
        name,
        described(page, phrase, ground, ruled),
        arrangement.image_type,
        style_words(voices, arrangement),
        "Design/posters",
        notes=noted(page, ground_name, ruled, least),
        brief=f"{{text}} in {inked(page)} on {palette.name(colours.grounds[0])}" if arrangement.brief else "",
    )


def rule(rng: np.random.Generator, pixels: NDArray[np.uint8], page: Page, arrangement: Arrangement) -> str:
    """Rules the paper to the lines of text, of three pages that may be ruled two; returns how, or nothing."""
    if not page.grid or not arrangement.rulings or not chance(rng, 0.7):
        return ""
    kind = pick(rng, arrangement.rulings)
    ground = page.colours.grounds[0]
    line = between(ground, page.colours.accent, float(rng.uniform(0.2, 0.4)))
    margin = between(ground, (200, 40, 50), 0.45) if chance(rng, 0.4) else None
    ruling.rule(pixels, kind, page.grid, line, margin)
    return kind


def between(one: Colour, other: Colour, share: float) -> Colour:
    """A colour on the way from one to the other."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def drawn(pixels: NDArray[np.uint8], page: Page) -> tuple[NDArray[np.uint8], float]:
    """The page with its ornaments and its text, and the least contrast of any block with the pixels behind it."""
    rgba = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA), np.uint8)
    on = canvas(rgba)
    for shape in page.shapes:
        shape(on)
    least = min(behind(rgba, block) for block in page.blocks)
    if least < FLOOR:
        raise Discarded("contrast too low", f"{least:.2f} is below {FLOOR}")
    for block in page.blocks:
        draw(on, block.layout, block.colour)
    return np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), np.uint8), least


def behind(rgba: NDArray[np.uint8], block: Block) -> float:
    """Least contrast of a block's colour with any pixel of the rectangle that it stands in.

    Raises Discarded where the block sticks out of the image.
    """
    height, width = rgba.shape[:2]
    left, top, right, bottom = block.layout.bounds
    if left < 0 or top < 0 or right > width or bottom > height:
        raise Discarded("text does not fit", f"{block.role} at {left:.0f}, {top:.0f}, {right:.0f}, {bottom:.0f}")
    return contrast_with(rgba[int(top) : int(bottom) + 1, int(left) : int(right) + 1], block.colour)


def written(block: Block, language: str) -> list[Line]:
    """The block's lines; of mixed text each has the language that most of it is in."""
    lines = sample_lines(block.layout, language, block.role)
    if language != "mixed":
        return list(lines)
    return [replace(line, language="zh" if chinese(line.text) else "en") for line in lines]


def described(page: Page, phrase: str, ground: Ground, ruled: str) -> str:
    """A phrase for the scene: "black serif type set in two columns, on cream laid paper"."""
    names = [palette.name(colour) for colour in page.colours.grounds]
    carrier = ground.phrase.format(*names)
    type_words = KIND_WORDS.get(page.voices.kind, "display")
    article = "" if any(stuff in carrier for stuff in STUFFS) else "a "
    return f"{inked(page)} {type_words} type {phrase}, on {article}{carrier}{RULED[ruled]}"


def inked(page: Page) -> str:
    """What people call the colour that most of the text is in."""
    main = max(page.blocks, key=lambda block: sum(len(line.text) for line in block.layout.lines))
    return palette.name(main.colour)


def style_words(voices: Voices, arrangement: Arrangement) -> str:
    """The annotation's style."""
    manner = "graphic design" if arrangement.image_type == "poster" else "typeset page"
    return f"{KIND_WORDS.get(voices.kind, 'display')} {manner}"


def noted(page: Page, ground: str, ruled: str, least: float) -> dict[str, Any]:
    """What repeats the look, as plain JSON values."""
    colours = page.colours
    used = {face for block in page.blocks for line in block.layout.lines for run in line.glyphs for face in (run.face,)}
    return {
        "background": ground,
        "ruling": ruled,
        "scheme": colours.scheme,
        "colours": {
            "grounds": [palette.hexadecimal(colour) for colour in colours.grounds],
            "text": sorted({palette.hexadecimal(block.colour) for block in page.blocks}),
        },
        "contrast": round(least, 2),
        "fonts": {face.name: face.licence for face in sorted(used, key=lambda face: face.name)},
        "sizes": sorted({round(block.layout.style.size, 2) for block in page.blocks}),
        "pitch": round(page.pitch, 3),
        "margins": [round(side, 1) for side in page.margin],
    }
