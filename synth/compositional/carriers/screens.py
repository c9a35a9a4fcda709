"""Screens, which give light of their own: a telephone, a tablet, a monitor."""

from __future__ import annotations

import cv2
import numpy as np

from synth.compositional.carriers.base import Ask, Blank, Carrier, bevelled, masked
from synth.compositional.colour import Colour, Pixels, mixed, named, near, ramp, rgb
from synth.compositional.shadow import fill
from synth.compositional.shapes import Rectangle, circle, inset, rectangle

THEMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("fafafa", "eef1f6", ("14161a", "1c2b4a")), ("14171c", "20262e", ("f2f4f6", "bfe3d0")),
    ("fdf6e3", "f3e8c9", ("3b3226", "2b2b2b")), ("103a5c", "1c5a86", ("ffffff", "ffe9a8")),
    ("5a2a82", "8a3fa0", ("ffffff", "ffe3f4")), ("e8f3ee", "d3e8dd", ("14332a", "12324a")),
    ("0b3d2e", "14604a", ("f4fff8", "e6f7c0")), ("fff1e6", "ffd9c2", ("47201a", "2b1d1a")),
)  # fmt: skip


BODIES = {"black": "1b1c1f", "silver": "c9cbce", "gold": "dfd3c3", "graphite": "39424e"}


def display(rng: np.random.Generator, pixels: Pixels, box: Rectangle, bar: float) -> tuple[Colour, ...]:
    """Paints a lit screen in place: a ground in two shades, a status bar of height `bar`; returns inks for it."""
    upper, lower, inks = THEMES[int(rng.integers(len(THEMES)))]
    left, top, right, bottom = (round(value) for value in box)
    fall = np.linspace(0, 1, bottom - top, dtype=np.float32)[:, None].repeat(right - left, 1)
    pixels[top:bottom, left:right] = ramp(fall, near(rng, rgb(upper), 3), near(rng, rgb(lower), 3))
    ink = mixed(rgb(upper), rgb(inks[0]), 0.75)
    for place in range(3):  # signs of reception and battery, abstract on purpose: they are no text
        x, y, side = right - bar * (1.0 + 0.75 * place), top + bar * 0.5, bar * 0.2
        shape = (
            circle((x, y), side)
            if place == 1
            else rectangle((x - side * 1.2, y - side, x + side * 1.2, y + side), side / 3)
        )
        fill(pixels, shape, ink)
    return tuple(rgb(code) for code in inks)


def device(rng: np.random.Generator, ask: Ask, bezel: tuple[float, float], radius: float, name: str) -> Blank:
    """A flat device: body, bezel (across and down, in pixels), display."""
    kind, body = named(rng, BODIES)
    pixels = np.full((*ask.size, 3), body, np.uint8)
    edge = 0.012 * ask.unit
    fill(pixels, rectangle(inset(ask.box, edge), max(2.0, radius - edge)), (14, 14, 16))
    screen = inset(ask.box, bezel[0], bezel[1])
    bar = 0.055 * max(ask.unit, 0.7 * ask.height)
    outline = rectangle(ask.box, radius)
    alpha = masked(ask, outline)
    pixels = bevelled(pixels, alpha, 3.0, 0.8, ask.light)
    mask = np.zeros(ask.size, np.uint8)
    corner = rectangle(screen, max(2.0, radius - max(bezel)))
    fill(mask, corner, 255)
    lit = pixels.copy()
    inks = display(rng, lit, screen, bar)
    cv2.copyTo(lit, mask, pixels)
    rim = 0.07 * (screen[2] - screen[0])
    field = (screen[0] + rim, screen[1] + 1.25 * bar, screen[2] - rim, screen[3] - 0.8 * bar)
    return Blank(
        name, (kind, "lit screen"), pixels, alpha, field, outline, inks, "glow", side=body, gloss=0.5,
        glow=corner, centred=bool(rng.random() < 0.3),
    )  # fmt: skip


def telephone(rng: np.random.Generator, ask: Ask) -> Blank:
    """A telephone held upright, its corners round."""
    bezel = 0.045 * ask.unit
    return device(rng, ask, (bezel, bezel), float(rng.uniform(0.09, 0.14)) * ask.unit, "phone")


def tablet(rng: np.random.Generator, ask: Ask) -> Blank:
    """A tablet with an even rim."""
    bezel = float(rng.uniform(0.035, 0.06)) * ask.unit
    return device(rng, ask, (bezel, bezel), 0.05 * ask.unit, "tablet")


def monitor(rng: np.random.Generator, ask: Ask) -> Blank:
    """A flat monitor, on its foot."""
    bezel = 0.025 * ask.unit
    return device(rng, ask, (bezel, bezel), 0.015 * ask.unit, "monitor")


ALL = (
    Carrier("telephone", ("word", "line", "paragraph"), ("table",), (0.5, 0.58), telephone, thick=0.08),
    Carrier("tablet", ("word", "line", "paragraph"), ("table", "stand"), (0.68, 1.45), tablet, thick=0.025),
    Carrier("monitor", ("word", "line", "paragraph"), ("stand",), (1.3, 1.78), monitor, thick=0.03, foot=0.13),
)
