"""What is known of an image without a vision model: plain numbers and strings, measured elsewhere.

The embedded engine writes its annotations from them, and the answers of vision models are held against them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One line of text as OCR read it.

    `score`: mean probability of its characters, 0..1. `language`: BCP-47 (`en`, `zh`, …, `und` where unknown).
    `height`: of the line, as a share of the image's shorter side. `x`, `y`: its centre, shares of width and height.
    """

    text: str
    score: float
    language: str
    height: float
    x: float
    y: float


@dataclass(frozen=True)
class Looks:
    """What the embedded engine goes by, besides text.

    `colours`: names and shares (0..1) of the main colours, largest first. `brightness`: median luma, 0..255.
    `contrast`: difference of the 95th and 5th percentile of luma, 0..255. `saturation`: mean of HSV's S, 0..1.
    `flatness`: share of pixels whose neighbours are exactly equal, 0..1: drawings and screens are high, photographs
    near 0. `faces`: share of the image's area of each face found, largest first.
    """

    colours: tuple[tuple[str, float], ...]
    brightness: float
    contrast: float
    saturation: float
    flatness: float
    faces: tuple[float, ...]


@dataclass(frozen=True)
class Evidence:
    """All that was measured of one image of `width` × `height` pixels.

    `readings` are in reading order. `text_area`: share of the image inside text lines, 0..1. `watermark`: the
    watermark filter's score, 0..1, None where it does not apply, and `watermark_limit` the threshold from which it
    is taken for one. `looks` is None where no engine asked for it.
    """

    width: int
    height: int
    readings: tuple[Reading, ...] = ()
    text_area: float = 0.0
    watermark: float | None = None
    watermark_limit: float = 1.0
    looks: Looks | None = None
