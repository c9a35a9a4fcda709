"""The image as a vision model is sent it: a JPEG whose sides are multiples of 28 px, within a budget of tokens.

Qwen2.5-VL (arXiv 2502.13923) makes one visual token of 28 × 28 pixels. Servers would scale the image too, but
there it is done in one thread, and a large upload is paid for twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PATCH = 28
"""Side in pixels of what makes one visual token."""

LEAST_TOKENS, MOST_TOKENS = 256, 1280
"""Visual tokens of a picture: fewer lose small print, more cost the server time and context."""

MOST_RATIO = 200
"""Longer side over shorter side; Qwen's processors refuse more. A longer image is squeezed."""

QUALITY = 90
"""Of the JPEG."""


@dataclass(frozen=True)
class Picture:
    """`jpeg`: encoded, `width` × `height` px, both multiples of 28. `tokens`: how many visual tokens it makes."""

    jpeg: bytes
    width: int
    height: int

    @property
    def tokens(self) -> int:
        return self.width * self.height // PATCH**2


def picture(pixels: NDArray[np.uint8], most_tokens: int = MOST_TOKENS) -> Picture:
    """`pixels` (uint8, [h, w, 3], RGB) at the size that `fit` chooses, as JPEG."""
    height, width = pixels.shape[:2]
    size = fit(width, height, most_tokens)
    if size != (width, height):
        smaller = size[0] * size[1] < width * height
        pixels = _resized(pixels, size, cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError(f"no JPEG can be made of {size[0]} × {size[1]} px")
    return Picture(jpeg.tobytes(), *size)


def fit(width: int, height: int, most_tokens: int = MOST_TOKENS) -> tuple[int, int]:
    """(width, height) in pixels of the picture made of an image of `width` × `height` px, each at least 1.

    Both are multiples of 28, their ratio is as near to the image's as they allow and at most 200, and they make 256
    to `most_tokens` tokens (fewer than 256 only where `most_tokens` is below 300). Between the bounds the size stays
    as it is, to the nearest multiples.

    After Qwen's `smart_resize` (in Qwen-VL's `qwen_vl_utils` and transformers), which takes a size made here as it
    is. Unlike it, the longer side is chosen to go with the shorter one: rounding each by itself changes the shape
    of narrow images by up to a third, and may pass both the bounds and the ratio that it accepts.
    """
    longer, shorter = max(width, height), min(width, height)
    ratio = min(longer / shorter, MOST_RATIO)
    least = min(LEAST_TOKENS, most_tokens)
    area = min(max(longer / PATCH * shorter / PATCH, least), most_tokens)
    ideal = math.sqrt(area / ratio)
    sides = [side for short in _around(ideal) for side in _sides(short, ratio, least, most_tokens)]
    long, short = min(sides, key=lambda side: (side[0] * side[1] < least, abs(math.log(side[0] / side[1] / ratio))))
    return (long * PATCH, short * PATCH) if width >= height else (short * PATCH, long * PATCH)


def _sides(short: int, ratio: float, least: int, most: int) -> list[tuple[int, int]]:
    """(longer, shorter) in tokens: those that go with `short` best, within the bounds."""
    fewest, largest = math.ceil(least / short), min(most // short, MOST_RATIO * short)
    return [(min(max(long, fewest), largest), short) for long in _around(short * ratio)]


def _around(tokens: float) -> tuple[int, int]:
    """The whole numbers from 1 on that `tokens` lies between."""
    return max(1, math.floor(tokens)), math.ceil(tokens)


def _resized(pixels: NDArray[np.uint8], size: tuple[int, int], method: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)
