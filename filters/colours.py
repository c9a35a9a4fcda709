"""The main colours of an image, by name.

Names are the eleven basic colour terms of English (Berlin and Kay, 1969) with two more that its speakers use as freely,
beige and turquoise, each with a lighter and a darker shade where people say so. A pixel takes the name of the nearest
prototype in CIELAB (CIE 1976 difference, D65). The prototypes are colours that 222,500 people named in the XKCD colour
survey (Munroe, 2010; CC0): one each for vivid colours, more where the muted ones of photographs would be called grey.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.image import Image, Pixels

SIDE = 64
"""Longer side in pixels at which colours are counted: averaging takes noise and fine texture away."""

MIN_SHARE = 0.05
"""Share of the image below which a colour is none of the main ones."""

SURVEY = {
    "black": "000000",
    "dark grey": "363737 3c4142",
    "grey": "929591 7d7f7c 978a84 95a3a6",
    "light grey": "d8dcd6",
    "white": "ffffff",
    "dark red": "840000 650021 8f1402",
    "red": "e50000 ff474c",
    "dark orange": "c65102 a83c09",
    "orange": "f97306 ff9408",
    "light orange": "fdaa48 ffb07c",
    "dark yellow": "d5b60a ceb301",
    "yellow": "ffff14",
    "light yellow": "fffe7a",
    "dark green": "033500 06470c 677a04",
    "green": "15b01a 3f9b0b 658b38 82a67d 74a662",
    "light green": "96f97b c7fdb5",
    "dark turquoise": "029386 014d4e",
    "turquoise": "06c2ac 00ffff",
    "light turquoise": "90e4c1",
    "dark blue": "00035b 01153e 1e488f",
    "blue": "0343df 2c6fbb 5a86ad 607c8e",
    "light blue": "95d0fc 75bbfd 9dbcd4 d0fefe",
    "dark purple": "35063e 380835",
    "purple": "7e1e9c 805b87",
    "light purple": "bf77f6 c79fef",
    "dark pink": "cb416b c20078",
    "pink": "ff81c0 d58a94 ff796c",
    "light pink": "ffd1df",
    "dark brown": "341c02 411900",
    "brown": "653700 7f5112 7a6a4f",
    "light brown": "ad8150 b1916e",
    "beige": "e6daa6 d1b26f",
}
"""Hex sRGB of the prototypes of each name."""

FAMILIES = (
    *("black", "grey", "white", "red", "orange", "yellow", "green"),
    *("turquoise", "blue", "purple", "pink", "brown", "beige"),
)
"""The names without their shades."""


def main_colours(image: Image) -> tuple[tuple[str, float], ...]:
    """Names and shares, 0..1, of the main colours, largest first: one shade a family, with the share of the family.

    Of "blue" and "dark blue" only the one with more pixels is named. Colours below MIN_SHARE are left out, so the
    shares add up to 1 or less. 2 ms.
    """
    names = list(SURVEY)
    counts = np.bincount(nearest(image.rgb(SIDE)), minlength=len(names))
    shades = {family: [i for i, name in enumerate(names) if name.split()[-1] == family] for family in FAMILIES}
    total = counts.sum()
    named = (
        (names[max(indices, key=lambda i: counts[i])], float(counts[indices].sum() / total))
        for indices in shades.values()
    )
    return tuple(sorted((entry for entry in named if entry[1] >= MIN_SHARE), key=lambda entry: -entry[1]))


def nearest(pixels: Pixels) -> NDArray[np.intp]:
    """Index into SURVEY for each of uint8 [h, w, 3] RGB pixels, row by row: [h * w]."""
    prototypes, owners = survey()
    points = lab(pixels).reshape(-1, 3)
    products = np.einsum("pc,nc->pn", points, prototypes)  # BLAS would wake its threads for so little
    distances = (prototypes**2).sum(1) - 2 * products  # the points' own squares change no order
    return np.asarray(owners[distances.argmin(1)])


@cache
def survey() -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """The prototypes in CIELAB, [n, 3], and the index of the name of each, [n]."""
    codes = [(code, index) for index, entry in enumerate(SURVEY.values()) for code in entry.split()]
    pixels = np.array([list(bytes.fromhex(code)) for code, _ in codes], np.uint8)[None]
    return lab(pixels)[0], np.array([index for _, index in codes])


def lab(pixels: Pixels) -> NDArray[np.float32]:
    """uint8 sRGB [h, w, 3] in CIELAB: float32, L 0..100, a and b about -127..127."""
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
