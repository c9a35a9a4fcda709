"""Shadows: a tight dark one where things touch, a soft one that the light throws."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels
from synth.compositional.view import Points

COARSE = 4
"""Shadows are drawn at a quarter of the size, and blurred there."""


def cast(pixels: Pixels, polygon: Points, depth: float, blur: float) -> None:
    """Darkens `pixels` (uint8 [h, w, 3], in place) by `depth` 0..1 inside a polygon [n, 2], its edge soft by a
    standard deviation of `blur` pixels."""
    reach = 3 * blur + COARSE
    height, width = pixels.shape[:2]
    left, top = np.maximum(0, np.floor((polygon.min(0) - reach) / COARSE)).astype(int)
    right, bottom = np.minimum(
        (width // COARSE, height // COARSE), np.ceil((polygon.max(0) + reach) / COARSE).astype(int)
    )
    if right - left < 2 or bottom - top < 2:
        return
    small = np.zeros((bottom - top, right - left), np.uint8)
    fill(small, (polygon / COARSE) - (left, top), 255)
    soft = cv2.GaussianBlur(small, (0, 0), max(blur / COARSE, 0.5)) if blur > 0.5 else small
    wide = cv2.resize(soft, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    part = pixels[top * COARSE : bottom * COARSE, left * COARSE : right * COARSE]
    wide = wide[: part.shape[0], : part.shape[1]]
    cool = [1 - wide * np.float32(depth * share / 255) for share in (1.0, 0.985, 0.95)]  # skylight reaches a shadow
    cv2.multiply(part, cv2.merge(cool), part, dtype=cv2.CV_8U)


def fill(pixels: NDArray[np.uint8], polygon: Points, value: int | tuple[int, ...]) -> None:
    """Fills a polygon [n, 2] (any shape) with anti-aliased edges, in place. Coordinates: 0.5 is a pixel's middle."""
    fixed = np.round((polygon - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(pixels, [fixed], value if isinstance(value, tuple) else (value,), cv2.LINE_AA, 4)
