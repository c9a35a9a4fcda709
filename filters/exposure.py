"""Drops photographs that are far too dark, blown out, or washed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image, Pixels

SIDE = 256
"""Working scale: longest side in pixels. Averaging takes noise and JPEG's ripples out of the extremes."""

DARK, WHITE = 12, 250
"""Luma up to which a pixel is clipped dark, and from which it is clipped bright."""

FADE_FROM = 220
"""Luma from which a pixel beside clipped white is a step of a gradual fade rather than an edge."""

PANEL = 5
"""Neighbouring levels that a flat pale surface spreads over after JPEG."""


@dataclass(frozen=True)
class Exposure(Filter):
    """Drops what is underexposed (`min_highlight`), overexposed (`max_blown`) or washed out (`min_contrast`).

    DOCSTRING_HERE
    """

    min_highlight: float = 0.3
    max_blown: float = 0.25
    min_contrast: float = 0.2

    name: ClassVar[str] = "exposure"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("mean", 0, 1, "mean luma, 0 black to 1 white"),
        Signal("dark", 0, 1, "share of pixels clipped dark"),
        Signal("bright", 0, 1, "share of pixels clipped bright"),
        Signal("highlight", 0, 1, "luma of the brightest thousandth, 0 to 1"),
        Signal("contrast", 0, 1, "luma range without the outermost thousandths, 0 to 1"),
        Signal("blown", 0, 1, "share of pixels clipped bright that fade in gradually"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtLeast("highlight", "min_highlight", "even its brightest parts are dark"),
        AtMost("blown", "max_blown", "its highlights are burnt out"),
        AtLeast("contrast", "min_contrast", "it is washed out"),
    )

    def __post_init__(self) -> None:
        for field in ("min_highlight", "max_blown", "min_contrast"):
            if not 0 <= getattr(self, field) <= 1:
                raise ValueError(f"{field} lies between 0 and 1, not {getattr(self, field)}")

    def measure(self, image: Image) -> Signals:
        grey = image.grey(SIDE)
        counts = np.bincount(grey.ravel(), minlength=256)
        below = np.cumsum(counts) / grey.size
        low, high = np.searchsorted(below, (0.001, 0.999)) / 255
        bright = float(counts[WHITE:].sum() / grey.size)
        return {
            "mean": float(counts @ np.arange(256) / grey.size / 255),
            "dark": float(below[DARK]),
            "bright": bright,
            "highlight": float(high),
            "contrast": float(high - low),
            "blown": bright * fade(grey),
        }


def fade(grey: Pixels) -> float:
    """Share, 0..1, of the border of clipped white that lies on a gradual fade; 0 where nothing is clipped.

    A sensor's highlights rise to white through all levels; ink on white paper starts with an edge. A pale panel
    beside white, as in user interfaces, is one level and not many: the commonest `PANEL` levels do not count.
    """
    white = (grey >= WHITE).astype(np.uint8)
    border = grey[(cv2.dilate(white, np.ones((3, 3), np.uint8)) > white)]
    if not border.size:
        return 0.0
    fading: NDArray[np.intp] = np.bincount(border, minlength=256)[FADE_FROM:WHITE]
    panel = np.convolve(fading, np.ones(PANEL)).max()
    return float((fading.sum() - panel) / border.size)
