"""Drops images that are out of focus, smeared by motion, or enlarged from something small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.base import AtLeast, Filter, Limit, Signal, Signals
from filters.image import Image, Pixels, halve

SIDE = 512
"""Working scale: longest side in pixels. Blur that is invisible at this size does not count."""

FINE, MEDIUM, COARSE = 0.8, 1.9, 3.6
"""Standard deviations in pixels of the three Gaussians whose gradients are compared."""

CELL, WINDOW = 16, 3
"""Side of a cell in pixels and of a window in cells. Windows overlap, so that a small sharp subject fills some."""

DIRECTIONS = 4
"""Edges are judged by direction, because motion leaves those along its path sharp."""

MIN_EDGE = 2.0
"""Least gradient of an edge in grey levels a pixel; weaker ones are JPEG's ripples."""

MIN_POINTS = 8
"""Edge pixels a window needs in one direction before it is judged by it; twice as many in all directions."""

FEW_PAIRS = 200
"""Edge pixels that count as unsmeared beforehand: a stray few prove no motion."""

SHARPEST = 0.97
"""Quantile of the windows that counts: a subject in focus may fill a few hundredths of the picture."""

LINE = 0.33
"""Share of the medium scale's logarithmic steepness that is taken off the fine one's."""

WEIGHTS = 0.6, 0.4, 0.75
"""Of the steepness in all directions, in the least sharp direction, and of the smear; the first two sum to 1.

A logistic regression on the tune half (see `Blur`) has 23, 13 and 31; less of the smear, for the sake of landscapes.
"""

STEP = float(np.log(MEDIUM / FINE) - LINE * np.log(COARSE / MEDIUM))
"""Steepness of a perfect step."""

NOISY = 0.6
"""Noise (standard deviation in grey levels at the working scale) from which on the image is median-filtered."""

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True)
class Blur(Filter):
    """Drops images of which no region is sharp.

    Signal `sharpness`, 0..100: how much steeper edges are at a fine scale (sigma 0.8 px) than at a medium one (1.9 px),
    in the sharpest few hundredths of the windows. 0: nothing finer than the medium scale; a clean step about 60;
    photographs 30 to 80. Contrast cancels. Three parts are weighed: edges of all directions together; those of the
    least sharp direction; and how much softer the edges of one direction are than those across it in the same windows,
    which tells motion.

    The default was set on the tune half of `bench.accuracy` (45 sources of the demo and 83 landscapes, flowers and
    wallpapers of packages) and measured on the other half, 69 sources of the demo: Gaussian blur (sigma 2 to 4 px at
    512 px), defocus (radius 3.5 to 7) and motion (10 to 26 px, in any direction) against the same as they are, with
    grain, JPEG 40, a third of their contrast, and a twentieth to a tenth in focus before a blurred ground. Precision
    0.99, recall 0.92, F1 0.956 (0.937 to 0.973); 0.9 % of the clean images dropped, none of the originals, 3 of 69
    with the shallow focus. Recall: Gaussian 0.99, defocus 0.95, motion 0.83. On the tune half: F1 0.97, 0.9 % of the
    demo's clean images dropped and 3 % of the packages'. Weaker blur is found in part: sigma 1.2 px in an eighth,
    radius 2.5 in four tenths, motion of 6 px in nine tenths. Weak spots: motion of line drawings and text, whose lines
    become bars with edges of their own; small images, as strengths are in pixels of 512 and images are not enlarged;
    images of smooth gradients only, which score 0.

    Source: gradient ratio after S. Zhuo, T. Sim, Defocus map estimation from a single image, Pattern Recognition
    44(9), 2011 (edge width from re-blurring); noise after J. Immerkær, Fast Noise Variance Estimation, 1996. The third
    scale, the windows and the pairs of directions, and the median against grain, are ours.
    """

    min_sharpness: float = 23.0

    name: ClassVar[str] = "blur"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("sharpness", 0, 100, "steepness of the sharpest edges, 0 to 100"),)
    limits: ClassVar[tuple[Limit, ...]] = (AtLeast("sharpness", "min_sharpness", "even its sharpest region is soft"),)

    def __post_init__(self) -> None:
        if not 0 <= self.min_sharpness <= 100:
            raise ValueError(f"min_sharpness lies between 0 and 100, not {self.min_sharpness}")

    def measure(self, image: Image) -> Signals:
        return {"sharpness": sharpness(image.grey(SIDE))}


class Sums(NamedTuple):
    """Over the edge pixels of each window: their number, and products of gradients at two scales, [h, w, 4] each."""

    points: NDArray[np.float64]
    fine_medium: NDArray[np.float64]
    medium_medium: NDArray[np.float64]
    medium_coarse: NDArray[np.float64]
    coarse_coarse: NDArray[np.float64]


def sharpness(grey: Pixels) -> float:
    """Steepness of the sharpest edges of `grey` (uint8, [h, w]), 0..100; 0 where there is no edge at all."""
    noise = noise_level(grey)
    if noise > NOISY:
        grey = np.asarray(cv2.medianBlur(grey, 5), np.uint8)  # takes grain, leaves steps as steep as they are
    sums = windows(grey, max(MIN_EDGE, 0.3 * noise))
    whole = Sums(*(part.sum(axis=2) for part in sums))
    judged = whole.points >= 2 * MIN_POINTS
    if not judged.any():
        return 0.0
    sharpest = float(np.quantile(steepness(whole)[judged], SHARPEST))
    parts = sharpest, least_sharp(sums, sharpest), smear(sums)
    return float(np.clip(100 / STEP * np.dot(WEIGHTS, parts), 0, 100))


