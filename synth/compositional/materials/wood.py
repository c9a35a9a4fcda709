"""Sawn wood: growth rings cut lengthways, pores, planks with gaps."""

from __future__ import annotations

import numpy as np

from synth.compositional.colour import Colour, Pixels, near, ramp, rgb
from synth.compositional.fields import Plane, window

SPECIES = {
    "oak": ("#8a6238", "#b98d5b", "#cfa877"),
    "pine": ("#b3854f", "#d9b27c", "#ead0a2"),
    "walnut": ("#38241a", "#5b3d2a", "#7a5840"),
    "teak": ("#6d4020", "#96602f", "#b37f47"),
    "weathered": ("#57524b", "#837c72", "#a39c90"),
    "cherry": ("#6e3420", "#98523a", "#b57354"),
    "birch": ("#b59c78", "#d8c4a2", "#eadbc0"),
}


def wood(rng: np.random.Generator, height: int, width: int, species: str = "", planks: int = 1) -> Pixels:
    """Planks that lie across, uint8 [height, width, 3]. `species` of SPECIES, or any."""
    names = list(SPECIES)
    dark, middle, light = SPECIES[species or names[int(rng.integers(len(names)))]]
    colours: tuple[Colour, ...] = tuple(near(rng, rgb(code), 5) for code in (dark, middle, light))
    tone = grain(rng, height, width, planks)
    return ramp(tone, (18, 13, 9), *colours, colours[-1])


def grain(rng: np.random.Generator, height: int, width: int, planks: int) -> Plane:
    """Tone of the wood, 0..1; a quarter is the dark of the rings, 0 the gap between planks."""
    deep = height / planks
    rows = np.arange(height)
    plank = np.minimum((rows / deep).astype(int), planks - 1)
    unit = np.float32(rng.uniform(7, 13))  # width of a ring in pixels, where it is cut straight across
    heart = (plank + rng.uniform(-0.4, 1.4, planks)[plank]) * deep
    depth, rise = rng.uniform(0.1, 1.2, planks)[plank] * deep, rng.normal(0, 0.10, planks)[plank]
    down = np.square((rows - heart) * rng.uniform(0.5, 0.9), dtype=np.float32)[:, None]
    along = (np.arange(width, dtype=np.float32) - width / 2)[None] * rise[:, None].astype(np.float32)
    rings = np.sqrt(down + np.square(along + depth[:, None].astype(np.float32)))
    rings += window(rng, "band", height, width, (1.0, 1.8)) * (0.8 * unit)
    rings += rng.uniform(0, 999, planks)[plank].astype(np.float32)[:, None]
    rings *= 1 / unit
    rings -= np.floor(rings)
    late = rings * rings * rings  # light spring wood turns slowly into dark summer wood, then starts at once anew
    np.multiply(late, -0.16, out=late)
    late += window(rng, "streak", height, width) * 0.045 + (rng.normal(0.62, 0.05, planks)[plank])[:, None]
    return seams(late.astype(np.float32, copy=False), rows, deep, planks)


def seams(tone: Plane, rows: np.ndarray, deep: float, planks: int) -> Plane:
    """Dark gaps between planks, with the soft edge of a rounded board beside them."""
    if planks > 1:
        near_gap = np.abs(rows - np.round(rows / deep) * deep)
        inner = (rows > deep / 2) & (rows < deep * (planks - 0.5))
        gap = np.where(inner, np.exp(-((near_gap / 1.6) ** 2)) + 0.18 * np.exp(-near_gap / 5), 0)
        tone *= (1 - np.minimum(gap, 0.95)).astype(np.float32)[:, None]
    return tone


def painted(
    rng: np.random.Generator, height: int, width: int, colour: Colour, planks: int = 1, worn: float = 0.0
) -> Pixels:
    """Painted boards; `worn`: share of the surface from which the paint is gone, 0..0.3."""
    tone = grain(rng, height, width, planks)
    paint = ramp(0.5 + (tone - 0.55) * 0.5, (20, 17, 14), colour, (255, 255, 255))
    gapped = tone < 0.28
    paint[gapped] = (paint[gapped] * 0.45).astype(np.uint8)
    if worn > 0:
        bare = ramp(tone, (18, 13, 9), rgb("#6b5a48"), rgb("#a08a70"), rgb("#b7a58c"))
        gone = window(rng, "mottle", height, width) + 1.2 * window(rng, "streak", height, width)
        mask = gone > 1.56 * _quantile(1 - worn)
        paint[mask] = bare[mask]
    return paint


def _quantile(share: float) -> float:
    """Standard normal quantile, good to 0.01 between 0.6 and 0.999 (logistic approximation)."""
    return float(np.log(share / (1 - share)) / 1.702)
