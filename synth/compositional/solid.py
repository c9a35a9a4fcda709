"""Thickness: the sides of a board, box, book or telephone, between its outline in front and the one behind."""

from __future__ import annotations

import numpy as np

from synth.compositional.colour import Colour, Pixels, scaled
from synth.compositional.materials.relief import Direction
from synth.compositional.shadow import fill
from synth.compositional.view import Points


def sides(pixels: Pixels, front: Points, back: Points, colour: Colour, light: Direction) -> None:
    """Draws, in place, what is seen of the sides between two outlines [n, 2] of the image, point by point.

    A side that faces the light is brighter. What the front hides is painted too: the front comes after it.
    """
    following = np.roll(front, -1, 0), np.roll(back, -1, 0)
    turn = _winding(front)
    for one, two, three, four in zip(front, following[0], following[1], back, strict=True):
        along = two - one
        if not np.hypot(*along):
            continue
        outward = np.array([along[1], -along[0]]) * turn / np.hypot(*along)
        facing = -float(outward @ np.array(light))
        fill(pixels, np.stack([one, two, three, four]), scaled(colour, 0.72 + 0.30 * facing))


def _winding(polygon: Points) -> float:
    """1 for a polygon that goes clockwise on the screen (y down), else -1."""
    x, y = polygon[:, 0], polygon[:, 1]
    return 1.0 if float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) > 0 else -1.0
