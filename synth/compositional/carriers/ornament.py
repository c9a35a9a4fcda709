"""Ornament that several carriers share."""

from __future__ import annotations

import numpy as np

from synth.compositional.colour import Colour, Pixels
from synth.compositional.shadow import fill
from synth.compositional.shapes import Rectangle, inset, rectangle


def ring(pixels: Pixels, box: Rectangle, radius: float, wide: float, colour: Colour) -> None:
    """A line of `wide` pixels along a rounded rectangle, in place."""
    inside = rectangle(inset(box, wide), max(0.0, radius - wide))
    outside = rectangle(box, radius)
    fill(pixels, np.concatenate([outside, outside[:1], inside[:1][::-1], inside[::-1]]), colour)
