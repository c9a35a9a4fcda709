"""How bright, contrasty, colourful and flat an image is: plain measures that tell kinds of images apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filters.image import Image, Pixels

SIDE = 256
"""Longer side in pixels at which light and colour are measured: averaging takes noise and JPEG's ripples away."""

FLAT_SIDE = 512
"""Longer side in pixels at which flatness is measured: printed letters must not melt into a grey surface."""


@dataclass(frozen=True)
class Tone:
    """`brightness`: median luma, 0..255. `contrast`: difference of the 95th and 5th percentile of luma, 0..255.
    `saturation`: mean of HSV's S, 0..1. `flatness`: share of pixels whose right and lower neighbours are exactly
    equal, 0..1."""

    brightness: float
    contrast: float
    saturation: float
    flatness: float


def measure(image: Image) -> Tone:
    """The tone of an image; luma is Rec. 601. 1 ms beyond decoding."""
    grey = image.grey(SIDE)
    below = np.cumsum(np.bincount(grey.ravel(), minlength=256)) / grey.size
    low, middle, high = (float(level) for level in np.searchsorted(below, (0.05, 0.5, 0.95)))
    return Tone(middle, high - low, saturation(image.rgb(SIDE)), flatness(image.rgb(FLAT_SIDE)))


def saturation(pixels: Pixels) -> float:
    """Mean of HSV's S of uint8 [h, w, 3] RGB pixels, 0..1."""
    return float(cv2.mean(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))[1] / 255)


def flatness(pixels: Pixels) -> float:
    """Share of uint8 [h, w, 3] RGB pixels with equal neighbours, 0..1; 1 for a single row or column, which has none."""
    corner = pixels[:-1, :-1]
    if not corner.size:
        return 1.0
    differing = (corner ^ pixels[1:, :-1]) | (corner ^ pixels[:-1, 1:])
    any_channel = differing[..., 0] | differing[..., 1] | differing[..., 2]
    return 1 - np.count_nonzero(any_channel) / any_channel.size
