"""The wall itself: letters painted straight onto it, or onto a coat of paint."""

from __future__ import annotations

import numpy as np

from synth.chance import pick
from synth.compositional.carriers.base import Ask, Blank, Carrier, masked
from synth.compositional.carriers.ornament import ring
from synth.compositional.colour import mixed, rgb, shades
from synth.compositional.fields import window
from synth.compositional.shapes import inset, rectangle

COATS = (
    ("e9e3d3", ("1f2937", "7a1f1f")), ("23395b", ("f3ead2", "f2c14e")), ("7d1f1f", ("f5ead0", "f2d27a")),
    ("2c5b45", ("f2ecd6", "f0d97d")), ("d9a441", ("251a10", "3a1410")), ("1d1e20", ("f2efe6", "f0c44c")),
    ("b7c9d3", ("1b2a4a", "4a1a1a")), ("e3b7a0", ("3a1c1c", "17324d")), ("5b3a63", ("f6ecf2", "f3d98a")),
    ("c5532f", ("fff4e2", "fbe3a0")), ("3f7f8c", ("f6f3e6", "fbe9b0")),
)  # fmt: skip
"""Coats of paint, each with inks that go with it."""


def mural(rng: np.random.Generator, ask: Ask) -> Blank:
    """A coat of paint on a wall, worn at its rim, with letters; the wall's relief stays to be seen."""
    ground, codes = pick(rng, COATS)
    height, width = ask.size
    pixels = shades(0.03 * window(rng, "cloud", height, width), rgb(ground))
    inks = tuple(rgb(code) for code in codes)
    if rng.random() < 0.5:
        ring(pixels, inset(ask.box, 0.04 * ask.unit), 0, max(3.0, 0.012 * ask.unit), mixed(rgb(ground), inks[0], 0.85))
    outline = rectangle(ask.box)
    rows, columns = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    left, top, right, bottom = ask.box
    rim = np.minimum(np.minimum(rows - top, bottom - rows)[:, None], np.minimum(columns - left, right - columns)[None])
    worn = window(rng, "mottle", height, width) + 0.8 * window(rng, "grain", height, width)
    whole = np.clip((3.2 - worn) * 0.8 + np.minimum(rim / (0.02 * ask.unit) - 1.2, 0) * 1.2, 0, 1)
    alpha = (masked(ask, outline) * (0.95 * whole)).astype(np.uint8)
    return Blank(
        "mural", ("weathered paint",), pixels, alpha, inset(ask.box, 0.11 * ask.unit), outline, inks, "weathered",
        centred=True, decal=True, verb="is painted on",
    )  # fmt: skip


ALL = (Carrier("mural", ("word", "line", "paragraph"), ("wall",), (0.7, 2.2), mural),)
