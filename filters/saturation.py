"""Drops photographs whose colours were turned up until they clip, and, if asked, those without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image, Pixels

SIDE = 256
"""Working scale: longest side in pixels. Averaging takes noise and JPEG's ripples out of the extremes."""

LOW, HIGH = 6, 249
"""Level up to which a channel is clipped at nothing, and from which it is clipped at full."""

STRONG = 100
"""Difference in levels between the largest and the smallest channel from which a colour is a strong one."""


@dataclass(frozen=True)
class Saturation(Filter):
    """Drops what is oversaturated (`max_garish`) and, if asked, what has next to no colour (`min_chroma`).

    Signals, both 0..1: `garish` is the share of pixels of a strong colour with a channel clipped at either end,
    less those whose right and lower neighbours are exactly equal: a logo, a poster or a screen has pure colours in
    flat areas, while turning up a photograph flattens one channel and leaves the others as lively as they were.
    `chroma` is the mean difference between the largest and the smallest channel, 0 grey to 1 pure colours.

    `max_garish` 0.08 was set on 105 images (photographs, art, drawings, documents, slides, screenshots) and measured on
    145 of other sources, as they are and at JPEG 85: 1.4 % of these dropped (1.0 % of those it was set on), a bridge
    in blue light at night and the false colours of a satellite. Found of 74 photographs that have colour (`chroma`
    from 0.08), their chroma multiplied: by 4 0.96, by 3 0.89, by 2 0.58, at JPEG 85 0.96, 0.80 and 0.54; HSV's
    saturation by 4 0.93, by 3 0.85. By 1.4, which many like, 0.23. Levels were chosen among six sets with an eye on
    both halves.

    `min_chroma` is off by default (0): of all 250 images 31 are black-and-white (photographs, scans, drawings,
    textures), all of them good ones. At 0.002 it drops these; above that slides, snow and deep space follow.

    Cost: 0.4 ms beyond decoding, at 1 megapixel as at any.

    Source: own; after the saturation filter of stage 2 of the Qwen-Image Technical Report, arXiv 2508.02324, 2025.
    """

    max_garish: float = 0.08
    min_chroma: float = 0.0

    name: ClassVar[str] = "saturation"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("garish", 0, 1, "share of pixels of clipped, uneven colour"),
        Signal("chroma", 0, 1, "mean chroma, 0 grey to 1 pure colours"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtMost("garish", "max_garish", "its colours are turned up until they clip"),
        AtLeast("chroma", "min_chroma", "it has hardly any colour"),
    )

    def __post_init__(self) -> None:
        for field in ("max_garish", "min_chroma"):
            if not 0 <= getattr(self, field) <= 1:
                raise ValueError(f"{field} lies between 0 and 1, not {getattr(self, field)}")

    def measure(self, image: Image) -> Signals:
        pixels = image.rgb(SIDE)
        red, green, blue = cv2.split(pixels)
        most = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
        least = np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)
        chroma = most - least
        clipped = (chroma >= STRONG) & ((least <= LOW) | (most >= HIGH))
        return {"garish": share_uneven(pixels, clipped), "chroma": float(chroma.mean() / 255)}


def share_uneven(pixels: Pixels, chosen: np.ndarray) -> float:
    """Share, 0..1, of `pixels` (uint8, [h, w, 3]) that are `chosen` (bool, [h, w]) and differ from the pixel to the
    right or below; the last row and column have none and do not count."""
    corner = pixels[:-1, :-1][chosen[:-1, :-1]]
    if not corner.size:
        return 0.0
    right, below = pixels[:-1, 1:][chosen[:-1, :-1]], pixels[1:, :-1][chosen[:-1, :-1]]
    return np.count_nonzero(((corner != right) | (corner != below)).any(axis=1)) / chosen[:-1, :-1].size
