"""Drops images that are out of focus, smeared by motion, or enlarged from something small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.base import AtLeast, Filter, Limit, Signal, Signals
from filters.image import Image, Pixels, halve

SIDE = 512
"""Working scale: longest side in pixels. Blur that is invisible at this size does not count."""

FINE, COARSE = 0.8, 1.9
"""Standard deviations in pixels of the two Gaussians whose gradients are compared."""

TILE = 64
"""Side in pixels of the regions of which the sharpest counts."""

DIRECTIONS = 4
"""Edges are judged by direction, because motion leaves those along its path sharp."""

MIN_EDGE = 2.0
"""Least gradient of an edge in grey levels a pixel; weaker ones are JPEG's ripples."""

MIN_POINTS = 10
"""Edge pixels a tile needs in one direction before it is judged by it."""

NOISY = 0.6
"""Noise (standard deviation in grey levels at the working scale) from which on the image is median-filtered."""

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class Blur(Filter):
    """Drops images whose sharpest region is still soft.

    Signal `sharpness`, 0..100: how much steeper edges are at a fine scale (sigma 0.8 px) than at a coarse one
    (1.9 px), in the sharpest twentieth of the tiles and the least sharp direction. 0: nothing finer than the coarse
    scale; a clean step about 50, thin lines and texture 60 and more. A ratio, so contrast cancels.

    Default 28, set on 198 source images and measured on 123 others (photographs, paintings, drawings, documents,
    screenshots), each with noise, JPEG 30 to 50, a third of its contrast, half its size and a blurred
    surround, against Gaussian blur (sigma 2 to 4 px at 512 px), defocus (radius 3.5 to 7) and motion (10 to 26 px),
    each plain, under grain and under JPEG: precision 0.99, recall 0.92, F1 0.95; 0.8 % of the clean variants and none
    of the originals dropped (2.7 % and 2.0 % of those it was set on). Recall: Gaussian 0.95, defocus 0.93, motion
    0.87. Weaker blur (sigma 0.9 to 2, radius 1.8 to 3.5, motion 4 to 10) is found in a third. Weak spots: motion
    along the only edges there are; a shallow focus with few fine edges; images of smooth gradients only, which
    score 0.

    Source: gradient ratio after S. Zhuo, T. Sim, Defocus map estimation from a single image, Pattern Recognition
    44(9), 2011 (edge width from re-blurring); noise after J. Immerkær, Fast Noise Variance Estimation, 1996. Signed
    averaging by tile and direction, and the median against grain, are ours.
    """

    min_sharpness: float = 28.0

    name: ClassVar[str] = "blur"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("sharpness", 0, 100, "steepness of the sharpest edges, 0 to 100"),)
    limits: ClassVar[tuple[Limit, ...]] = (AtLeast("sharpness", "min_sharpness", "even its sharpest region is soft"),)

    def __post_init__(self) -> None:
        if not 0 <= self.min_sharpness <= 100:
            raise ValueError(f"min_sharpness lies between 0 and 100, not {self.min_sharpness}")

    def measure(self, image: Image) -> Signals:
        return {"sharpness": sharpness(image.grey(SIDE))}


def sharpness(grey: Pixels) -> float:
    """Steepness of the sharpest edges of `grey` (uint8, [h, w]), 0..100; 0 where there is no edge at all."""
    noise = noise_level(grey)
    if noise > NOISY:
        grey = np.asarray(cv2.medianBlur(grey, 5), np.uint8)  # takes grain, leaves steps as steep as they are
    across, strength, tile, direction = edges(grey, max(MIN_EDGE, 0.3 * noise))
    counts = np.bincount(direction, minlength=DIRECTIONS)
    present = counts > 0.05 * counts.max()  # a stray few prove no motion
    ratios = sharpest(direction, tile, across, strength)[present]
    ratio = np.nanmin(ratios) if np.isfinite(ratios).any() else 1.0
    return float(np.clip(100 * (ratio - 1) / (COARSE / FINE - 1), 0, 100))


