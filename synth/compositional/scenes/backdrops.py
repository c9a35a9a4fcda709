"""What is far behind: a photo, or something out of focus that is made up of soft shapes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels, near, pick, ramp, rgb
from synth.compositional.fields import window
from synth.compositional.shadow import fill
from synth.compositional.shapes import circle

PART = 4
"""What is out of focus is drawn at a quarter of the size."""


class Photos(Protocol):
    """Pictures by number, RGB uint8 [height, width, 3]."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> NDArray[np.uint8]: ...


Backdrop = Callable[[np.random.Generator, int, int], Pixels]


def photo(rng: np.random.Generator, photos: Photos, height: int, width: int) -> tuple[Pixels, float]:
    """A part of one of the photos (uint8 [h, w, 3], RGB), uint8 [height, width, 3], and how much it was enlarged."""
    source = photos[int(rng.integers(len(photos)))]
    high, wide = source.shape[:2]
    scale = min(high / height, wide / width) * float(rng.uniform(0.75, 1.0))
    rows, columns = max(1, int(height * scale)), max(1, int(width * scale))
    top, left = int(rng.integers(high - rows + 1)), int(rng.integers(wide - columns + 1))
    part = source[top : top + rows, left : left + columns]
    way = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (width, height), interpolation=way), np.uint8), 1 / scale


def enlarged(small: Pixels, height: int, width: int) -> Pixels:
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def discs(
    rng: np.random.Generator, small: Pixels, count: int, colours: Sequence[str], size: tuple[float, float], top: float
) -> Pixels:
    """Lights out of focus: bright discs that add to what they lie on, down to `top` of the height."""
    height, width = small.shape[:2]
    for _ in range(count):
        layer = np.zeros_like(small)
        centre = rng.uniform(0, width), rng.uniform(0, height * top)
        radius = rng.uniform(*size) * min(height, width)
        strength = rng.uniform(0.15, 0.75)
        red, green, blue = (int(value * strength) for value in pick(rng, *colours))
        fill(layer, circle(centre, radius), (red, green, blue))
        low, high = np.array(centre) - radius - 3, np.array(centre) + radius + 3
        x0, y0 = (int(max(0, value)) for value in low)
        x1, y1 = int(min(width, high[0])), int(min(height, high[1]))
        if x1 > x0 and y1 > y0:
            part = small[y0:y1, x0:x1]
            part[:] = cv2.add(part, layer[y0:y1, x0:x1])
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.9), np.uint8)


