"""Drops images that are too small, or too long and narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image


@dataclass(frozen=True)
class Resolution(Filter):
    """Drops images with fewer pixels than training would show, or of a shape that it has no bucket for.

    Signals, of the upright image: `short_side` in pixels; `megapixels`, width times height in millions; `aspect`, the
    longer side over the shorter, 1 and more. An enlarged image has the resolution that it says; `blur` finds it.

    Defaults are those of the report's first stage: 256 px, and ratios from 1:3 to 3:1, with room for sides that were
    rounded to whole pixels. `min_megapixels`, by default what a square of 256 px has, is the bound to keep where
    long images may have a shorter side below it: of the same area, 3:1 is 443 × 148.

    The header is enough, which is read anyway: under 0.01 ms. The stage belongs first.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, section 3.2, stages 1, 5 and 7.
    """

    min_short_side: int = 256
    min_megapixels: float = 0.0655
    max_aspect: float = 3.05

    name: ClassVar[str] = "resolution"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("short_side", 0, 2048, "shorter side, px"),
        Signal("megapixels", 0, 4, "width times height, millions of px"),
        Signal("aspect", 1, 5, "longer over shorter side, 1 is square"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtLeast("short_side", "min_short_side", "it is too small"),
        AtLeast("megapixels", "min_megapixels", "it has too few pixels"),
        AtMost("aspect", "max_aspect", "it is too long and narrow"),
    )

    def __post_init__(self) -> None:
        if not (self.min_short_side >= 0 and self.min_megapixels >= 0):
            raise ValueError("min_short_side and min_megapixels count pixels, so they are 0 or more")
        if not self.max_aspect >= 1:
            raise ValueError(f"max_aspect is the longer side over the shorter, so 1 or more, not {self.max_aspect}")

    def measure(self, image: Image) -> Signals:
        short, long = sorted((image.width, image.height))
        return {"short_side": float(short), "megapixels": short * long / 1e6, "aspect": long / short}
