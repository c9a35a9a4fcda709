"""Whether what was written can be read: contrast of letters and ground, measured on the finished picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels
from synth.contrast import luminances, ratio
from synth.sample import Discarded, Quad

LEAST = 3.0
"""Least contrast (WCAG, large text) of letters and the ground about them, after light and shade."""


def check(picture: Pixels, cover: NDArray[np.uint8], quads: list[tuple[str, Quad]]) -> float:
    """The least contrast of the lines (text and quad each). `cover`: letters' coverage of the picture, uint8 [h, w].

    Raises Discarded("contrast too low") below LEAST, and "text outside the picture": the second hard check.
    """
    height, width = cover.shape
    least = 21.0
    for text, quad in quads:
        corners = np.array(quad).reshape(4, 2)
        if (corners < 0).any() or (corners > (width, height)).any():
            raise Discarded("text outside the picture", text[:40])
        left, top = np.floor(corners.min(0)).astype(int)
        right, bottom = np.ceil(corners.max(0)).astype(int)
        least = min(least, line_contrast(picture[top:bottom, left:right], cover[top:bottom, left:right]))
        if least < LEAST:
            raise Discarded("contrast too low", f"{least:.2f}: {text[:40]}")
    return least


def line_contrast(pixels: Pixels, cover: NDArray[np.uint8]) -> float:
    """Contrast of the middle of the strokes with the ground beside them; medians, so that noise cancels."""
    step = 1 + int(cover.size > 12_000) + int(cover.size > 60_000)  # medians need no more
    pixels, cover = pixels[::step, ::step], cover[::step, ::step]
    strokes = cover >= 0.85 * max(1, int(cover.max()))
    ground = cover < 6
    if not strokes.any() or not ground.any():
        return 1.0
    return ratio(float(np.median(luminances(pixels[strokes]))), float(np.median(luminances(pixels[ground]))))