def noise_level(grey: Pixels) -> float:
    """Standard deviation of the noise in grey levels: Immerkær's estimate on the flattest fifth of the tiles.

    Over the whole image, as in the paper, fine texture and small print would pass for noise.
    """
    response = cv2.convertScaleAbs(cv2.filter2D(grey, cv2.CV_16S, _LAPLACIANS), alpha=2)  # bytes, for speed
    quarter = halve(halve(np.asarray(response, np.uint8))).astype(np.float32) / 2
    height, width = grey.shape
    tiles = cv2.resize(quarter, (max(1, width // 32), max(1, height // 32)), interpolation=cv2.INTER_AREA)
    return float(np.quantile(tiles, 0.2) * np.sqrt(np.pi / 2) / 6)


def windows(grey: Pixels, least: float) -> Sums:
    """What the edge pixels of `grey` (uint8, [h, w]) add up to, by window and direction (`direction`).

    An edge pixel is one whose medium gradient is above `least` and about the largest of its neighbourhood. The
    other gradients are taken along it with their sign, so that noise averages out instead of adding up.
    """
    pixels = grey.astype(np.float32)
    x, y = gradient(pixels, MEDIUM)
    medium = cv2.magnitude(x, y)
    crest = cv2.dilate(medium, np.ones((5, 5), np.uint8))
    np.multiply(crest, 0.85, out=crest)
    np.maximum(crest, least, out=crest)
    at = np.flatnonzero(medium >= crest)
    row, column = np.divmod(at, grey.shape[1])
    x, y, medium = x.ravel()[at], y.ravel()[at], medium.ravel()[at]

    fine_x, fine_y = gradient(pixels, FINE)
    fine = (fine_x.ravel()[at] * x + fine_y.ravel()[at] * y) / medium
    half = cv2.resize(pixels, (-(-grey.shape[1] // 2), -(-grey.shape[0] // 2)), interpolation=cv2.INTER_AREA)
    coarse_x, coarse_y = gradient(half, COARSE / 2)
    near = row // 2, column // 2
    coarse = (coarse_x[near] * x + coarse_y[near] * y) / (2 * medium)

    high, wide = -(-grey.shape[0] // CELL), -(-grey.shape[1] // CELL)
    cell = ((row // CELL) * wide + column // CELL) * DIRECTIONS + direction(x, y)
    return Sums(
        *(
            summed(cell, product, (high, wide))
            for product in (np.ones_like(fine), fine * medium, medium**2, medium * coarse, coarse**2)
        )
    )


def summed(cell: NDArray[np.intp], values: NDArray, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Sums of `values` by cell and direction (`cell`, [n]), then of the cells of each window: [h, w, 4]."""
    sums = np.bincount(cell, values, shape[0] * shape[1] * DIRECTIONS).reshape(*shape, DIRECTIONS)
    return np.asarray(cv2.boxFilter(sums, -1, (WINDOW, WINDOW), normalize=False, borderType=cv2.BORDER_CONSTANT))


def gradient(pixels: NDArray, sigma: float) -> tuple[NDArray, NDArray]:
    """Horizontal and vertical derivative of Gaussian of float32 [h, w], in grey levels a pixel."""
    side = 2 * round(3 * sigma) + 1
    smooth = cv2.GaussianBlur(pixels, (side, side), sigma)
    return cv2.Sobel(smooth, -1, 1, 0, scale=1 / 8), cv2.Sobel(smooth, -1, 0, 1, scale=1 / 8)


def direction(x: NDArray, y: NDArray) -> NDArray[np.intp]:
    """Which quarter of the half turn the line along (x, y) lies in: 0 about the x axis, 2 about the y axis."""
    along, up = np.abs(x), np.abs(y)
    narrow = np.float32(np.sqrt(2) - 1)  # the tangent of 22.5 degrees
    slanting = np.where((x > 0) == (y > 0), 1, 3)
    return np.where(up <= narrow * along, 0, np.where(along <= narrow * up, 2, slanting)).astype(np.intp)


def rise(sums: Sums) -> NDArray[np.float64]:
    """Logarithm of the least-squares ratio of fine to medium gradient."""
    return np.log(np.maximum(sums.fine_medium / np.maximum(sums.medium_medium, 1e-6), 0.7))


def steepness(sums: Sums) -> NDArray[np.float64]:
    """`rise` less a share of the same between medium and coarse scale.

    A blurred thin line is steeper at a fine scale than a blurred step, and so it is at coarser ones.
    """
    ratio = sums.medium_coarse / np.maximum(sums.coarse_coarse, 1e-6)
    return rise(sums) - LINE * np.log(np.clip(ratio, 1, 8))


def least_sharp(sums: Sums, otherwise: float) -> float:
    """The steepness of the sharpest windows in the direction where it is least, of those that are not rare."""
    steep, judged = steepness(sums), sums.points >= MIN_POINTS
    counts = sums.points.sum(axis=(0, 1))
    common = [d for d in range(DIRECTIONS) if counts[d] > 0.05 * counts.max() and judged[..., d].any()]
    return min((float(np.quantile(steep[..., d][judged[..., d]], SHARPEST)) for d in common), default=otherwise)


def smear(sums: Sums) -> float:
    """How much less edges rise in one direction than across it in the same windows: 0 or less, about -0.3 in motion."""
    turned = DIRECTIONS // 2
    pairs = np.minimum(sums.points, np.roll(sums.points, turned, axis=2))
    pairs[pairs < MIN_POINTS] = 0
    rises = rise(sums)
    difference = pairs * (rises - np.roll(rises, turned, axis=2))
    return float((difference.sum(axis=(0, 1)) / (pairs.sum(axis=(0, 1)) + FEW_PAIRS)).min())
