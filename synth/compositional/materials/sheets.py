"""What is made in sheets: paper, cardboard, enamel, brushed and painted metal."""

from __future__ import annotations

import numpy as np

from synth.compositional.colour import Colour, Pixels, shades
from synth.compositional.fields import Plane, window
from synth.compositional.materials.relief import Direction, apply, slope


def paper(rng: np.random.Generator, height: int, width: int, colour: Colour, rough: float = 1.0) -> Pixels:
    """Paper with fibres and a cloudy formation; `rough` 0 (coated) to 3 (hand-made)."""
    tone = 0.008 * window(rng, "cloud", height, width) + 0.006 * window(rng, "mottle", height, width)
    tone += rough * (0.010 * window(rng, "fibre", height, width) + 0.006 * window(rng, "grain", height, width))
    return shades(tone, colour)


def crumple(rng: np.random.Generator, height: int, width: int, light: Direction, depth: float) -> Plane:
    """Shade, about 1, of a sheet that was crumpled and smoothed again: facets divided by sharp folds."""
    folds = np.zeros((height, width), np.float32)
    rows, columns = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    for _ in range(int(rng.integers(7, 13))):
        turn, far = rng.uniform(0, np.pi), rng.uniform(-0.35, 0.35) * np.hypot(height, width)
        away = (columns - width / 2) * np.cos(turn) + (rows - height / 2) * np.sin(turn) - far
        folds += np.abs(away) * np.float32(rng.normal(0, 0.17))
    folds += window(rng, "swell", height, width) * np.float32(10)
    return np.asarray(1 + np.float32(depth) * slope(folds, light), np.float32)


def cardboard(rng: np.random.Generator, height: int, width: int, colour: Colour) -> Pixels:
    """Kraft board: flecks, and the flutes showing through as faint stripes."""
    flute = np.sin(np.arange(width, dtype=np.float32) * np.float32(2 * np.pi / 11))[None]
    tone = 0.012 * flute + 0.035 * window(rng, "fibre", height, width) + 0.03 * window(rng, "mottle", height, width)
    return shades(tone + 0.02 * window(rng, "grain", height, width), colour)


def brushed(rng: np.random.Generator, height: int, width: int, colour: Colour) -> Pixels:
    """Metal brushed lengthways."""
    return shades(0.07 * window(rng, "streak", height, width) + 0.03 * window(rng, "cloud", height, width), colour)


def enamel(rng: np.random.Generator, height: int, width: int, colour: Colour, light: Direction) -> Pixels:
    """Thick glossy paint on metal, with the faint orange-peel of a sprayed coat."""
    tone = 0.015 * window(rng, "cloud", height, width)
    return apply(shades(tone, colour), 1 + 0.03 * slope(window(rng, "mottle", height, width), light))


def rust(rng: np.random.Generator, pixels: Pixels, amount: float) -> Pixels:
    """Rust that eats inwards from the rim and runs down, on uint8 [h, w, 3]; `amount` 0..1."""
    height, width = pixels.shape[:2]
    rows, columns = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    rim = np.minimum(np.minimum(rows, height - rows)[:, None], np.minimum(columns, width - columns)[None])
    eaten = window(rng, "mottle", height, width) + 0.4 * window(rng, "grain", height, width)
    eaten -= rim / np.float32((0.012 + 0.03 * amount) * min(height, width)) - np.float32(0.6)
    speckle = np.asarray(0.25 * window(rng, "grain", height, width) + 0.1 * eaten, np.float32)
    rusty = shades(speckle, (112, 58, 30))
    share = np.clip(eaten * 1.5, 0, 1)[..., None]
    halo = np.clip(eaten * 0.5 + 0.5, 0, 0.35)[..., None]
    base = pixels + (np.array([150, 96, 60], np.float32) - pixels) * halo
    return np.asarray(base + (rusty - base) * share, np.uint8)
