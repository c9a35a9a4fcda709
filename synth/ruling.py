"""Lines printed on writing paper: ruled, squared, dotted, with margins, or columns for vertical Chinese."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.palette import Colour

KINDS = ("ruled", "squared", "dotted")
MANUSCRIPT = "columns"
"""Upright lines between the columns of vertical text."""


@dataclass(frozen=True)
class Grid:
    """Where writing stands. `start` and `pitch`: first baseline and distance of baselines, in pixels, down the page.

    Of vertical text: right edge of the first column and distance of columns, leftwards. `area`: left, top, right and
    bottom of what was written.
    """

    start: float
    pitch: float
    area: tuple[float, float, float, float]


def rule(pixels: NDArray[np.uint8], kind: str, grid: Grid, colour: Colour, margin: Colour | None = None) -> None:
    """Draws lines of `kind` (of KINDS, or MANUSCRIPT) under the writing, in place; `margin`: colour of an upright one.

    Ruled lines lie a sixth of their distance below the baselines; squares and dots are half a line wide and high.
    """
    if kind == MANUSCRIPT:
        return columns(pixels, grid, colour)
    height, width = pixels.shape[:2]
    pitch = grid.pitch if kind == "ruled" else grid.pitch / 2
    first = (grid.start + grid.pitch / 6) % pitch
    rows = np.arange(first, height, pitch)
    if kind == "ruled":
        rows = rows[rows > grid.area[1] - 0.5 * grid.pitch]
    uprights = np.arange(grid.area[0] % pitch, width, pitch) if kind != "ruled" else np.empty(0)
    if kind == "dotted":
        return dots(pixels, rows, uprights, colour)
    across(pixels, rows, colour)
    down(pixels, uprights, colour)
    if margin and kind == "ruled":
        down(pixels, np.array([grid.area[0] - 0.35 * pitch]), margin)


def across(pixels: NDArray[np.uint8], rows: NDArray, colour: Colour) -> None:
    """Lines of 1 px over the whole width."""
    pixels[np.unique(rows.astype(int)).clip(0, len(pixels) - 1)] = colour


def down(pixels: NDArray[np.uint8], places: NDArray, colour: Colour) -> None:
    """Lines of 1 px over the whole height."""
    pixels[:, np.unique(places.astype(int)).clip(0, pixels.shape[1] - 1)] = colour


def dots(pixels: NDArray[np.uint8], rows: NDArray, places: NDArray, colour: Colour) -> None:
    """Dots of 2×2 px at every crossing."""
    y, x = (np.concatenate([axis, axis + 1]).astype(int) for axis in (rows, places))
    y, x = y[y < pixels.shape[0]], x[x < pixels.shape[1]]
    pixels[np.ix_(y, x)] = colour


def columns(pixels: NDArray[np.uint8], grid: Grid, colour: Colour) -> None:
    """A frame around vertical text with a line between each two columns, as in a thread-bound book."""
    left, top, right, bottom = grid.area
    pad = grid.pitch * 0.35
    top, bottom = round(top - pad), round(bottom + pad)
    count = round((right - left) / grid.pitch)
    for index in range(count + 1):
        x = round(grid.start - index * grid.pitch)
        cv2.line(pixels, (x, top), (x, bottom), colour, 1)
    x0, x1 = round(grid.start - count * grid.pitch), round(grid.start)
    cv2.rectangle(pixels, (x0, top), (x1, bottom), colour, 2)
    cv2.rectangle(pixels, (x0 - 6, top - 6), (x1 + 6, bottom + 6), colour, 1)
