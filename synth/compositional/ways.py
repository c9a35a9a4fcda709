"""Ways of writing: how ink, chalk, paint, print or a chisel changes the surface where letters are.

Each takes `(rng, pixels, cover, colour, light)`: uint8 [h, w, 3], coverage by letters uint8 [h, w], the colour of what
is written with; returns the surface written on, of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Colour, Pixels
from synth.compositional.fields import Plane, window
from synth.compositional.materials.relief import Direction, apply, slope

Cover = NDArray[np.uint8]
Way = Callable[[np.random.Generator, Pixels, Cover, Colour, Direction], Pixels]


def blend(pixels: Pixels, colour: Colour, share: Plane) -> Pixels:
    """`share` (float32 [h, w], 0..1) of the colour over the pixels."""
    over = cv2.merge([np.full(share.shape, value, np.uint8) for value in colour])
    return np.asarray(cv2.blendLinear(over, pixels, share, 1 - share), np.uint8)


def soaked(cover: Cover, spread: float) -> Plane:
    """Coverage 0..1 with edges that have run by `spread` pixels."""
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), spread), np.float32) * np.float32(1 / 255)


def pen(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Ink that soaks in: soft edges, uneven strength, the paper's grain shows through."""
    share = soaked(cover, 0.55)
    share *= np.clip(
        0.93 + 0.05 * window(rng, "mottle", *cover.shape) + 0.03 * window(rng, "grain", *cover.shape), 0, 1
    )
    return blend(pixels, colour, share)


def printed(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Sharp, even print."""
    return blend(pixels, colour, soaked(cover, 0.45) * np.float32(rng.uniform(0.94, 1.0)))


def stamped(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Ink on a rough ground, thin where the ground is low."""
    share = soaked(cover, 0.5)
    thin = (
        0.97 + 0.04 * window(rng, "mottle", *cover.shape) - 0.04 * np.maximum(window(rng, "grain", *cover.shape) - 1, 0)
    )
    return blend(pixels, colour, share * np.clip(thin, 0, 1))


def chalk(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Chalk: caught by the high points of the ground only, crumbling edges, dust about it."""
    catch = 0.90 + 0.14 * window(rng, "grain", *cover.shape) + 0.07 * window(rng, "streak", *cover.shape)
    share = soaked(cover, 0.6)
    share = np.clip((share - 0.25) * 2.2, 0, 1) * np.clip(catch, 0.65, 1)
    dust = cv2.GaussianBlur(cv2.resize(cover, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (0, 0), 2.5)
    haze = cv2.resize(dust, cover.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.float32) * np.float32(
        0.10 / 255
    )
    return blend(pixels, colour, np.maximum(share, haze))


def paint(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Paint laid on thick: the ground's relief stays, a little light on its edges."""
    share = soaked(cover, 0.5)
    body = np.float32(0.96) + np.float32(0.025) * window(rng, "streak", *cover.shape)
    written = blend(pixels, colour, share * np.clip(body, 0, 0.98))
    return apply(written, 1 + 0.25 * slope(soaked(cover, 1.0) * 1.5, light))


def weathered(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Old paint, flaked off here and there."""
    flakes = window(rng, "mottle", *cover.shape) + 0.7 * window(rng, "grain", *cover.shape)
    share = soaked(cover, 0.5) * np.clip(0.96 - 0.4 * np.clip(flakes - 1.9, 0, 1), 0, 1)
    return blend(pixels, colour, share.astype(np.float32))


def carved(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Cut into the surface: the cut's far wall is lit, its near one lies in shade, its ground takes the colour."""
    deep = blend(pixels, colour, soaked(cover, 0.45) * np.float32(0.93))
    return apply(deep, 1 + 0.6 * slope(soaked(cover, 1.0) * -2.0, light))


def raised(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Letters that stand out from the board: their own shadow beside them, a bright rim towards the light."""
    shift = np.array([[1, 0, 3.2 * light[0]], [0, 1, 3.2 * light[1]]], np.float32)
    behind = cv2.GaussianBlur(cv2.warpAffine(cover, shift, cover.shape[::-1]), (0, 0), 1.6)
    shaded = apply(pixels, 1 - behind.astype(np.float32) * np.float32(0.45 / 255))
    letters = blend(shaded, colour, soaked(cover, 0.45))
    return apply(letters, 1 + 0.8 * slope(soaked(cover, 1.2) * 2, light) * soaked(cover, 0.5))


def woven(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Print on cloth: the threads show through."""
    ground = pixels.mean(2, dtype=np.float32)
    threads = ground / np.maximum(cv2.blur(ground, (31, 31)), 1)
    share = soaked(cover, 0.5)
    coloured = blend(pixels, colour, share * np.float32(0.97))
    return apply(coloured, 1 + (threads - 1) * share * np.float32(0.5))


def glow(rng: np.random.Generator, pixels: Pixels, cover: Cover, colour: Colour, light: Direction) -> Pixels:
    """Pixels of a screen."""
    return blend(pixels, colour, cover.astype(np.float32) * np.float32(1 / 255))


def written_on(
    rng: np.random.Generator, way: str, pixels: Pixels, cover: Cover, colour: Colour, light: Direction
) -> Pixels:
    """The whole surface with letters on it, in a way of WAYS; only what lies about the letters is worked on."""
    left, top, width, height = cv2.boundingRect(cover)
    rows = slice(max(0, top - RIM), top + height + RIM)
    columns = slice(max(0, left - RIM), left + width + RIM)
    whole = pixels.copy()
    near, letters = np.ascontiguousarray(pixels[rows, columns]), np.ascontiguousarray(cover[rows, columns])
    whole[rows, columns] = WAYS[way](rng, near, letters, colour, light)
    return whole


RIM = 24
"""Pixels about the letters that dust, shadow and blur may reach."""

WAYS: dict[str, Way] = {
    "pen": pen, "printed": printed, "stamped": stamped, "chalk": chalk, "paint": paint, "weathered": weathered,
    "carved": carved, "raised": raised, "woven": woven, "glow": glow,
}  # fmt: skip
