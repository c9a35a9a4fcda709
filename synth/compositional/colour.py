"""Colours as RGB bytes: near ones, mixtures, ramps between them."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.contrast import Colour

Pixels = NDArray[np.uint8]


def rgb(code: str) -> Colour:
    """`#rrggbb` or `rrggbb` as three bytes."""
    code = code.lstrip("#")
    return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)


def pick(rng: np.random.Generator, *codes: str) -> Colour:
    """One of the codes, moved a little, so that no two samples share a colour exactly."""
    return near(rng, rgb(codes[int(rng.integers(len(codes)))]))


def near(rng: np.random.Generator, colour: Colour, spread: float = 7.0) -> Colour:
    """A colour about `spread` bytes away: mostly lighter or darker, a little another hue."""
    moved = np.asarray(colour) + rng.normal(0, spread) + rng.normal(0, spread / 3, 3)
    red, green, blue = (int(value) for value in np.clip(np.round(moved), 0, 255))
    return red, green, blue


def named(rng: np.random.Generator, codes: Mapping[str, str], spread: float = 5.0) -> tuple[str, Colour]:
    """One of the named codes, moved a little, and its name."""
    name = list(codes)[int(rng.integers(len(codes)))]
    return name, near(rng, rgb(codes[name]), spread)


def scaled(colour: Colour, factor: float) -> Colour:
    """The colour lighter (factor above 1) or darker."""
    red, green, blue = (min(255, max(0, round(value * factor))) for value in colour)
    return red, green, blue


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of `other` in `one`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def ramp(values: NDArray[np.float32], *colours: Colour) -> Pixels:
    """uint8 [h, w, 3]: each value of 0..1 (clipped) as a colour on the way from the first colour to the last."""
    stops = np.linspace(0, 255, len(colours))
    table = np.stack([np.interp(np.arange(256), stops, channel) for channel in zip(*colours, strict=True)], 1)
    index = np.clip(values * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(index, np.round(table).astype(np.uint8)[:, None]), np.uint8)


def shades(values: NDArray[np.float32], colour: Colour, depth: float = 1.0) -> Pixels:
    """uint8 [h, w, 3]: the colour where `values` is 0, lighter or darker by `depth` of itself at +1 and -1."""
    return ramp(values * (0.5 * depth / 0.6) + 0.5, scaled(colour, 0.4), colour, scaled(colour, 1.6))