def noise_level(grey: Pixels) -> float:
    """Standard deviation of the noise in grey levels: Immerkær's estimate on the flattest fifth of the tiles.

    Over the whole image, as in the paper, fine texture and small print would pass for noise.
    """
    response = cv2.convertScaleAbs(cv2.filter2D(grey, cv2.CV_16S, _LAPLACIANS), alpha=2)  # bytes, for speed
    quarter = halve(halve(np.asarray(response, np.uint8))).astype(np.float32) / 2
    height, width = grey.shape
    tiles = cv2.resize(quarter, (max(1, width // 32), max(1, height // 32)), interpolation=cv2.INTER_AREA)
    return float(np.quantile(tiles, 0.2) * np.sqrt(np.pi / 2) / 6)


def edges(grey: Pixels, least: float) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Pixels on edges: fine gradient across the edge, coarse gradient, tile index, direction (0..3), [n] each.

    An edge pixel is one whose coarse gradient is above `least` and about the largest of its neighbourhood. The
    fine gradient is taken along the coarse one with its sign, so that noise averages out instead of adding up.
    """
    pixels = grey.astype(np.float32)
    fine_x, fine_y = gradient(pixels, FINE)
    x, y = gradient(pixels, COARSE)
    magnitude = cv2.magnitude(x, y)
    crest = cv2.dilate(magnitude, np.ones((5, 5), np.uint8))
    np.multiply(crest, 0.85, out=crest)
    np.maximum(crest, least, out=crest)
    at = np.flatnonzero(magnitude >= crest)
    x, y, strength = x.ravel()[at], y.ravel()[at], magnitude.ravel()[at]
    across = (fine_x.ravel()[at] * x + fine_y.ravel()[at] * y) / strength
    row, column = np.divmod(at, grey.shape[1])
    tile = row // TILE * (grey.shape[1] // TILE + 1) + column // TILE
    return across, strength, tile, eighth(x, y)


def eighth(x: NDArray, y: NDArray) -> NDArray[np.intp]:
    """Which eighth of the turn the line along (x, y) lies in, 0..3 from the x axis; a line has no sign."""
    x = np.where((y < 0) | ((y == 0) & (x < 0)), -x, x)
    y = np.abs(y)
    return np.where(x > 0, y >= x, 3 - (y > -x)).astype(np.intp)


def gradient(pixels: NDArray, sigma: float) -> tuple[NDArray, NDArray]:
    """Horizontal and vertical derivative of Gaussian of float32 [h, w], in grey levels a pixel."""
    side = 2 * round(3 * sigma) + 1
    smooth = cv2.GaussianBlur(pixels, (side, side), sigma)
    return cv2.Sobel(smooth, -1, 1, 0, scale=1 / 8), cv2.Sobel(smooth, -1, 0, 1, scale=1 / 8)


def sharpest(direction: NDArray, tile: NDArray, across: NDArray, strength: NDArray) -> NDArray[np.float64]:
    """Ratio of fine to coarse gradient in the sharpest twentieth of the tiles, a direction; NaN without enough edges.

    A tile's ratio is the least-squares one less two standard errors: few or disagreeing pixels prove little.
    """
    tiles = int(tile.max(initial=0)) + 1
    at = direction * tiles + tile
    cells = DIRECTIONS * tiles
    energy = np.maximum(np.bincount(at, strength**2, cells), 1e-9)
    ratio = np.bincount(at, across * strength, cells) / energy
    residual = strength * (across - ratio[at] * strength)
    error = np.sqrt(np.bincount(at, residual**2, cells)) / energy
    judged = np.where(np.bincount(at, minlength=cells) >= MIN_POINTS, ratio - 2 * error, np.nan)
    return np.array(
        [np.quantile(row[row == row], 0.95) if (row == row).any() else np.nan for row in judged.reshape(-1, tiles)]
    )
