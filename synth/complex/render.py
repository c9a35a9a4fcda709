"""What an engine is that turns a slide into pixels and says where it drew each character.

The truth about a picture comes from the engine that drew it: two engines break a quarter of all lines differently.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synth.fonts import Face, opened
from synth.sample import Quad

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""

BAND = 0.5
"""Least height of a line's box above its baseline in em, as in `synth.layout`."""


@dataclass(frozen=True)
class DrawnLine:
    """One line as the engine drew it.

    `shape` holds it, named as by `shape_key`; `story` is which text of it (a cell of a table, a label of a chart);
    `within`: "text", "table" or "chart". `frame`: the box that was given to the story; `box` and `cells` (grapheme
    clusters with their boxes) are those before the shape was turned by `angle` degrees clockwise around `centre`.
    `colour` as "#RRGGBB"; `size` in pixels; `last` where its paragraph ends, `spaced` where a space (not drawn)
    follows.
    """

    shape: str
    story: str
    within: str
    text: str
    frame: Box
    box: Box
    cells: tuple[tuple[str, Box], ...]
    faces: tuple[Face, ...]
    size: float
    colour: str
    angle: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    last: bool = True
    spaced: bool = False

    def quad(self, box: Box) -> Quad:
        """Corners of a box of this line in the picture, clockwise from the upper left of the text as it is read."""
        x0, y0, x1, y1 = box
        if not self.angle:
            return x0, y0, x1, y0, x1, y1, x0, y1
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        cx, cy = self.centre
        (ax, ay), (bx, by), (dx, dy), (ex, ey) = (
            (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos)
            for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        )
        return ax, ay, bx, by, dx, dy, ex, ey


@dataclass(frozen=True)
class Drawing:
    """A slide as drawn. `pixels`: uint8 [height, width, 3], RGB; `frames`: the boxes that tables and charts took."""

    pixels: NDArray[np.uint8]
    lines: tuple[DrawnLine, ...]
    frames: Mapping[str, Box]


def shape_key(level: str, number: int) -> str:
    """A shape by its level ("slide", "layout" or "master") and its `p:cNvPr id`, which is its own on that level."""
    return f"{level} {number}"


class Engine(Protocol):
    """Draws the first slide of a package at a given width; what it is drawn in is every face that the runs name."""

    name: str

    def draw(self, pptx: bytes, width: int, height: int, faces: Mapping[Face, str]) -> Drawing:
        """The slide at `width` × `height` pixels, which its own shape must match to the pixel.

        `faces` to the characters that they set. Raises Discarded("missing glyph", …) where one cannot be drawn.
        """
        ...


def family(face: Face) -> str:
    """The name that a run must have to be drawn in a face; weights other than regular and bold go by their own."""
    return face.family if face.weight in (400, 700) else f"{face.family} {face.style}"


def reach(face: Face, text: str) -> tuple[float, float]:
    """How far the ink of `text` reaches above and below the baseline, in em."""
    up, down, shapes = BAND, 0.0, opened(face)
    for character in set(text):
        glyph = shapes.shaper.get_nominal_glyph(ord(character))
        ink = shapes.ink(glyph) if glyph else None
        if ink:
            up, down = max(up, ink[3]), max(down, -ink[1])
    return up, down
