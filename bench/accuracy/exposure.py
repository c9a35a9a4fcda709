"""Dark, burnt-out and washed-out pictures against low key, high key and moderate changes of light."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.sources import PHOTOS, Source, jpeg
from filters.image import Pixels

BURNT = 0.3
"""Share of clipped pixels from which a brightened photograph is a clear defect, and none to be kept."""


def cases(source: Source) -> Iterator[Case]:
    pixels, rng = source.pixels, source.rng(2)
    for stops, grade in ((-2.5, WEAK), (-4, CLEAR), (-5, CLEAR), (-6, CLEAR)):
        name = "underexposed, weak" if grade == WEAK else "underexposed"
        yield Case(source.name, name, grade, jpeg(exposed(pixels, stops)))
    for contrast, grade in ((0.3, WEAK), (0.18, CLEAR), (0.1, CLEAR)):
        name = "washed out, weak" if grade == WEAK else "washed out"
        yield Case(source.name, name, grade, jpeg(washed(pixels, contrast, float(rng.uniform(80, 190)))))
    yield Case(source.name, "as it is", CLEAN, source.data)
    if source.group not in PHOTOS:
        return  # white paper and flat drawings cannot be told from overexposed ones, nor need they
    for stops in (2, 3, 4):
        bright = exposed(pixels, stops)
        grade = CLEAR if stops > 2 and burnt(bright) else WEAK
        yield Case(source.name, "overexposed, weak" if grade == WEAK else "overexposed", grade, jpeg(bright))
    yield Case(source.name, "one stop darker", CLEAN, jpeg(exposed(pixels, -1)))
    brighter = exposed(pixels, 0.5)
    if not burnt(brighter):
        yield Case(source.name, "half a stop brighter", CLEAN, jpeg(brighter))
    yield Case(source.name, "low key", CLEAN, jpeg(curve(pixels, 2.2)))
    yield Case(source.name, "high key", CLEAN, jpeg(curve(pixels, 0.55)))


def burnt(pixels: Pixels) -> bool:
    return bool((pixels >= 250).all(axis=2).mean() > BURNT)


def exposed(pixels: Pixels, stops: float) -> Pixels:
    """As another exposure time gives it: linear light (gamma 2.2) times 2 to the `stops`."""
    levels = np.arange(256) / 255
    return looked_up(pixels, np.minimum(1, levels**2.2 * 2**stops) ** (1 / 2.2))


def curve(pixels: Pixels, gamma: float) -> Pixels:
    """Darker or lighter tones between the same black and white."""
    return looked_up(pixels, (np.arange(256) / 255) ** gamma)


def washed(pixels: Pixels, contrast: float, middle: float) -> Pixels:
    """All tones within `contrast` of the range, about `middle`."""
    return looked_up(pixels, (middle + (np.arange(256) - 127.5) * contrast) / 255)


def looked_up(pixels: Pixels, curve: NDArray[np.float64]) -> Pixels:
    return np.asarray(cv2.LUT(pixels, np.round(np.clip(curve, 0, 1) * 255).astype(np.uint8)), np.uint8)
