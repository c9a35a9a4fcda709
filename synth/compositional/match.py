"""Matching to the scene: the same softness and the same grain for what was put in as for what was there."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


def grain_of(pixels: Pixels) -> float:
    """Standard deviation of an image's noise in grey levels, from its flattest fifth of tiles.

    Source: J. Immerkær, Fast Noise Variance Estimation, 1996.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, _LAPLACIANS))
    size = max(1, grey.shape[1] // 32), max(1, grey.shape[0] // 32)
    tiles = cv2.resize(response, size, interpolation=cv2.INTER_AREA)
    return float(np.quantile(tiles, 0.2) * np.sqrt(np.pi / 2) / 6)


def softened(pixels: NDArray[np.uint8], blur: float) -> NDArray[np.uint8]:
    """Blurred by a standard deviation of `blur` pixels; below 0.25 as it is."""
    if blur < 0.25:
        return pixels
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), blur), np.uint8)


def grained(rng: np.random.Generator, pixels: Pixels, deviation: float) -> Pixels:
    """With noise of the given standard deviation in levels: mostly of brightness, a little of colour."""
    if deviation < 0.3:
        return pixels
    height, width = pixels.shape[:2]
    grey = triangular(rng, (height, width)) * np.float32(0.9 * deviation)
    colour = triangular(rng, (height // 2 + 1, width // 2 + 1, 3)) * np.float32(0.45 * deviation)
    wide = cv2.resize(colour, (width, height), interpolation=cv2.INTER_LINEAR)
    wide = cv2.add(wide, cv2.merge([grey, grey, grey]))
    return np.asarray(cv2.add(pixels, wide, dtype=cv2.CV_8U), np.uint8)


def triangular(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Noise of mean 0 and deviation 1: the difference of two bytes, six times as quick as normal numbers."""
    count = int(np.prod(shape))
    raw = np.frombuffer(rng.bytes(2 * count), np.uint8)
    difference = cv2.subtract(raw[:count].reshape(count, 1), raw[count:].reshape(count, 1), dtype=cv2.CV_32F)
    return np.asarray(difference * np.float32(1 / 104.51), np.float32).reshape(shape)
