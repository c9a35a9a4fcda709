"""What must hold of a drawn slide: the text that was put in, whole, inside its shapes, legible."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synth.complex.render import Box, Drawing, DrawnLine
from synth.contrast import FLOOR, LARGE, LARGE_FLOOR, Colour, contrast
from synth.sample import Discarded

LEAST = {"en": 9.0, "zh": 11.0}
"""Smallest type in pixels that is still legible, for lines without and with Chinese characters."""

SLACK = 1.0
"""Pixels that a line's box may reach over its frame: side bearings and rounding."""

_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACES = re.compile(r"\s+")
_LETTER = re.compile(r"[^\W_]")
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕”’…,.;:?!)]}%")
_NEVER_LAST = frozenset("（《「『【〔“‘([{")


def language_of(text: str) -> str:
    return "zh" if _HAN.search(text) else "en"


@dataclass(frozen=True)
class Expected:
    """What should be seen, by shape (see `render.shape_key`): `texts` in reading order of each shape with text or
    table; `names` of categories and series in each chart; `tables`: the boxes that tables were given."""

    texts: Mapping[str, Sequence[str]]
    names: Mapping[str, Sequence[str]]
    tables: Mapping[str, Box]


def check(drawing: Drawing, expected: Expected) -> None:
    """Raises Discarded where one rule is broken."""
    height, width = drawing.pixels.shape[:2]
    for line in drawing.lines:
        _legible(line)
        _inside(line, (0.0, 0.0, float(width), float(height)))
    _text_equal(drawing.lines, expected.texts)
    _whole_words(drawing.lines)
    for shape, names in expected.names.items():
        _chart(drawing.lines, shape, names, drawing.frames[shape])
    for shape, box in expected.tables.items():
        if drawing.frames[shape][3] > box[3] + SLACK or drawing.frames[shape][2] > box[2] + SLACK:
            raise Discarded("text does not fit", "a table grew out of its frame")
    for line in drawing.lines:
        _contrasting(drawing.pixels, line)


def _legible(line: DrawnLine) -> None:
    if line.size < LEAST[language_of(line.text)]:
        raise Discarded("text too small", f"{line.size:.1f} px: {line.text[:20]}")


def _inside(line: DrawnLine, slide: Box) -> None:
    x0, y0, x1, y1 = line.box
    outer = line.frame if line.within != "chart" else slide
    if x0 < outer[0] - SLACK or y0 < outer[1] - SLACK or x1 > outer[2] + SLACK or y1 > outer[3] + SLACK:
        raise Discarded("text does not fit", line.text[:30])
    quad = line.quad(line.box)
    if min(quad) < 0 or max(quad[0::2]) > slide[2] or max(quad[1::2]) > slide[3]:
        raise Discarded("text does not fit", f"out of the slide: {line.text[:30]}")


def _text_equal(lines: Sequence[DrawnLine], put: Mapping[str, Sequence[str]]) -> None:
    drawn: dict[str, str] = {}
    for line in lines:
        if line.within != "chart":
            drawn[line.shape] = drawn.get(line.shape, "") + line.text
    for shape, texts in put.items():
        wanted = _SPACES.sub("", "".join(texts))
        found = _SPACES.sub("", drawn.pop(shape, ""))
        if wanted != found:
            raise Discarded("text differs", f"{found[:40]!r} for {wanted[:40]!r}")
    if drawn:
        raise Discarded("text differs", f"nobody asked for {next(iter(drawn.values()))[:40]!r}")


def _whole_words(lines: Sequence[DrawnLine]) -> None:
    """Where a word, or what belongs together, is longer than its line, the engine breaks it where no one would."""
    for line, following in pairwise(lines):
        if line.last or line.spaced or line.story != following.story or line.within == "chart":
            continue
        one, other = line.text[-1:], following.text[:1]
        letters = all(_LETTER.match(c) and not _HAN.match(c) for c in (one, other))
        if letters or other in _NEVER_FIRST or one in _NEVER_LAST:
            raise Discarded("text does not fit", f"a bad break: {line.text[-8:]}|{following.text[:8]}")


def _chart(lines: Sequence[DrawnLine], shape: str, names: Sequence[str], frame: Box) -> None:
    """All names are there, whole, inside the chart and clear of each other."""
    mine = [line for line in lines if line.shape == shape]
    missing = Counter(names) - Counter(line.text for line in mine)
    if missing:
        raise Discarded("text does not fit", f"the chart leaves out {next(iter(missing))[:30]}")
    boxes = np.array([line.box for line in mine])
    if (boxes[:, :2] < np.array(frame[:2]) - SLACK).any() or (boxes[:, 2:] > np.array(frame[2:]) + SLACK).any():
        raise Discarded("text does not fit", "a label reaches out of its chart")
    wide = np.minimum(boxes[:, None, 2], boxes[None, :, 2]) - np.maximum(boxes[:, None, 0], boxes[None, :, 0])
    tall = np.minimum(boxes[:, None, 3], boxes[None, :, 3]) - np.maximum(boxes[:, None, 1], boxes[None, :, 1])
    touching = (wide > -3) & (tall > 0.5)
    np.fill_diagonal(touching, False)
    if touching.any():
        raise Discarded("text does not fit", "labels of a chart touch each other")


def _contrasting(pixels: NDArray[np.uint8], line: DrawnLine) -> None:
    quad = line.quad(line.box)
    x0, y0, x1, y1 = (round(edge(quad[i::2])) for edge, i in ((min, 0), (min, 1), (max, 0), (max, 1)))
    red, green, blue = bytes.fromhex(line.colour.lstrip("#")[:6])
    needed = LARGE_FLOOR if line.size >= LARGE else FLOOR
    for behind in _border(pixels, x0 - 2, y0 - 2, x1 + 3, y1 + 3):
        found = contrast((red, green, blue), behind)
        if found < needed:
            raise Discarded("contrast too low", f"{found:.2f}: {line.text[:20]}")


def _border(pixels: NDArray[np.uint8], x0: int, y0: int, x1: int, y1: int) -> list[Colour]:
    """The colours around a box, at its corners and the middles of its sides, where there is no ink of the line."""
    height, width = pixels.shape[:2]
    rows = np.clip((y0, y0, y0, (y0 + y1) // 2, (y0 + y1) // 2, y1, y1, y1), 0, height - 1)
    columns = np.clip((x0, (x0 + x1) // 2, x1, x0, x1, x0, (x0 + x1) // 2, x1), 0, width - 1)
    found: list[list[int]] = pixels[rows, columns].tolist()
    return [(red, green, blue) for red, green, blue in dict.fromkeys(map(tuple, found))]
