"""How far colours stand out from each other, and how far text has to.

Source: Web Content Accessibility Guidelines 2.2, relative luminance, contrast ratio and success criterion 1.4.3; the
curve of sRGB is that of IEC 61966-2-1. Luminance is 0 (black) to 1 (white), contrast 1 to 21.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]
"""sRGB, 0..255 each."""

FLOOR, LARGE_FLOOR = 4.5, 3.0
"""Least contrast of text with what is behind it, and of large text: level AA."""

LARGE, LARGE_BOLD = 24.0, 18.66
"""Pixels an em from which on text is large, and bold text."""

_LEVELS = np.arange(256) / 255
LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)
"""Light of each of the 256 levels of sRGB, 0..1."""

_LUMA = np.array([0.2126, 0.7152, 0.0722])
_RED, _GREEN, _BLUE = (LINEAR * share for share in _LUMA)
_COARSE = LINEAR.astype(np.float32)


def luminance(colour: Colour) -> float:
    """Relative luminance of one colour."""
    red, green, blue = colour
    return float(_RED[red] + _GREEN[green] + _BLUE[blue])


def luminances(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Relative luminance of pixels [..., 3], float32 [...]."""
    light = _COARSE[pixels]
    return light[..., 0] * np.float32(0.2126) + light[..., 1] * np.float32(0.7152) + light[..., 2] * np.float32(0.0722)


def ratio(one: float, other: float) -> float:
    """Contrast of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def ratios(inks: NDArray[np.uint8], grounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The least contrast of each ink [n, 3] with grounds of those luminances, [m]: [n]."""
    own, behind = (LINEAR[inks] @ _LUMA)[:, None] + 0.05, grounds[None] + 0.05
    return np.asarray(np.maximum(own / behind, behind / own).min(axis=1))


def contrast(one: Colour, other: Colour) -> float:
    """Contrast of two colours."""
    return ratio(luminance(one), luminance(other))


def contrast_with(pixels: NDArray[np.uint8], colour: Colour) -> float:
    """Least contrast of `colour` with any of `pixels`, RGB or RGBA; a lower bound where they are many-coloured.

    The darkest and the lightest value of each channel are taken together, as if one pixel had them: no pixel's
    luminance lies beyond, and it takes a tenth of a millisecond.
    """
    low = luminance(triple(pixels.min(axis=0).min(axis=0)[:3]))
    high = luminance(triple(pixels.max(axis=0).max(axis=0)[:3]))
    own = luminance(colour)
    return 1.0 if low <= own <= high else min(ratio(low, own), ratio(high, own))


def triple(levels: NDArray) -> Colour:
    """A colour out of an array [3]."""
    red, green, blue = levels.tolist()
    return red, green, blue
