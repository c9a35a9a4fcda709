"""Walls and stone: plaster, concrete, brick, tiles, marble, slate, pavement."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Colour, Pixels, pick, ramp, rgb, shades
from synth.compositional.fields import Plane, window
from synth.compositional.materials.relief import Direction, apply, slope


def plaster(rng: np.random.Generator, height: int, width: int, light: Direction, colour: Colour) -> Pixels:
    """A painted wall: trowel marks and faint stains."""
    tone = 0.030 * window(rng, "cloud", height, width) + 0.012 * window(rng, "grain", height, width)
    bumps = window(rng, "mottle", height, width) * 1.6 + 0.5 * window(rng, "grain", height, width)
    return apply(shades(tone, colour), 1 + 0.16 * slope(bumps, light))


def concrete(rng: np.random.Generator, height: int, width: int, light: Direction) -> Pixels:
    """Cast concrete with pores and stains."""
    colour = pick(rng, "#9b9a96", "#b3b0a8", "#7f8083", "#a59f94")
    tone = 0.06 * window(rng, "cloud", height, width) + 0.05 * window(rng, "mottle", height, width)
    tone += 0.03 * window(rng, "grain", height, width)
    pores = window(rng, "grain", height, width, (2.5, 2.5))
    tone -= 0.5 * np.clip(pores - 2.5, 0, 0.7)
    return apply(shades(tone, colour), 1 + 0.25 * slope(np.minimum(0, 2.4 - pores) * 1.5, light))


def marble(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Polished stone with veins."""
    pale, vein = [("#f0eeea", "#8f9096"), ("#2c2d30", "#a9a59c"), ("#e6dccb", "#a98f6c"), ("#d9dfdc", "#5f7a72")][
        int(rng.integers(4))
    ]
    turn, apart = rng.uniform(0.2, 1.3), rng.uniform(0.28, 0.5) * (height + width)
    down, across = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    warp = (down * np.float32(np.sin(turn)) + across * np.float32(np.cos(turn))) / np.float32(apart)
    warp = warp + 0.11 * window(rng, "swell", height, width, (1.6, 1.6)) + 0.012 * window(rng, "mottle", height, width)
    fine = np.zeros((height, width), np.float32)
    for strength, thin, times in ((1.0, 60, 1.0), (0.5, 70, 1.7)):  # long veins, and a finer set that crosses them
        phase = warp * np.float32(times) + np.float32(rng.random())
        fine += np.float32(strength) * np.exp(-np.abs(phase - np.round(phase)) * np.float32(thin))
        warp = warp[:, ::-1]
    fine *= np.clip(0.6 + 0.5 * window(rng, "cloud", height, width), 0.08, 1)
    haze = 0.22 * np.clip(window(rng, "cloud", height, width) * 0.5 + 0.4, 0, 1)
    return ramp(np.clip(haze + 0.75 * fine, 0, 1).astype(np.float32), rgb(pale), rgb(vein))


def slate(rng: np.random.Generator, height: int, width: int, colour: Colour) -> Pixels:
    """A chalk board wiped with a sponge: broad pale strokes, old chalk dust."""
    wipe = window(rng, "band", height, width, (3.0, 1.0))
    tone = 0.13 * window(rng, "cloud", height, width) + 0.06 * wipe + 0.03 * window(rng, "grain", height, width)
    return shades(tone + 0.03 * window(rng, "streak", height, width), colour, 1.0)


def blocks(
    rng: np.random.Generator, height: int, width: int, size: tuple[float, float], joint: float, offset: float
) -> tuple[Plane, NDArray[np.intp]]:
    """Height (0 in the joint, 1 on the block) and number of the block of each pixel, for courses laid by `size`
    (height and width in pixels), each moved by `offset` of a block."""
    wobble = 0.5 * window(rng, "mottle", height, width)
    down = np.arange(height, dtype=np.float32)[:, None] + wobble
    course = np.floor(down / size[0])
    across = np.arange(width, dtype=np.float32)[None] + wobble + course * np.float32(offset * size[1])
    stone = np.floor(across / size[1])
    edge = np.minimum(
        np.minimum(down - course * size[0], (course + 1) * size[0] - down),
        np.minimum(across - stone * size[1], (stone + 1) * size[1] - across),
    )
    number = (course * 37 + stone).astype(np.intp) % 997
    return np.clip((edge - joint / 2) / 1.8, 0, 1), number


def laid(face: Pixels, joint: Pixels, raised: Plane) -> Pixels:
    """Blocks of one material with joints of another, which is painted over."""
    return np.asarray(cv2.copyTo(face, (raised > 0.5).astype(np.uint8), joint), np.uint8)


def brick(rng: np.random.Generator, height: int, width: int, light: Direction, course: float) -> Pixels:
    """A brick wall; `course`: height of a row of bricks in pixels."""
    red, joint = [
        ("#9a4b36", "#b9b0a2"), ("#8a3d30", "#8b8580"), ("#b4674a", "#d0c6b6"), ("#d9d4cb", "#c6c0b5"),
        ("#6f5a4d", "#a59c92"), ("#a88a63", "#cfc3ab"),
    ][int(rng.integers(6))]  # fmt: skip
    raised, number = blocks(rng, height, width, (course, course * 3.1), course * 0.16, 0.5)
    spread = rng.normal(0, 0.16, 997).astype(np.float32)
    tone = spread[number] + 0.10 * window(rng, "mottle", height, width) + 0.06 * window(rng, "grain", height, width)
    face = shades(tone, rgb(red))
    mortar = shades(0.10 * window(rng, "grain", height, width), rgb(joint))
    wall = laid(face, mortar, raised)
    bumps = raised * 3.2 + 0.35 * window(rng, "grain", height, width) + 0.5 * window(rng, "mottle", height, width)
    return apply(wall, 1 + 0.28 * slope(bumps, light))


def tiles(rng: np.random.Generator, height: int, width: int, light: Direction, side: float) -> Pixels:
    """Glazed tiles in a square or brick bond."""
    colour = pick(rng, "#e9ebe8", "#cfe0dc", "#34545e", "#e8dcc4", "#8fb0a6", "#27364f")
    shape = (side, side * float(rng.choice([1.0, 2.0])))
    raised, number = blocks(rng, height, width, shape, max(2.5, side * 0.03), float(rng.choice([0.0, 0.5])))
    tone = rng.normal(0, 0.035, 997).astype(np.float32)[number] + 0.02 * window(rng, "cloud", height, width)
    face = shades(tone, colour)
    wall = laid(face, np.full_like(face, rgb("#b9b5ae")), raised)
    return apply(wall, 1 + 0.35 * slope(raised * 2.2 + 0.12 * window(rng, "mottle", height, width), light))


def pavement(rng: np.random.Generator, height: int, width: int, light: Direction, side: float) -> Pixels:
    """Stone slabs."""
    colour = pick(rng, "#8d8a84", "#a39a8a", "#76787b")
    raised, number = blocks(rng, height, width, (side, side * 1.5), side * 0.035, 0.37)
    tone = rng.normal(0, 0.09, 997).astype(np.float32)[number] + 0.08 * window(rng, "mottle", height, width)
    tone += 0.09 * window(rng, "grain", height, width) - 0.5 * (1 - raised)
    bumps = raised * 2.4 + 0.6 * window(rng, "grain", height, width)
    return apply(shades(tone.astype(np.float32), colour), 1 + 0.3 * slope(bumps.astype(np.float32), light))
