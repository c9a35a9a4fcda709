"""T-shirts with printed words: lettering that bends and darkens with the folds of the cloth it is on."""

from __future__ import annotations

import cv2
import numpy as np

from bench.watermark.artist import Artist, Mask, Rng, colour_of, legible, letters, place, sentence
from filters.image import Pixels

HALF = ((0.3, 1), (0.28, 0.5), (0.1, 0.55), (0.22, 0.2), (0.4, 0.14), (0.5, 0.18))
"""The left half of the outline, x and y in shares of the picture: hem, armpit, sleeve, shoulder, collar."""


def shirt(rng: Rng, artist: Artist, pixels: Pixels) -> Pixels:
    """The picture behind a T-shirt in one colour with two printed lines. Pixels: uint8 [h, w, 3]."""
    height, width = pixels.shape[:2]
    folds = smooth(rng, height, width)
    words = bent(printed(rng, artist, height, width), folds * rng.uniform(4, 10))
    dye = colour_of(rng, 0.4)
    ink = legible(colour_of(rng, 0.4), dye, 70)
    light = np.clip(0.8 + 0.25 * folds + rng.normal(0, 0.02, folds.shape), 0, 1)[..., None]
    cloth = (dye + (ink - dye) * words[..., None]) * light
    half = np.array(HALF)
    outline = np.vstack([half, [1, 0] + half[::-1] * [-1, 1]]) * [width, height]
    worn = cv2.fillPoly(np.zeros((height, width), np.uint8), [np.round(outline).astype(np.int32)], 1)
    return np.where(worn[..., None] > 0, np.round(cloth), pixels).astype(np.uint8)


def smooth(rng: Rng, height: int, width: int) -> Mask:
    """Hills and valleys between -1 and 1."""
    noise = rng.normal(0, 1, (height, width)).astype(np.float32)
    field = np.asarray(cv2.GaussianBlur(noise, (0, 0), rng.uniform(12, 30)), np.float32)
    return np.asarray(field / abs(field).max(), np.float32)


def printed(rng: Rng, artist: Artist, height: int, width: int) -> Mask:
    """Two lines across the chest, as coverage."""
    mask = np.zeros((height, width), np.float32)
    for down in (0.4, 0.57):
        words = sentence(rng, int(rng.integers(4, 12)))
        line = letters(artist.faces.pick(rng, words), int(rng.uniform(28, 64)), words)
        scale = min(1.0, 0.4 * width / line.shape[1])
        line = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        place(mask, line, (width - line.shape[1]) // 2, int(height * down))
    return mask


def bent(mask: Mask, shift: Mask) -> Mask:
    """Every pixel taken from `shift` pixels further right and down."""
    across, down = np.meshgrid(np.arange(mask.shape[1]), np.arange(mask.shape[0]))
    return cv2.remap(mask, (across + shift).astype(np.float32), (down + shift).astype(np.float32), cv2.INTER_LINEAR)
