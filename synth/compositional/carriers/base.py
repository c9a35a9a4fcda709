"""What every carrier tells about itself, and what it is before anything is written on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Colour, Pixels
from synth.compositional.materials.relief import Direction, apply, slope
from synth.compositional.shadow import fill
from synth.compositional.shapes import Rectangle, rectangle
from synth.compositional.view import Points


@dataclass(frozen=True)
class Ask:
    """What a carrier is drawn by: its size and the free margin about it in pixels of its raster, the light across it,
    the setting it goes to ("table", "wall", "pinboard", "stand" or "air"), and the grade of its text."""

    width: int
    height: int
    margin: int
    light: Direction
    setting: str
    grade: str

    @property
    def box(self) -> Rectangle:
        """The carrier in the raster."""
        return self.margin, self.margin, self.margin + self.width, self.margin + self.height

    @property
    def unit(self) -> float:
        """Its shorter side."""
        return float(min(self.width, self.height))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the raster."""
        return self.height + 2 * self.margin, self.width + 2 * self.margin


@dataclass(frozen=True)
class Blank:
    """A carrier without text.

    `pixels` uint8 [h, w, 3] and `alpha` uint8 [h, w] are its raster; `field` is where text may stand, `outline` its
    polygon [n, 2], both in raster pixels. `inks`: colours that suit it; `way`: a key of WAYS. `hand`: whether people
    write by hand on it. `centred`: how its text stands. `side`: colour of its sides. `lift`: how
    far it may stand off what it lies on, as a share of its shorter side. `gloss`: 0 dull to 1 mirror.
    `glow`: polygon that gives light of its own. `rules`: colour of ruled lines to draw under the text. `decal`: it is
    the ground itself that is written on. `verb`: how it stands to its ground where that is not the setting's usual.
    """

    name: str
    attributes: tuple[str, ...]
    pixels: Pixels
    alpha: NDArray[np.uint8]
    field: Rectangle
    outline: Points
    inks: tuple[Colour, ...]
    way: str
    hand: bool = False
    centred: bool = False
    side: Colour = (120, 120, 120)
    lift: float = 0.0
    gloss: float = 0.0
    glow: Points | None = None
    rules: Colour | None = None
    decal: bool = False
    verb: str = ""


@dataclass(frozen=True)
class Carrier:
    """A kind of thing that bears text; `draw` makes one. `grades` and `settings`: which it suits. `aspect`: least and
    largest width over height. `bend`: how far its surface may wave, and `thick`: how deep it is, as shares of its
    shorter side. `foot`: height of its stand, as a share of its own height."""

    name: str
    grades: tuple[str, ...]
    settings: tuple[str, ...]
    aspect: tuple[float, float]
    draw: Callable[[np.random.Generator, Ask], Blank]
    bend: float = 0.0
    thick: float = 0.0
    foot: float = 0.0


def masked(ask: Ask, outline: Points) -> NDArray[np.uint8]:
    """The alpha of an outline."""
    alpha = np.zeros(ask.size, np.uint8)
    fill(alpha, outline, 255)
    return alpha


def bevelled(pixels: Pixels, alpha: NDArray[np.uint8], width: float, strength: float, light: Direction) -> Pixels:
    """A rounded edge along an outline: bright towards the light, dark away from it. `width` in pixels."""
    heights = cv2.GaussianBlur(alpha, (0, 0), width).astype(np.float32) * np.float32(width * 2 / 255)
    return apply(pixels, 1 + np.float32(strength) * slope(heights, light))


def framed(pixels: Pixels, ask: Ask, wide: float, frame: Pixels, strength: float = 0.9) -> None:
    """Puts a frame of `wide` pixels about the carrier, in place: material `frame` of the raster's size, mitred light,
    and its shadow on what it frames."""
    height, width = ask.size
    left, top, right, bottom = ask.box
    inner = rectangle((left + wide, top + wide, right - wide, bottom - wide))
    mask = np.full((height, width), 255, np.uint8)
    fill(mask, inner, 0)
    lit = bevelled(frame, mask, max(1.5, wide / 5), strength, ask.light)
    fallen = cv2.GaussianBlur(mask, (0, 0), max(2.0, wide / 4))
    shift = np.array([[1, 0, ask.light[0] * wide / 4], [0, 1, ask.light[1] * wide / 4]], np.float32)
    fallen = cv2.warpAffine(fallen, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)
    pixels[:] = apply(pixels, 1 - fallen.astype(np.float32) * np.float32(0.45 / 255))
    cv2.copyTo(lit, mask, pixels)


def knob(pixels: Pixels, centre: tuple[float, float], radius: float, colour: Colour, light: Direction) -> None:
    """A screw or nail head, in place: shadow beside it, a highlight towards the light."""
    x, y = centre
    for size, shift, factor in ((1.25, 0.45, 0.0), (1.0, 0.0, 1.0), (0.62, -0.28, 1.35)):
        spot = np.array([[x + shift * radius * light[0], y + shift * radius * light[1]]])
        ring = spot + radius * size * np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)
        shade = tuple(int(min(255, value * factor)) for value in colour) if factor else (24, 22, 20)
        fill(pixels, ring, shade)


ANGLES = np.linspace(0, 2 * np.pi, 20, endpoint=False)
