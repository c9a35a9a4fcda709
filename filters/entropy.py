"""Drops images that are empty: one flat tone, or nearly so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from filters.base import AtLeast, Filter, Limit, Signal, Signals
from filters.image import Image, Pixels, fit

SIDE = 64
"""Working scale: longest side in pixels. Small, so that averaging takes the noise out of flat areas (which counts as
information) and turns sparse bilevel ink into greys (which would count as none)."""


@dataclass(frozen=True)
class Entropy(Filter):
    """Drops images whose luma holds less than `min_bits` of information a pixel.

    Signal `bits`, 0 (one tone) to 8 (all 256 tones alike): Shannon entropy of the histogram of luma, with the
    longer side averaged down to 64 px, so that it holds for any resolution above that.

    Default 0.7, in the gap between empty and sparse: flat images measured 0, with noise in deep shadow 0 to 0.5, a
    page with one line of text 0.25 to 0.5, slides, dialogs and drawings 0.75 and more, photographs 2.6 and more. Of
    169 clean images (photographs, art, slides, screenshots, documents) it drops 2, both slides with a single line
    on a bare ground. Not found: flat mid-grey under noise, or between two tones, which measures 0.9 and more; and
    smooth gradients, which hold many tones.

    Source: C. E. Shannon, A Mathematical Theory of Communication, 1948.
    """

    min_bits: float = 0.7

    name: ClassVar[str] = "entropy"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("bits", 0, 8, "information in the luma, bits a pixel"),)
    limits: ClassVar[tuple[Limit, ...]] = (AtLeast("bits", "min_bits", "it is nearly empty"),)

    def __post_init__(self) -> None:
        if not 0 <= self.min_bits <= 8:
            raise ValueError(f"min_bits lies between 0 and 8, not {self.min_bits}")

    def measure(self, image: Image) -> Signals:
        return {"bits": entropy(fit(image.grey(8 * SIDE), SIDE))}  # that view is there already, for blur


def entropy(grey: Pixels) -> float:
    """Shannon entropy in bits, 0..8, of the histogram of uint8 pixels of any shape."""
    counts = np.bincount(grey.ravel(), minlength=256)
    shares = counts[counts > 0] / grey.size
    return max(0.0, -float(np.sum(shares * np.log2(shares))))
