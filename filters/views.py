"""Further hashes of an image: of its middle, of it without a strip at its foot, and of its mirror image.

A crop moves the edges that a hash hangs on: of copies cropped by 5 % around the middle 88 % are within 8 bits of the
original, by 10 % 35 %. The hash of the original's own middle, 0.94 of either side, is as near to them as the
original's is to a small crop: then all and 97 % are. As either image of a pair may be the larger one, frames
and caption strips are found the same way. Own arrangement.

The hashes come from the cosine transform of the part itself, over a grid of the whole image: 0.25 ms for all.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.image import Pixels
from filters.phash import LOW, hash_bits


class View(NamedTuple):
    """A part of an image, in shares of its width and height; `mirrored` from left to right."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0
    mirrored: bool = False


WHOLE = View()
MIRRORED = View(mirrored=True)
PARTS = (View(0.03, 0.03, 0.97, 0.97), View(bottom=0.91))
VIEWS = (WHOLE, *PARTS, MIRRORED)
"""What an image has hashes of, in this order. The last is missing from images on plain ground, see `is_plain`."""

GRID = 128
"""Side in cells of the grid that parts are cut from."""

PLAIN = 0.35
"""An image is on plain ground if this share of its cells has one level, give or take two."""


def view_hashes(luma: Pixels, tile: Pixels, frequencies: NDArray[np.float64]) -> bytes:
    """8 bytes for each of `VIEWS` but the first, high bits first.

    Of the luma plane (uint8, [h, w]), its 32×32 tile and the tile's lowest frequencies (filters/phash.py). The mirror
    image of an image on plain ground is left out: an arrow, a hand or a letter turned round means something else.
    """
    grid = cv2.resize(luma, (GRID, GRID), interpolation=cv2.INTER_AREA).astype(np.float32)
    hashes = [hash_bits(down @ grid @ across.T) for down, across in _PARTS]
    if not is_plain(tile):
        hashes.append(hash_bits(frequencies * _MIRROR))
    return b"".join(hash.to_bytes(8, "big") for hash in hashes)


def is_plain(tile: Pixels) -> bool:
    """Whether much of a grey tile has one level: drawings, pages and slides, hardly a photograph."""
    levels = np.bincount(tile.ravel(), minlength=256)
    return bool(np.convolve(levels, np.ones(5)).max() >= PLAIN * tile.size)


def _waves(low: float, high: float) -> NDArray[np.float32]:
    """[8, 128]: what each cell of the grid adds to the 8 lowest frequencies of the part from `low` to `high`."""
    sides = np.arange(GRID + 1) / GRID
    centre = ((sides[1:] + sides[:-1]) / 2 - low) / (high - low)
    covered = np.clip(np.minimum(sides[1:], high) - np.maximum(sides[:-1], low), 0, None)
    return (np.cos(np.pi * np.arange(LOW)[:, None] * centre) * covered).astype(np.float32)


_PARTS = [(_waves(part.top, part.bottom), _waves(part.left, part.right)) for part in PARTS]
_MIRROR = np.where(np.arange(LOW) % 2, -1.0, 1.0)
"""Mirrored, the odd waves across change their sign."""
