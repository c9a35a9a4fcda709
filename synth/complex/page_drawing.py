"""Draws a page: the browser says where everything stands; we add pictures, choose the inks, and check what came out."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.complex import css, page_script, readings
from synth.complex.browser import Tab
from synth.complex.engine import Drawing, Plate, Written
from synth.complex.fitting import texts
from synth.complex.flex import Box as AnyBox
from synth.complex.flex import Rect, overflowing
from synth.complex.markup import Page, picture_url
from synth.complex.paint import PAINTED, Painter, legible
from synth.complex.readings import Place
from synth.complex.setting import Setting
from synth.complex.stage import Part
from synth.complex.words import Words
from synth.layout import Box
from synth.sample import Discarded, Line, Quad
from synth.text import canvas

MARGIN = 2
"""Pixels by which pictures are painted larger than their boxes, for strokes that reach beyond."""

SLACK = 1.0
"""Pixels by which a line may stick out of the box of its text."""

FRINGE = 1
"""Pixels by which anti-aliasing and rounding may reach beyond a line's box."""

FAINT = 6
"""Difference of a channel, 0..255, from which on a pixel counts as drawn."""


def drawn(tab: Tab, plate: Plate, made: Page) -> Drawing:
    """The picture that `tab` shows of `made`, the page of `plate`, and its lines as they stand there.

    The parts' `rect`s become those of the page. Raises Discarded: "missing glyph", "text does not fit", "text differs",
    "contrast too low".
    """
    high, wide = plate.ground.shape[:2]
    tab.show(made.html, wide, high)
    found = tab.ask(page_script.MEASURE, [[_units(c.text) for c in how.clusters] for _, how in made.texts])
    if foreign := tab.foreign_fonts(".proof"):
        raise Discarded("missing glyph", f"{foreign[0]} steps in for a font of ours")
    _take_places(plate, made.parts, found["boxes"])
    written = [
        _lines(part, how, text, places)
        for (part, how), text, places in zip(made.texts, found["texts"], found["cells"], strict=True)
    ]
    tab.ask(page_script.ILLUSTRATE, list(_pictures(plate, made.parts)))
    behind = tab.pixels()
    colours = [
        legible(_words(part), replace(_words(part).set_in, size=how.size), _bounds(lines), plate.theme, behind)
        for (part, how), lines in zip(made.texts, written, strict=True)
    ]
    tab.ask(page_script.COLOUR, [css.rgba(colour) for colour in colours])
    pixels = tab.pixels()
    _check_ink(behind, pixels, written)
    words = (_words(part) for part, _ in made.texts)
    return Drawing(pixels, tuple(Written(w.text, ls, w.outline > 0) for w, ls in zip(words, written, strict=True)))


def _words(part: Part) -> Words:
    assert part.words is not None
    return part.words


def _units(text: str) -> int:
    """Length as the browser counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _take_places(plate: Plate, parts: Sequence[Part], boxes: Sequence[Sequence[float]]) -> None:
    """Gives the parts the rectangles that the browser gave them. Raises Discarded where one sticks out of another."""
    for part, (x, y, w, h) in zip(parts, boxes, strict=True):
        part.rect = Rect(x, y, w, h)
    for pane in plate.panes:
        if culprit := overflowing(pane.root):
            raise Discarded("text does not fit", _said(culprit))


def _said(box: AnyBox) -> str:
    return next((part.words.text[:40] for part in texts(box) if part.words), "a box without text")


def _lines(part: Part, how: Setting, text: str, places: Sequence[Place | None]) -> tuple[Line, ...]:
    """The lines of a text. Raises Discarded unless they are all of it, few enough, and inside its box."""
    words = _words(part)
    found = readings.lines(words, how, places)
    shown = "".join("".join(line.text.split()) for line in found)
    if text != words.text or shown != "".join(words.text.split()):
        raise Discarded("text differs", f"{shown[:40]!r} for {words.text[:40]!r}")
    slack = SLACK + words.outline * how.size
    if len(found) > words.lines or not all(part.room.holds(_rect(line.quad), slack) for line in found):
        raise Discarded("text does not fit", words.text[:40])
    return found


def _rect(quad: Quad) -> Rect:
    """Of an upright quad."""
    return Rect(quad[0], quad[1], quad[4] - quad[0], quad[5] - quad[1])


def _bounds(lines: Sequence[Line]) -> Box:
    rects = [_rect(line.quad) for line in lines]
    return (
        min(rect.x for rect in rects), min(rect.y for rect in rects),
        max(rect.right for rect in rects), max(rect.bottom for rect in rects),
    )  # fmt: skip


def _pictures(plate: Plate, parts: Sequence[Part]) -> Iterator[tuple[int, int, int, str]]:
    """What small widgets and pictures show, painted by us: number of the part, left, top, and the pixels."""
    rng = copy.deepcopy(plate.rng)  # a second attempt, in a fresh browser, paints the same
    for number, part in enumerate(parts):
        if part.widget in PAINTED:
            left, top = math.floor(part.rect.x) - MARGIN, math.floor(part.rect.y) - MARGIN
            right, bottom = math.ceil(part.rect.right) + MARGIN, math.ceil(part.rect.bottom) + MARGIN
            pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
            on = canvas(pixels)
            on.translate(-left, -top)
            Painter(on, plate.theme, rng, plate.photos).widget(part)
            yield number, left, top, picture_url(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_mRGBA2RGBA), np.uint8))


def _check_ink(behind: NDArray[np.uint8], pixels: NDArray[np.uint8], written: Sequence[Sequence[Line]]) -> None:
    """Every line must have been drawn, and nothing outside their boxes. Raises Discarded("text differs", …)."""
    red, green, blue = cv2.split(cv2.absdiff(behind, pixels))
    ink = cv2.max(cv2.max(red, green), blue) >= FAINT
    places = [_around(_rect(line.quad)) for lines in written for line in lines]
    for place, line in zip(places, (line for lines in written for line in lines), strict=True):
        if not ink[place].any():
            raise Discarded("text differs", f"nothing is seen of {line.text[:40]!r}")
    for place in places:
        ink[place] = False
    if ink.any():
        y, x = np.argwhere(ink)[0]
        raise Discarded("text differs", f"something is drawn at {x}, {y}, where no text is")


def _around(rect: Rect) -> tuple[slice, slice]:
    """The pixels of `rect` and FRINGE more all round."""
    top, left = max(0, math.floor(rect.y) - FRINGE), max(0, math.floor(rect.x) - FRINGE)
    return slice(top, math.ceil(rect.bottom) + FRINGE), slice(left, math.ceil(rect.right) + FRINGE)