def street(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """A street at night, far out of focus."""
    rows, columns = -(-height // PART), -(-width // PART)
    fall = np.linspace(0, 1, rows, dtype=np.float32)[:, None] + 0.10 * window(rng, "swell", rows, columns)
    small = ramp(
        np.ascontiguousarray(fall, np.float32),
        pick(rng, "10131f", "1a1420", "0d1a20"),
        pick(rng, "2a2530", "33281f"),
        (20, 18, 18),
    )
    lights = ("ffb45e", "ffd9a0", "ff6a4d", "7fb7ff", "fff2d8", "63d6a8")
    return enlarged(discs(rng, small, int(rng.integers(18, 36)), lights, (0.02, 0.075), 0.75), height, width)


def garden(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Leaves and light out of focus."""
    rows, columns = -(-height // PART), -(-width // PART)
    field = 0.5 + 0.20 * window(rng, "swell", rows, columns) + np.linspace(0.22, -0.2, rows, dtype=np.float32)[:, None]
    ends = [
        ("16301a", "5f8f3f", "d9e8b0"),
        ("2a3216", "8d9a3c", "f0ecb8"),
        ("10302c", "3f8068", "d6efe4"),
        ("3a2412", "b5762c", "f6ddb0"),
    ]
    dark, middle, light = ends[int(rng.integers(len(ends)))]
    small = ramp(np.ascontiguousarray(field, np.float32), rgb(dark), rgb(middle), rgb(light))
    return enlarged(discs(rng, small, int(rng.integers(8, 20)), (middle, light), (0.02, 0.08), 1.0), height, width)


def room(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """A room out of focus: wall, window, furniture as soft blocks."""
    rows, columns = -(-height // PART), -(-width // PART)
    small = np.full((rows, columns, 3), pick(rng, "d8cdbb", "b9c0c2", "cfc7be", "a8927a", "8c9aa0"), np.uint8)
    small[int(rows * rng.uniform(0.6, 0.8)) :] = pick(rng, "8a6a4a", "6f5a48", "9a938a", "54463c")
    for _ in range(int(rng.integers(4, 9))):
        x, y = rng.uniform(-0.1, 0.9) * columns, rng.uniform(0.0, 0.75) * rows
        wide, high = rng.uniform(0.08, 0.35) * columns, rng.uniform(0.12, 0.55) * rows
        colour = pick(rng, "fdf6e4", "6b4e38", "3f5a56", "b35c44", "e9dcc6", "4a4f58", "c9a25a", "7d8f6a")
        fill(small, np.array([[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]]), colour)
    blur = float(rng.uniform(5, 9))
    return enlarged(np.asarray(cv2.GaussianBlur(small, (0, 0), blur), np.uint8), height, width)


def hills(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Sky over hills, soft with distance."""
    rows, columns = -(-height // PART), -(-width // PART)
    day = [("5d93c9", "cfe2ef"), ("e7a97c", "f7dfc0"), ("8795a8", "d9dde0"), ("34507c", "e39a78")][int(rng.integers(4))]
    fall = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    cloud = np.clip(window(rng, "cloud", rows, columns, (1.0, 2.0)) * 0.16 + 0.02, 0, 0.5)
    small = ramp(np.ascontiguousarray(fall + cloud, np.float32), rgb(day[0]), rgb(day[1]), (250, 248, 242))
    green = near(rng, [rgb("4c6b45"), rgb("6f7a4a"), rgb("51646b")][int(rng.integers(3))])
    for layer in range(3):
        line = rows * (0.52 + 0.13 * layer) + rng.normal(0, 0.02 * rows)
        ridge = line - np.interp(np.linspace(0, 6, columns), range(7), rng.uniform(0, 0.10 * rows, 7))
        far = (2 - layer) / 2 * 0.55
        colour = np.asarray(green) * (1 - far) + np.asarray(rgb(day[1])) * far
        share = np.clip(np.arange(rows)[:, None] - ridge[None], 0, 1)[..., None]
        small = (small + (colour - small) * share).astype(np.uint8)
    return enlarged(np.asarray(cv2.GaussianBlur(small, (0, 0), 1.8), np.uint8), height, width)


def shelf(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """A shelf of books, a little out of focus."""
    rows, columns = -(-height // 2), -(-width // 2)
    small = np.full((rows, columns, 3), (30, 24, 20), np.uint8)
    deep = rows / float(rng.integers(2, 4))
    for row in range(int(rows / deep) + 1):
        floor, x = (row + 1) * deep - 0.06 * deep, -rng.uniform(0, 0.1) * deep
        while x < columns:
            wide, high = rng.uniform(0.06, 0.2) * deep, rng.uniform(0.62, 0.88) * deep
            colour = pick(rng, "7c2a2a", "2b3f63", "3a5a45", "b58a4a", "d9cdb2", "3a3438", "8a5a3a", "5f7f8c", "c46a3c")
            lean = rng.normal(0, 0.01) * deep
            spine = np.array([[x + lean, floor - high], [x + wide + lean, floor - high], [x + wide, floor], [x, floor]])
            fill(small, spine, near(rng, colour, 10))
            x += wide + 1
        board = np.array([[0, floor], [columns, floor], [columns, floor + 0.07 * deep], [0, floor + 0.07 * deep]])
        fill(small, board, pick(rng, "8a6440", "6b4a30", "a9825a"))
    soft = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(2.5, 5)))
    return enlarged(np.asarray(soft, np.uint8), height, width)


INDOORS: dict[str, Backdrop] = {
    "blurred room": room,
    "bookshelf": shelf,
    "blurred garden": garden,
    "night street": street,
}
OUTDOORS: dict[str, Backdrop] = {"hills and sky": hills, "blurred garden": garden, "night street": street}
