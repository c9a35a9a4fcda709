"""How paper is held to a wall: tape over its corners, or pins."""

from __future__ import annotations

import numpy as np

from synth.compositional.carriers.base import Ask, knob
from synth.compositional.colour import Pixels, near, pick
from synth.compositional.shadow import fill
from synth.compositional.shapes import dense, rectangle, turned


def hold(rng: np.random.Generator, ask: Ask, pixels: Pixels, alpha: np.ndarray) -> None:
    """On a wall: strips of tape over the corners or pins through them, drawn in place."""
    if ask.setting not in ("wall", "pinboard"):
        return
    left, top, right, bottom = ask.box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if ask.setting == "pinboard":
        colour, deep = pick(rng, "c03030", "2b5fa8", "e0b030", "2f8a4a", "e8e8e8"), 0.035 * ask.unit
        for x, y, sx, sy in ((left, top, 1, 1), (right, top, -1, 1)):
            knob(pixels, (x + sx * deep, y + sy * deep), max(5.0, 0.014 * ask.unit), colour, ask.light)
        return
    colour = pick(rng, "d9cfae", "e6e2d4", "b9c4cc", "cbb58a")
    for turn, (x, y) in enumerate(corners):
        angle = -np.pi / 4 + turn * np.pi / 2 + rng.normal(0, 0.12)
        long, wide = 0.055 * ask.unit * rng.uniform(0.8, 1.1), 0.024 * ask.unit
        strip = turned(dense(rectangle((x - long, y - wide, x + long, y + wide)), 6.0), (x, y), angle)
        fill(pixels, strip, near(rng, colour, 3))
        fill(alpha, strip, 232)
