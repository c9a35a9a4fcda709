"""Text density: images with more text than a generator can learn to write, or smaller text than it can resolve."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from filters import text_detector
from filters.base import AtLeast, AtMost, Filter, Signal, Signals
from filters.image import Image
from filters.text_detector import Line

READING_SIZE = 0.15
"""Lines higher than this share of the image's shorter side are not dense text: they are display lettering, or
the detector's mistakes on plain shapes (a petal, a leg, the moon)."""

ENOUGH = 16
"""Characters below which the size of the text is not judged: a far shop sign, or stitches taken for letters."""

GRID = 1024
"""Sides in pixels of the grid that areas are counted on."""


@dataclass(frozen=True)
class TextDensity(Filter):
    """Drops dense pages and pictures full of text too small to read.

    The "intensive text" and "small character" filters of the Qwen-Image report (arXiv 2508.02324, stage 4),
    whose rules are not published. Signals:

    - `area`: share of the image inside lines of reading size (height up to READING_SIZE), union, 0..1.
    - `characters`: how many full-width characters these lines have room for, the sum of length / height. Latin
      letters take about half of one.
    - `lines`: how many lines were found, of any size.
    - `min_line_height`: the height, about the font size, of the smallest lines that together make up a tenth of
      the length of all text, as a share of the image's shorter side: one spurious tiny line does not move it.
      NaN where there is room for fewer than ENOUGH characters.

    Text is found at 640 px on the longer side. Lines under 5 px there (0.0084 of the shorter side of a square) are
    not seen, which leaves pages of microprint and tall screen shots (beyond about 1:5) to other filters.

    Defaults: of 169 demo images they drop 13 of the 21 documents, all pages of running text or code, and one
    collage of screen shots whose letters are 9 px high in 1020; title pages, plates, diagrams and tables of
    ornaments stay. The largest values among what must stay: slides 0.15 area and 201 characters, user interfaces
    0.17 and 245 (smallest type 0.0114), title pages 0.25 and 268. Not one of 210 packaged landscapes and drawings
    is dropped. One thread: the detector's pass, 50 to 80 ms, shared with the watermark filter, then 0.6 ms.
    """

    max_area: float = 0.35
    max_characters: float = 450
    min_line_height: float = 0.01

    name = "text_density"
    signals = (
        Signal("area", 0, 1, "share of the image inside text lines"),
        Signal("characters", 0, 2000, "full-width characters the text lines have room for"),
        Signal("lines", 0, 150, "text lines"),
        Signal("min_line_height", 0, 0.1, "height of the smallest tenth of the text, share of the shorter side"),
    )
    limits = (
        AtMost("area", "max_area", "the image is covered with text"),
        AtMost("characters", "max_characters", "there is more text than a picture can carry"),
        AtLeast("min_line_height", "min_line_height", "the text is too small to read"),
    )

    def measure(self, image: Image) -> Signals:
        lines = text_detector.detect(image).lines
        readable = [line for line in lines if line.height <= READING_SIZE]
        characters = sum(line.length / line.height for line in readable)
        return {
            "area": covered(readable),
            "characters": characters,
            "lines": float(len(lines)),
            "min_line_height": smallest(readable) if characters >= ENOUGH else math.nan,
        }

    def model_files(self) -> list[Path]:
        return [text_detector.model_file()]


def covered(lines: Iterable[Line]) -> float:
    """Share of the image inside the lines, overlaps counted once: 0..1."""
    grid = np.zeros((GRID, GRID), np.uint8)
    for line in lines:
        # a pixel's centre is its integer coordinate, so the image spans -0.5 .. GRID - 0.5; 4 fractional bits
        corners = np.round((line.corners * GRID - 0.5) * 16).astype(np.int32)
        cv2.fillConvexPoly(grid, corners, 1, shift=4)
    return float(grid.mean())


def smallest(lines: Sequence[Line]) -> float:
    """The height below which a tenth of the text's length lies."""
    ordered = sorted(lines, key=lambda line: line.height)
    reached = np.cumsum([line.length for line in ordered])
    return ordered[int(np.searchsorted(reached, reached[-1] / 10))].height
