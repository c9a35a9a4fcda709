"""Light and shade of a bumpy surface, from its heights."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Direction = tuple[float, float]
"""Where light travels to, across the picture: unit vector, x to the right and y down."""


def slope(heights: NDArray[np.float32], light: Direction) -> NDArray[np.float32]:
    """How much the surface faces the light: positive where it rises against it. Heights in pixels, float32 [h, w]."""
    across = cv2.Sobel(heights, cv2.CV_32F, 1, 0, ksize=3, scale=light[0] / 8)
    down = cv2.Sobel(heights, cv2.CV_32F, 0, 1, ksize=3, scale=light[1] / 8)
    return np.asarray(cv2.add(across, down), np.float32)


def apply(pixels: NDArray[np.uint8], shade: NDArray[np.float32]) -> NDArray[np.uint8]:
    """`pixels` uint8 [h, w, 3] times the factor `shade`, [h, w], below 2; in steps of 1/128, for speed."""
    steps = cv2.convertScaleAbs(np.maximum(shade, 0), alpha=128)
    return np.asarray(cv2.multiply(pixels, cv2.merge([steps] * 3), scale=1 / 128), np.uint8)
