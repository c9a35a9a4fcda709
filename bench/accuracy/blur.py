"""Blur in grades, by Gaussian, defocus and motion, against sharp images that have little sharp in them."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.sources import Source, jpeg
from filters.image import Pixels

SIDE = 512
"""Strengths are in pixels of an image of this longer side."""

BLURRED = ("clock_motion",)
"""Sources that are blurred by nature."""

GRADES = {
    "gaussian": ((1.2, WEAK), (2, CLEAR), (3, CLEAR), (4, CLEAR)),
    "defocus": ((2.5, WEAK), (3.5, CLEAR), (5, CLEAR), (7, CLEAR)),
    "motion": ((6, WEAK), (10, CLEAR), (18, CLEAR), (26, CLEAR)),
}
"""Standard deviation, radius and length."""


def cases(source: Source) -> Iterator[Case]:
    if source.key in BLURRED:
        return
    pixels, rng = source.pixels, source.rng(1)
    unit = max(pixels.shape[:2]) / SIDE
    for kind, strengths in GRADES.items():
        for strength, grade in strengths:
            soft = blurred(pixels, kind, strength * unit, float(rng.uniform(0, 180)))
            name = f"{kind}, weak" if grade == WEAK else kind
            yield Case(source.name, name, grade, jpeg(soft))
    noisy = pixels + rng.normal(0, 6, pixels.shape)
    yield Case(source.name, "as it is", CLEAN, source.data)
    yield Case(source.name, "JPEG quality 40", CLEAN, jpeg(pixels, 40))
    yield Case(source.name, "grain", CLEAN, jpeg(np.clip(noisy, 0, 255).astype(np.uint8)))
    yield Case(source.name, "a third of the contrast", CLEAN, jpeg((128 + (pixels - 128.0) / 3).astype(np.uint8)))
    yield Case(source.name, "shallow depth of field", CLEAN, jpeg(shallow(pixels, unit)))


def blurred(pixels: Pixels, kind: str, size: float, angle: float) -> Pixels:
    if kind == "gaussian":
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), size), np.uint8)
    return np.asarray(cv2.filter2D(pixels, -1, kernel(kind, size, angle), borderType=cv2.BORDER_REFLECT), np.uint8)


def kernel(kind: str, size: float, angle: float) -> NDArray[np.float32]:
    """A disc of radius `size`, or a line of length `size` at `angle` degrees; drawn eightfold, sums to 1."""
    reach = int(np.ceil(size if kind == "defocus" else size / 2)) + 1
    side = 2 * reach + 1
    canvas = np.zeros((side * 8, side * 8), np.float32)
    middle = side * 4
    if kind == "defocus":
        cv2.circle(canvas, (middle, middle), round(size * 8), 1, -1)
    else:
        step = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * size * 4
        ends = [tuple(int(v) for v in np.round(middle + sign * step)) for sign in (-1, 1)]
        cv2.line(canvas, ends[0], ends[1], 1, 8)
    small = np.asarray(cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA), np.float32)
    return small / small.sum()


def shallow(pixels: Pixels, unit: float) -> Pixels:
    """All but an oval about the most detailed place out of focus, the sharp part about a tenth of the image."""
    height, width = pixels.shape[:2]
    detail = np.abs(cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_32F))
    detail = cv2.blur(detail, (width // 3, height // 3), borderType=cv2.BORDER_CONSTANT)
    _, _, _, (x, y) = cv2.minMaxLoc(detail)
    mask = np.zeros((height, width), np.float32)
    cv2.ellipse(mask, (x, y), (width // 6, height // 6), 0, 0, 360, 1, -1)
    share = np.asarray(cv2.GaussianBlur(mask, (0, 0), 8 * unit))[..., None]
    return np.asarray(pixels * share + blurred(pixels, "defocus", 6 * unit, 0) * (1 - share), np.uint8)
