"""Noise fields from which every surface is made: computed once a process from fixed seeds, so they are constants.

A field tiles without a seam. A sample takes a window of it at a place of its own choice.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 1024
"""Period of the fields in pixels."""

Plane = NDArray[np.float32]

SPECTRA = ("grain", "mottle", "cloud", "streak", "band", "fibre", "swell")


def window(
    rng: np.random.Generator, name: str, height: int, width: int, stretch: tuple[float, float] = (1, 1)
) -> Plane:
    """A window of field `name` (one of SPECTRA), float32 [height, width], mean 0, standard deviation 1, within ±4.

    `stretch`: by how much it is enlarged down and across (at least 1: finer detail than the field's does not exist).
    """
    rows, columns = int(np.ceil(height / stretch[0])), int(np.ceil(width / stretch[1]))
    top, left, turn = rng.integers(SIDE), rng.integers(SIDE), rng.integers(4)
    source = field(name)[:: 1 - 2 * int(turn & 1), :: 1 - 2 * int(turn >> 1)]
    part = source.take(np.arange(top, top + rows) % SIDE, 0).take(np.arange(left, left + columns) % SIDE, 1)
    plane = np.multiply(part, np.float32(1 / 32), dtype=np.float32)
    if plane.shape == (height, width):
        return plane
    return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


@cache
def field(name: str) -> NDArray[np.int8]:
    """The whole field, int8 [SIDE, SIDE], in 1/32 of its standard deviation."""
    noise = np.random.default_rng(SPECTRA.index(name)).standard_normal((SIDE, SIDE))
    plane = strokes() if name == "fibre" else np.fft.irfft2(np.fft.rfft2(noise) * gain(name), s=noise.shape)
    plane = (plane - plane.mean()) / plane.std()
    return np.round(np.clip(plane * 32, -127, 127)).astype(np.int8)


def gain(name: str) -> NDArray[np.float64]:
    """What the spectrum of white noise is multiplied by."""
    down, across = np.meshgrid(np.fft.fftfreq(SIDE), np.fft.rfftfreq(SIDE), indexing="ij")
    both = np.hypot(down, across)
    gauss = {  # standard deviation in pixels, down and across
        "grain": np.exp(-2 * (np.pi * 0.7 * both) ** 2),
        "streak": np.exp(-2 * np.pi**2 * ((0.7 * down) ** 2 + (45 * across) ** 2)),
        "swell": np.exp(-2 * (np.pi * 16 * both) ** 2) / (1 + (both / 0.006) ** 2),
        "band": np.exp(-2 * np.pi**2 * ((7 * down) ** 2 + (110 * across) ** 2)),
    }
    if name in gauss:
        return gauss[name]
    knee, fall = {"mottle": (1 / 60, 1.3), "cloud": (1 / 400, 1.9)}[name]
    return 1 / (1 + (both / knee) ** 2) ** (fall / 2) * (both > 0)


def strokes() -> NDArray[np.float64]:
    """Short bent fibres in all directions, laid over each other."""
    rng = np.random.default_rng(99)
    sheet = np.zeros((SIDE, SIDE), np.uint8)
    for _ in range(9000):
        start, angle, bend = rng.uniform(0, SIDE, 2), rng.uniform(0, np.pi), rng.normal(0, 0.25)
        turns = angle + bend * np.arange(6)
        path = start + np.cumsum(np.stack([np.cos(turns), np.sin(turns)], 1), 0) * rng.uniform(2, 7)
        tone = int(rng.integers(60, 255))
        cv2.polylines(sheet, [np.round(path * 16).astype(np.int32)], False, tone, 1, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(sheet, (0, 0), 0.7).astype(np.float64)
