"""Empty images: flat, nearly flat, lens cap, against whatever holds a picture."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.sources import Source, jpeg
from filters.image import Pixels


def cases(source: Source) -> Iterator[Case]:
    pixels, rng = source.pixels, source.rng(3)
    flat = np.empty_like(pixels)
    flat[:] = pixels[rng.integers(pixels.shape[0]), rng.integers(pixels.shape[1])]
    yield Case(source.name, "one colour", CLEAR, jpeg(flat))
    yield Case(source.name, "one colour with a small mark", CLEAR, jpeg(marked(flat, rng)))
    yield Case(source.name, "lens cap: black under noise", CLEAR, jpeg(noisy(np.zeros_like(pixels), rng, 2)))
    faint = np.round(pixels.mean() + (pixels.astype(np.float32) - pixels.mean()) * 0.004)
    yield Case(source.name, "contrast of a level or two", CLEAR, jpeg(np.clip(faint, 0, 255).astype(np.uint8)))
    yield Case(source.name, "one colour under grain", WEAK, jpeg(noisy(flat, rng, 8)))
    yield Case(source.name, "as it is", CLEAN, source.data)
    yield Case(source.name, "a quarter of the contrast", CLEAN, jpeg((128 + (pixels - 128.0) / 4).astype(np.uint8)))
    yield Case(source.name, "JPEG quality 40", CLEAN, jpeg(pixels, 40))


def noisy(pixels: Pixels, rng: np.random.Generator, deviation: float) -> Pixels:
    return np.clip(pixels + rng.normal(0, deviation, pixels.shape), 0, 255).astype(np.uint8)


def marked(flat: Pixels, rng: np.random.Generator) -> Pixels:
    """A dot of a sixtieth of the longer side in the contrary colour."""
    height, width = flat.shape[:2]
    radius = max(2, max(height, width) // 120)
    at = int(rng.integers(radius, width - radius)), int(rng.integers(radius, height - radius))
    colour = [int(level) for level in (255 if flat.mean() < 128 else 0) * np.ones(3)]
    return np.asarray(cv2.circle(flat.copy(), at, radius, colour, -1), np.uint8)
