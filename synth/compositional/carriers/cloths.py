"""Cloth: a banner with eyelets, a T-shirt."""

from __future__ import annotations

import cv2
import numpy as np

from synth.compositional.carriers.base import Ask, Blank, Carrier, masked
from synth.compositional.colour import Colour, named, rgb, scaled
from synth.compositional.fields import window
from synth.compositional.materials.relief import apply, slope
from synth.compositional.materials.woven import linen
from synth.compositional.shadow import fill
from synth.compositional.shapes import circle, dense, inset, rectangle
from synth.compositional.view import Points
from synth.contrast import luminance

CLOTHS = {
    "white": "f4f3ef",
    "red": "a8242b",
    "navy": "1f2f55",
    "black": "26272a",
    "green": "2f6b4a",
    "grey": "9a9c9e",
    "yellow": "e6bd3a",
    "sky blue": "8fb9d6",
    "natural": "d9cdb4",
    "pink": "e0a3ac",
}
LIGHT, DARK = (rgb("f5f3ea"), rgb("f6e7b4")), (rgb("17181c"), rgb("1c2a55"), rgb("5a1220"))


def banner(rng: np.random.Generator, ask: Ask) -> Blank:
    """A banner of cloth, hemmed, with metal eyelets."""
    name, colour = named(rng, CLOTHS, 6)
    pixels = linen(rng, *ask.size, colour, float(rng.uniform(2.4, 3.6)), 0.05)
    hem = 0.045 * ask.unit
    seam = np.zeros(ask.size, np.uint8)
    fill(seam, rectangle(inset(ask.box, hem)), 255)
    step = cv2.GaussianBlur(seam, (0, 0), 1.5).astype(np.float32) * np.float32(1 / 120)
    pixels = apply(pixels, 1 - np.abs(slope(np.asarray(step, np.float32), (0.7, 0.7))))
    left, top, right, bottom = inset(ask.box, hem * 0.9)
    for x in np.linspace(left, right, max(2, round(ask.width / ask.unit * 3))):
        for y in (top, bottom):
            fill(pixels, circle((x, y), 0.45 * hem), (186, 176, 150))
            fill(pixels, circle((x, y), 0.24 * hem), (30, 28, 27))
    outline = rectangle(ask.box)
    return Blank(
        "cloth banner", (name,), pixels, masked(ask, outline), inset(ask.box, 0.11 * ask.unit, 0.13 * ask.unit),
        outline, inks_on(colour), "woven", centred=True, lift=0.02, side=scaled(colour, 0.7),
    )  # fmt: skip


HALF = ((0.63, 0.0), (0.66, 0.0), (0.81, 0.055), (1.0, 0.36), (0.855, 0.45), (0.775, 0.335), (0.785, 1.0))
"""The right half of a T-shirt's outline from the collar down, as shares of its width and height."""


def cut(ask: Ask) -> Points:
    """Outline of a T-shirt laid flat, within the box."""
    right = np.array(HALF)
    left = np.stack([1 - right[::-1, 0], right[::-1, 1]], 1)
    shape = np.concatenate([right, left, collar(0.37, 0.63, 0.0, 0.085)[1:-1]])
    return dense(np.array(ask.box[:2]) + shape * np.array([ask.width, ask.height]))


def collar(left: float, right: float, top: float, deep: float) -> Points:
    """A hanging arch from left to right, as shares."""
    along = np.linspace(0, 1, 17)
    return np.stack([left + (right - left) * along, top + deep * np.sin(np.pi * along)], 1)


def inks_on(colour: Colour) -> tuple[Colour, ...]:
    """Inks that read on cloth of a colour."""
    return DARK if luminance(colour) > 0.3 else LIGHT


def shirt(rng: np.random.Generator, ask: Ask) -> Blank:
    """A T-shirt with folds in its cloth, a ribbed collar, printed on the chest."""
    name, colour = named(rng, CLOTHS, 6)
    height, width = ask.size
    pixels = linen(rng, height, width, colour, 2.2, 0.025)
    soft = window(rng, "swell", height, width, (1.8, 2.6)) * 26 + window(rng, "band", width, height).T * 2.5
    pixels = apply(pixels, 1 + 0.22 * slope(np.ascontiguousarray(soft, np.float32), ask.light))
    outline = cut(ask)
    alpha = masked(ask, outline)
    depth = cv2.GaussianBlur(alpha, (0, 0), 0.012 * ask.unit).astype(np.float32) / 255
    pixels = apply(pixels, np.clip(0.70 + 0.42 * (depth - 0.5) * 2, 0.6, 1.0).astype(np.float32))
    left, top = ask.box[:2]
    for down in (0.028, 0.058):
        arch = np.array([left, top]) + collar(0.355, 0.645, down, 0.092) * np.array([ask.width, ask.height])
        seam = np.concatenate([arch, arch[::-1] + np.array([0, max(1.5, 0.004 * ask.unit)])])
        fill(pixels, seam, scaled(colour, 0.72))
    field = (left + 0.26 * ask.width, top + 0.22 * ask.height, left + 0.74 * ask.width, top + 0.72 * ask.height)
    return Blank(
        "T-shirt", (name, "cotton"), pixels, alpha, field, outline, inks_on(colour), "woven", centred=True,
        lift=0.012, side=scaled(colour, 0.7),
    )  # fmt: skip


ALL = (
    Carrier("banner", ("word", "line"), ("wall", "air"), (1.2, 3.0), banner, 0.022),
    Carrier("shirt", ("word", "line"), ("table",), (0.95, 1.1), shirt, 0.006),
)
