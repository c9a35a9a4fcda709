"""Cloth: plain weave, checks and stripes, with the irregularity of real yarn; felt, leather, cork."""

from __future__ import annotations

import numpy as np

from synth.compositional.colour import Colour, Pixels, mixed, pick, ramp, rgb, scaled, shades
from synth.compositional.fields import Plane, window
from synth.compositional.materials.relief import Direction, apply, slope


def weave(rng: np.random.Generator, height: int, width: int, pitch: float) -> Plane:
    """Light and shade of a plain weave whose threads are `pitch` pixels apart, mean 0, about ±1."""
    down = np.arange(height, dtype=np.float32)[:, None] * np.float32(np.pi / pitch)
    across = np.arange(width, dtype=np.float32)[None] * np.float32(np.pi / pitch)
    over = np.sin(down) * np.sin(across)  # checkers of raised warp and weft
    yarn = window(rng, "streak", height, width) + window(rng, "streak", width, height).T
    return over * np.float32(0.6) + yarn * np.float32(0.35)


def linen(
    rng: np.random.Generator, height: int, width: int, colour: Colour, pitch: float = 3.0, coarse: float = 0.10
) -> Pixels:
    """Cloth of one colour; `coarse`: how much its threads differ, 0.03 for jersey to 0.1 for rough linen."""
    tone = coarse * weave(rng, height, width, pitch) + 0.03 * window(rng, "cloud", height, width)
    return shades(tone, colour)


def checked(rng: np.random.Generator, height: int, width: int, colour: Colour, cell: float) -> Pixels:
    """Gingham or stripes of `colour` and white, one band `cell` pixels wide."""
    down = (np.arange(height) / cell % 2 < 1).astype(np.float32)[:, None]
    across = (np.arange(width) / cell % 2 < 1).astype(np.float32)[None]
    both = (down + across) / 2 if rng.random() < 0.6 else np.broadcast_to(across, (height, width))
    pale = rgb("#f1eee6")
    cloth = ramp(np.ascontiguousarray(both), pale, mixed(pale, colour, 0.55), colour)
    return apply(cloth, 1 + 0.08 * weave(rng, height, width, 3.0))


def leather(rng: np.random.Generator, height: int, width: int, light: Direction, colour: Colour) -> Pixels:
    """Grained leather or leatherette."""
    bumps = np.abs(window(rng, "grain", height, width, (3.0, 3.0))) * 2 + window(rng, "mottle", height, width)
    tone = 0.06 * window(rng, "cloud", height, width)
    return apply(shades(tone, colour), 1 + 0.22 * slope(bumps, light))


def cork(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """A pin board of pressed cork."""
    tone = 0.5 + 0.10 * window(rng, "grain", height, width, (2.4, 2.4)) + 0.09 * window(rng, "mottle", height, width)
    tone += 0.05 * window(rng, "grain", height, width)
    dark = np.clip(window(rng, "grain", height, width, (3.0, 3.0)) - 1.7, 0, 1)
    base = pick(rng, "#b98a58", "#c59a68")
    return ramp(tone - 0.5 * dark, scaled(base, 0.35), base, scaled(base, 1.3))
