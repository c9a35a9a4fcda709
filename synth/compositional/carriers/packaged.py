"""Bound and packed: a book's cover, a cardboard box."""

from __future__ import annotations

import numpy as np

from synth.compositional.carriers.base import Ask, Blank, Carrier, bevelled, masked
from synth.compositional.carriers.ornament import ring
from synth.compositional.colour import Pixels, mixed, named, pick, rgb, scaled, shades
from synth.compositional.fields import window
from synth.compositional.materials.relief import apply
from synth.compositional.materials.sheets import cardboard
from synth.compositional.materials.woven import leather, linen
from synth.compositional.shadow import fill
from synth.compositional.shapes import inset, rectangle

COVERS = {
    "red": "7c1f26",
    "navy": "1d2c4d",
    "green": "22473a",
    "brown": "5a3a26",
    "black": "222224",
    "cream": "e6dbc2",
    "grey": "8d9090",
    "teal": "2a6067",
    "mustard": "c2952f",
}
GOLD, DARK = (rgb("e3c068"), rgb("f0e6cc")), (rgb("241a14"), rgb("1d2740"))


def book(rng: np.random.Generator, ask: Ask) -> Blank:
    """A closed book, seen from its front: cloth, leather or printed paper, with a groove along its back."""
    name, colour = named(rng, COVERS, 6)
    kind = str(rng.choice(["cloth", "leather", "printed"]))
    if kind == "cloth":
        pixels = linen(rng, *ask.size, colour)
    elif kind == "leather":
        pixels = leather(rng, *ask.size, ask.light, colour)
    else:
        height, width = ask.size
        pixels = shades(
            np.linspace(-0.18, 0.18, height, dtype=np.float32)[:, None] + 0.02 * window(rng, "cloud", height, width),
            colour,
        )
    light = name in ("cream", "mustard", "grey")
    inks = DARK if light else GOLD
    left, top, right, bottom = ask.box
    across = np.arange(ask.size[1], dtype=np.float32) - left - 0.055 * ask.width
    groove = 1 - 0.30 * np.exp(-((across / 4.5) ** 2)) + 0.12 * np.exp(-(((across - 8) / 4) ** 2))
    pixels = apply(pixels, np.repeat(groove[None].astype(np.float32), ask.size[0], 0))
    face = (left + 0.085 * ask.width, top, right, bottom)
    if rng.random() < 0.6:
        ring(pixels, inset(face, 0.045 * ask.unit), 0, max(2.0, 0.006 * ask.unit), mixed(colour, inks[0], 0.8))
    outline = rectangle(ask.box, 0.012 * ask.unit)
    alpha = masked(ask, outline)
    pixels = bevelled(pixels, alpha, 2.5, 0.5, ask.light)
    return Blank(
        "book", (name, f"{kind} cover"), pixels, alpha, inset(face, 0.11 * ask.unit), outline, inks, "printed",
        centred=True, side=pick(rng, "e4dcc8", "d8cfb8", "efe9da"), gloss=0.2 if kind == "printed" else 0.05,
    )  # fmt: skip


def box(rng: np.random.Generator, ask: Ask) -> Blank:
    """A cardboard box closed with tape, the text stencilled, stamped or written with a marker."""
    tint = pick(rng, "b98f62", "a97f52", "c7a276", "d6d2c6")
    pixels = cardboard(rng, *ask.size, tint)
    left, top, right, bottom = ask.box
    field = inset(ask.box, 0.08 * ask.unit)
    if rng.random() < 0.7:
        wide = 0.075 * ask.unit
        along = top + wide * 0.2
        strip = (left, top, right, along + wide)
        tape(rng, pixels, strip)
        field = (field[0], along + wide * 1.35, field[2], field[3])
    if rng.random() < 0.5:
        marks(rng, ask, pixels)
        field = (field[0], field[1], field[2], bottom - 0.20 * ask.unit)
    rim = np.minimum(np.arange(ask.size[0]) - top, bottom - np.arange(ask.size[0]))[:, None]
    side = np.minimum(np.arange(ask.size[1]) - left, right - np.arange(ask.size[1]))[None]
    worn = 1 + 0.10 * np.exp(-np.maximum(np.minimum(rim, side), 0) / (0.012 * ask.unit))
    pixels = apply(pixels, worn.astype(np.float32))
    outline = rectangle(ask.box, 0.008 * ask.unit)
    inks = (rgb("1f1913"), rgb("231f20"), rgb("5c1511"), rgb("1b2450"))
    hand = bool(rng.random() < 0.35)
    return Blank(
        "cardboard box", ("taped",), pixels, masked(ask, outline), field, outline, inks, "pen" if hand else "stamped",
        hand=hand, centred=True, side=scaled(tint, 0.95),
    )  # fmt: skip


def tape(rng: np.random.Generator, pixels: Pixels, strip: tuple[float, float, float, float]) -> None:
    """A strip of brown or clear tape, in place, shining where it wrinkles."""
    left, top, right, bottom = (int(value) for value in strip)
    part = pixels[top:bottom, left:right]
    height, width = part.shape[:2]
    shine = 0.92 + 0.04 * window(rng, "streak", width, height).T + 0.03 * window(rng, "cloud", height, width)
    part[:] = apply(part, shine.astype(np.float32))
    pixels[bottom - 1 : bottom + 1, left:right] = (pixels[bottom - 1 : bottom + 1, left:right] * 0.75).astype(np.uint8)


MARKS: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (  # two arrows: this side up
        ((-0.25, -0.42), (-0.05, -0.1), (-0.18, -0.1), (-0.18, 0.3), (-0.32, 0.3), (-0.32, -0.1), (-0.45, -0.1)),
        ((0.25, -0.42), (0.45, -0.1), (0.32, -0.1), (0.32, 0.3), (0.18, 0.3), (0.18, -0.1), (0.05, -0.1)),
    ),
    (  # a glass: fragile
        ((-0.24, -0.42), (0.24, -0.42), (0.03, 0.03), (0.03, 0.33), (0.2, 0.33), (0.2, 0.4), (-0.2, 0.4), (-0.2, 0.33),
         (-0.03, 0.33), (-0.03, 0.03)),
    ),
    (  # a drop: keep dry
        ((0.0, -0.42), (0.16, -0.05), (0.22, 0.14), (0.12, 0.32), (-0.12, 0.32), (-0.22, 0.14), (-0.16, -0.05)),
    ),
)  # fmt: skip
"""Handling marks as polygons, in shares of their frame."""


def marks(rng: np.random.Generator, ask: Ask, pixels: Pixels) -> None:
    """Two or three handling marks along the lower edge, in place."""
    _, _, right, bottom = ask.box
    ink, side = (40, 32, 26), 0.10 * ask.unit
    for number, mark in enumerate(MARKS[: int(rng.integers(2, 4))]):
        x, y = right - (1.6 + 1.5 * number) * side, bottom - 0.9 * side
        ring(pixels, (x - side * 0.6, y - side * 0.6, x + side * 0.6, y + side * 0.6), 0, side * 0.06, ink)
        for polygon in mark:
            fill(pixels, np.array([x, y]) + np.array(polygon) * side, ink)


ALL = (
    Carrier("book", ("word", "line"), ("table", "stand"), (0.62, 0.82), book, thick=0.10),
    Carrier("box", ("word", "line"), ("table", "stand"), (0.9, 1.6), box, thick=0.35),
)
