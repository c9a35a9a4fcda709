"""Light of a scene: where it comes from, and the pattern it makes on what it falls on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels
from synth.compositional.fields import window
from synth.compositional.materials.relief import Direction

COARSE = 8
"""Light is computed for blocks of so many pixels: it has no sharp edges."""

LightMap = NDArray[np.float32]
"""Factors [⌈h/COARSE⌉, ⌈w/COARSE⌉, 3] on the colours of an image."""


@dataclass(frozen=True)
class Light:
    """`towards`: where the light travels in the picture. `hard`: 0 (overcast) to 1 (sun). `length`: how far a shadow
    falls, in heights of what throws it. `factors`: the pattern."""

    towards: Direction
    hard: float
    length: float
    factors: LightMap
    name: str


def indoors(rng: np.random.Generator, height: int, width: int) -> Light:
    """Light of a room: soft, from a lamp, through a window's panes or through leaves."""
    angle = rng.uniform(0.15, 0.85) * np.pi  # from above, as people expect
    towards = (float(np.cos(angle)), float(np.sin(angle)))
    name = str(rng.choice(["soft", "lamp", "window", "leaves"], p=[0.4, 0.2, 0.22, 0.18]))
    rows, columns = -(-height // COARSE), -(-width // COARSE)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) * COARSE
    x, y = x / width - 0.5, y / height - 0.5
    bright = 1 - rng.uniform(0.10, 0.28) * (x * towards[0] + y * towards[1])
    if name == "lamp":
        far = np.hypot(x + towards[0] * 0.25, y + towards[1] * 0.25)
        bright = 0.62 + 0.52 * np.exp(-((far / rng.uniform(0.45, 0.7)) ** 2))
    if name in ("window", "leaves"):
        sun = panes(rng, x, y) if name == "window" else leaves(rng, rows, columns)
        bright = bright * (0.64 + 0.38 * sun)
    warm = {"soft": 0.02, "lamp": 0.10, "window": 0.06, "leaves": 0.05}[name] * rng.uniform(0.3, 1.2)
    hard = {"soft": 0.25, "lamp": 0.5, "window": 0.8, "leaves": 0.8}[name]
    length = float(rng.uniform(0.5, 1.6))
    return Light(towards, hard, length, tinted(bright.astype(np.float32), float(warm)), name)


def panes(rng: np.random.Generator, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sun through a window: bright slanted panes with soft bars between them, 0..1."""
    slant, turn = rng.uniform(-0.5, 0.5), rng.uniform(-0.4, 0.4)
    along, down = x + slant * y + rng.uniform(-0.2, 0.2), y + turn * x + rng.uniform(-0.2, 0.2)
    wide, high, bar = rng.uniform(0.35, 0.6), rng.uniform(0.4, 0.7), rng.uniform(0.10, 0.16)
    lit = (np.abs(along % wide - wide / 2) < wide * (0.5 - bar)) & (np.abs(down % high - high / 2) < high * (0.5 - bar))
    return np.asarray(cv2.GaussianBlur(lit.astype(np.float32), (0, 0), rng.uniform(1.2, 3.0)), np.float32)


def leaves(rng: np.random.Generator, rows: int, columns: int) -> NDArray[np.float32]:
    """Sun through leaves: soft round spots, 0..1."""
    size = rng.uniform(1.2, 2.4)
    spots = window(rng, "mottle", rows, columns, (size, size)) > rng.uniform(-0.5, 0.3)
    return np.asarray(cv2.GaussianBlur(spots.astype(np.float32), (0, 0), rng.uniform(1.5, 3.0)), np.float32)


def tinted(bright: NDArray[np.float32], warm: float) -> LightMap:
    """Brightness as factors of red, green, blue: warmer where it is bright, cooler in the shade."""
    lean = warm * (bright - bright.mean()) / max(float(bright.std()), 0.05) * 0.35 + warm * 0.3
    return np.stack([bright * (1 + lean), bright, bright * (1 - lean)], 2).astype(np.float32)


def of_photo(rng: np.random.Generator, photo: Pixels) -> Light:
    """Light read from a photo: its blurred luminance and colour cast, its brighter side as the light's."""
    rows, columns = -(-photo.shape[0] // COARSE), -(-photo.shape[1] // COARSE)
    small = cv2.resize(photo, (columns, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    blurred = cv2.GaussianBlur(small, (0, 0), max(rows, columns) / 7)
    grey = blurred.mean(2)
    bright = 1 + 0.55 * (grey / max(float(grey.mean()), 0.02) - 1)
    exposure = np.clip(0.62 + 0.5 * float(np.percentile(small.mean(2), 85)), 0.72, 1.06)
    cast = small.reshape(-1, 3).mean(0)
    cast = 1 + 0.16 * (cast / max(float(cast.mean()), 0.02) - 1)
    across = float(grey[:, columns // 2 :].mean() - grey[:, : columns // 2].mean())
    side = float(np.clip(-across * 4 + rng.normal(0, 0.25), -0.8, 0.8))
    towards = (side, float(np.sqrt(1 - side**2)))
    factors = np.clip(bright * exposure, 0.5, 1.25)[..., None] * cast
    return Light(towards, 0.4, 1.0, factors.astype(np.float32), "of the photo")


STEPS = 160
"""Factors are held in steps of 1/160, up to 1.59: fine enough for a picture of bytes, four times as quick as floats."""


def spread(factors: LightMap, height: int, width: int) -> Pixels:
    """A light map for every pixel, uint8 [height, width, 3] in steps of 1/STEPS."""
    rows, columns = factors.shape[:2]
    steps = cv2.convertScaleAbs(factors, alpha=STEPS)
    full = cv2.resize(steps, (columns * COARSE, rows * COARSE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[:height, :width], np.uint8)


def lit(pixels: Pixels, steps: Pixels) -> Pixels:
    """`pixels` times factors of the same shape, in steps of 1/STEPS."""
    return np.asarray(cv2.multiply(pixels, steps, scale=1 / STEPS), np.uint8)
