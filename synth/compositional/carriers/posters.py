"""Printed posters, in a few designs."""

from __future__ import annotations

import numpy as np

from synth.chance import pick as one_of
from synth.compositional.carriers.base import Ask, Blank, Carrier, masked
from synth.compositional.carriers.fastened import hold
from synth.compositional.carriers.ornament import ring
from synth.compositional.colour import Colour, Pixels, mixed, near, rgb, shades
from synth.compositional.fields import window
from synth.compositional.shadow import fill
from synth.compositional.shapes import circle, inset, rectangle

POSTERS = (
    ("f2c94c", "1f2a44"), ("e4572e", "f7f3e8"), ("17324d", "f3e9d2"), ("f4efe6", "b3202c"), ("2d6a4f", "f1f5e4"),
    ("f6d5cf", "4a1942"), ("101418", "f0b429"), ("8ecae6", "12263a"),
)  # fmt: skip
"""Ground and mark."""


def poster(rng: np.random.Generator, ask: Ask) -> Blank:
    """A printed poster: bold colour with a band and a border of another, coated paper."""
    ground_code, mark_code = one_of(rng, POSTERS)
    ground, mark = near(rng, rgb(ground_code)), rgb(mark_code)
    height, width = ask.size
    fall = np.linspace(-0.08, 0.08, height, dtype=np.float32)[:, None] + 0.01 * window(rng, "cloud", height, width)
    pixels = shades(fall, ground)
    design = one_of(rng, ("bands", "border", "discs", "stripe"))
    adorn(ask, pixels, design, mark, mixed(ground, mark, 0.35))
    alpha = masked(ask, rectangle(ask.box))
    hold(rng, ask, pixels, alpha)
    field = inset(ask.box, 0.12 * ask.unit, 0.09 * ask.unit + 0.09 * ask.height)
    return Blank(
        "poster", ("printed", f"{design} pattern"), pixels, alpha, field, rectangle(ask.box), (mark,), "printed",
        centred=True, lift=0.02, gloss=0.15, side=(200, 200, 200), verb="is put up on",
    )  # fmt: skip


def adorn(ask: Ask, pixels: Pixels, design: str, mark: Colour, soft: Colour) -> None:
    """Ornament about the field of a poster, in place, in its mark's colour or a softer one."""
    left, top, right, bottom = ask.box
    rim, band = 0.04 * ask.unit, 0.055 * ask.height
    if design == "bands":
        for y in (top + rim, bottom - rim - band):
            fill(pixels, rectangle((left + rim, y, right - rim, y + band)), mark)
    elif design == "border":
        for step, wide in ((1.0, 0.30), (1.6, 0.12)):
            ring(pixels, inset(ask.box, step * rim), 0.0, wide * rim, mark)
    elif design == "discs":
        for x in np.arange(left + 1.5 * rim, right - 1.2 * rim, 2.4 * rim):
            for y in (top + 0.5 * band + rim, bottom - 0.5 * band - rim):
                fill(pixels, circle((x, y), 0.7 * rim), soft)
    else:
        for y, slant in ((top, 1.0), (bottom, -1.0)):
            ends = np.array([[left, y], [right, y], [right, y + slant * 0.3 * band], [left, y + slant * 1.9 * band]])
            fill(pixels, ends, soft)


ALL = (Carrier("poster", ("word", "line", "paragraph"), ("wall", "pinboard"), (0.5, 1.2), poster, 0.006),)
