"""How much of an image is pixelated: squares of one tone each, side by side, as faces and plates are hidden.

Along a strip of rows, the edges of such squares are steps that stand alone, equally far apart, each from one level to
another that holds until the next; and so they are down the columns, at the same distance. Bricks, windows, print and
tables repeat too, but their steps are lines: what comes after is what was before. Own method.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.image import WORKING_SIDE, Image, Pixels

SIDE = 2 * WORKING_SIDE
"""Squares are looked for in the working copy as it is: any scaling but halving would blur their edges."""

STRIP = 16
"""Height in pixels of the strips that steps are averaged over, and side of the cells that are judged."""

LEAST, ABOVE = 1.0, 2.0
"""A step stands alone if it is this many grey levels higher than this many times the mean of its surroundings."""

AROUND = 11
"""Pixels of these surroundings, itself among them but not counted."""

SMALLEST, LARGEST = 5, 64
"""Sides in pixels of the squares that are found."""

EQUAL = 1
"""Pixels by which distances may differ."""

IN_A_ROW = 3
"""Equal distances that make a pattern. Where two squares have the same tone one of them is twice the others."""

QUIET = 0.35
"""Share of the height of the steps that the mean between them may reach: JPEG ripples there."""

HOLDS = 0.7
"""Share of the height of the steps by which the means on their two sides must differ."""

Floats = NDArray[np.float32]


def mosaic(image: Image) -> float:
    """Share of the image's area that is pixelated, 0..1."""
    return pixelated(image.grey(SIDE))


def pixelated(grey: Pixels) -> float:
    """The same of uint8 [h, w] pixels, which are taken as they are."""
    across, down = squares(grey), squares(np.ascontiguousarray(grey.T)).T
    found = (across > 0) & (down > 0) & (np.abs(across - down) <= EQUAL)
    return float(np.count_nonzero(found) * STRIP * STRIP / grey.size)


def squares(grey: Pixels) -> NDArray[np.intp]:
    """Side in pixels of the squares whose left and right edges were found in each cell, 0 for none: [h // STRIP,
    w // STRIP]."""
    height, width = grey.shape
    found = np.zeros((height // STRIP, width // STRIP), np.intp)
    if not found.size:
        return found
    steps = heights(grey)
    strips, columns = np.nonzero(alone(steps))
    for first, last, side in patterns(strips, columns):
        at = columns[first : last + 1]
        row = int(strips[first])
        if is_quiet(steps[row], at) and is_stair(grey[row * STRIP : (row + 1) * STRIP], at, steps[row, at], side):
            start, end = (int(column) // STRIP for column in (at[0] - side, at[-1] + side))
            found[row, max(0, start) : end + 1] = side
    return found


def heights(grey: Pixels) -> Floats:
    """Mean height over each strip of the step from a column to the next: float32 [h // STRIP, w - 1]."""
    strips = grey.shape[0] // STRIP
    steps = cv2.absdiff(grey[: strips * STRIP, 1:], grey[: strips * STRIP, :-1])
    return np.asarray(steps.reshape(strips, STRIP, -1).mean(axis=1, dtype=np.float32))


def alone(steps: Floats) -> NDArray[np.bool_]:
    """Which of `heights` stand alone."""
    around = (cv2.blur(steps, (AROUND, 1)) * AROUND - steps) / (AROUND - 1)
    crest = cv2.dilate(steps, np.ones((1, 5), np.uint8))
    return np.asarray((steps >= crest) & (steps > LEAST + ABOVE * around))


def patterns(strips: NDArray[np.intp], columns: NDArray[np.intp]) -> Iterator[tuple[int, int, int]]:
    """First and last index of steps in one strip that are equally far apart, and how far in pixels. The steps are
    sorted by strip and column, [n] each."""
    gaps = np.where(np.diff(strips) == 0, np.diff(columns), 0)
    fits = (gaps >= SMALLEST) & (gaps <= LARGEST)
    one, other = gaps[:-1], gaps[1:]
    equal = (np.abs(one - other) <= EQUAL) | (np.abs(one - 2 * other) <= EQUAL) | (np.abs(2 * one - other) <= EQUAL)
    edges = np.diff(np.concatenate([[False], fits[:-1] & fits[1:] & equal, [False]]).astype(np.int8))
    for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        if end - start + 1 >= IN_A_ROW:
            yield int(start), int(end) + 1, int(gaps[start : end + 1].min())


def is_quiet(steps: Floats, at: NDArray[np.intp]) -> bool:
    """Whether between the steps `at` these columns, of one strip's [w - 1], there is next to nothing."""
    whole, edges = steps[at[0] : at[-1] + 1], steps[at]
    between = float(whole.sum() - edges.sum()) / (whole.size - edges.size)
    return between < QUIET * float(edges.mean())


def is_stair(strip: Pixels, at: NDArray[np.intp], steps: Floats, side: int) -> bool:
    """Whether the `steps` behind the columns `at` of a strip, uint8 [STRIP, w], lead from one level to another: `side`
    px before and after differ in the mean of each row."""
    sums = np.zeros((STRIP, strip.shape[1] + 1), np.float32)
    np.cumsum(strip, axis=1, out=sums[:, 1:])
    step, start, end = at + 1, np.maximum(at + 1 - side, 0), np.minimum(at + 1 + side, strip.shape[1])
    before = (sums[:, step] - sums[:, start]) / (step - start)
    after = (sums[:, end] - sums[:, step]) / (end - step)
    return bool(np.abs(after - before).mean(axis=0).sum() >= HOLDS * steps.sum())
