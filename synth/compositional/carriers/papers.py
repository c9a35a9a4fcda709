"""Things of paper: a sheet, a notebook page, a sticky note, a luggage tag."""

from __future__ import annotations

import numpy as np

from synth.compositional.carriers.base import Ask, Blank, Carrier, masked
from synth.compositional.carriers.fastened import hold
from synth.compositional.colour import Pixels, named, pick, rgb, scaled
from synth.compositional.materials.relief import apply
from synth.compositional.materials.sheets import cardboard, crumple, paper
from synth.compositional.shadow import fill
from synth.compositional.shapes import circle, dense, inset, rectangle
from synth.compositional.view import Points

PENS = tuple(rgb(code) for code in ("1d1f26", "23304f", "2a2a6e", "5a1f1f", "1f3b2c", "3a2a20"))
PAPERS = {
    "white": "f3f2ee",
    "cream": "efe5cc",
    "ivory": "f2ecdd",
    "grey": "d9d8d4",
    "yellowed": "dfcda2",
    "pale blue": "d8e2ea",
}


def sheet(rng: np.random.Generator, ask: Ask) -> Blank:
    """A loose sheet: smooth, folded or crumpled, its edges cut or torn; on a wall, held by tape or pins."""
    tint, colour = named(rng, PAPERS, 4)
    pixels = paper(rng, *ask.size, colour, rough=float(rng.uniform(0.6, 2.4)))
    state = str(rng.choice(["smooth", "folded", "crumpled"], p=[0.5, 0.3, 0.2]))
    if state == "folded":
        pixels = apply(pixels, creases(rng, ask))
    if state == "crumpled":
        pixels = apply(pixels, crumple(rng, *ask.size, ask.light, rng.uniform(0.10, 0.20)).astype(np.float32))
    torn = rng.random() < 0.2
    outline = rectangle(ask.box)
    if torn:
        outline = outline + rng.normal(0, 0.004 * ask.unit, outline.shape)
    alpha = masked(ask, outline)
    hold(rng, ask, pixels, alpha)
    hand = bool(rng.random() < 0.5)
    return Blank(
        "sheet of paper", (tint, state) + (("torn edges",) if torn else ()), pixels, alpha,
        inset(ask.box, 0.09 * ask.unit), outline, PENS, "pen" if hand else "printed", hand=hand,
        lift=0.02 if state == "smooth" else 0.035, side=(200, 196, 188),
    )  # fmt: skip


def creases(rng: np.random.Generator, ask: Ask) -> np.ndarray:
    """Shade, about 1, of one or two folds through the middle or at thirds."""
    height, width = ask.size
    shade = np.ones((height, width), np.float32)
    for share in rng.permutation([0.5, 0.335, 0.665])[: int(rng.integers(1, 3))]:
        for axis, long, across in ((0, height, ask.light[1]), (1, width, ask.light[0])):
            if rng.random() < 0.6:
                away = np.arange(long, dtype=np.float32) - share * long
                fold = 0.10 * across * np.tanh(away / 4) * np.exp(-np.abs(away) / (0.16 * long))
                fold -= 0.07 * np.exp(-((away / 1.4) ** 2))
                fold += 0.05 * np.exp(-(((away - 3) / 2) ** 2))
                shade += fold[:, None] if axis == 0 else fold[None]
    return shade


def notebook(rng: np.random.Generator, ask: Ask) -> Blank:
    """A page of a notebook: ruled, with a margin line, bound by a spiral at its left or at its head."""
    pixels = paper(rng, *ask.size, pick(rng, "f5f3ea", "f0ead6", "eef1f0"), rough=0.8)
    left, top, right, bottom = ask.box
    outline = rectangle(ask.box, 0.02 * ask.unit)
    alpha = masked(ask, outline)
    head = bool(rng.random() < 0.4)
    ring = 0.017 * ask.unit
    along = np.arange((left if head else top) + 3.5 * ring, (right if head else bottom) - 2.5 * ring, 3.4 * ring)
    for at in along:
        x, y = (at, top + 2.2 * ring) if head else (left + 2.2 * ring, at)
        fill(pixels, circle((x, y), 0.8 * ring), (42, 38, 36))
        loop = np.array([[x, y], [x, top - 0.9 * ring]] if head else [[x, y], [left - 0.9 * ring, y]])
        wire(pixels, alpha, loop, ring * 0.36)
    space = list(inset(ask.box, 0.06 * ask.unit, 0.07 * ask.unit))
    space[1 if head else 0] += 0.07 * ask.unit
    if rng.random() < 0.6 and not head:
        x = space[0] - 0.02 * ask.unit
        line = np.array([[x, top], [x + 1.6, top], [x + 1.6, bottom], [x, bottom]])
        fill(pixels, line, (214, 130, 130))
    return Blank(
        "notebook page", ("ruled", "spiral-bound"), pixels, alpha, (space[0], space[1], space[2], space[3]),
        outline, PENS, "pen", hand=True, side=(214, 210, 200), rules=pick(rng, "a9bdd2", "b9c7c0", "c9c2ba"),
    )  # fmt: skip


def wire(pixels: Pixels, alpha: np.ndarray, line: Points, half: float) -> None:
    """A short straight piece of bright wire, in place."""
    along = (line[1] - line[0]) / np.hypot(*(line[1] - line[0]))
    across = np.array([-along[1], along[0]]) * half
    for width, colour in ((1.0, (96, 98, 102)), (0.5, (206, 208, 212))):
        bar = np.stack(
            [line[0] - across * width, line[1] - across * width, line[1] + across * width, line[0] + across * width]
        )
        fill(pixels, bar, colour)
        fill(alpha, bar, 255)


NOTES = {
    "yellow": "f2dc6b",
    "pink": "f09ab0",
    "green": "b7dd86",
    "blue": "93cde8",
    "orange": "f2b065",
    "lilac": "c9b2e6",
}


def sticky(rng: np.random.Generator, ask: Ask) -> Blank:
    """A sticky note: its glued strip flat, its lower edge standing off."""
    tint, colour = named(rng, NOTES)
    height, width = ask.size
    pixels = paper(rng, height, width, colour, rough=0.6)
    down = (np.arange(height, dtype=np.float32) - ask.margin) / ask.height
    curl = 1 - 0.05 * np.exp(-(((down - 0.16) / 0.05) ** 2)) + 0.10 * np.clip(down - 0.45, 0, 1) ** 1.5
    pixels = apply(pixels, np.repeat(curl[:, None].astype(np.float32), width, 1))
    outline = rectangle(ask.box)
    inks = tuple(rgb(code) for code in ("1c1c22", "1f2f66", "6b1420", "14402a"))
    return Blank(
        "sticky note", (tint,), pixels, masked(ask, outline), inset(ask.box, 0.09 * ask.unit, 0.11 * ask.unit), outline,
        inks, "pen", hand=True, centred=bool(rng.random() < 0.5), lift=0.05, side=(180, 170, 120), verb="is stuck to",
    )  # fmt: skip


def tag(rng: np.random.Generator, ask: Ask) -> Blank:
    """A luggage tag of kraft board with a reinforced hole."""
    left, top, right, bottom = ask.box
    cut, middle = 0.26 * ask.height, (top + bottom) / 2
    shape = np.array([[left + cut, top], [right, top], [right, bottom], [left + cut, bottom],
                      [left, bottom - cut], [left, top + cut]], float)  # fmt: skip
    outline = dense(shape)
    tint = pick(rng, "c39d6b", "ead9b8", "b98f62", "e9e4d8")
    pixels = cardboard(rng, *ask.size, tint)
    hole = (left + 0.16 * ask.height, middle)
    fill(pixels, circle(hole, 0.075 * ask.height), scaled(tint, 0.62))
    fill(pixels, circle(hole, 0.036 * ask.height), (34, 28, 24))
    string = np.array(
        [
            [hole[0], hole[1] - 2],
            [0, middle - 0.2 * ask.height],
            [0, middle - 0.2 * ask.height + 4],
            [hole[0], hole[1] + 2],
        ]
    )
    alpha = masked(ask, outline)
    fill(pixels, string, (222, 212, 190))
    fill(alpha, string, 255)
    field = (left + 0.34 * ask.height, top + 0.10 * ask.height, right - 0.07 * ask.height, bottom - 0.10 * ask.height)
    inks = tuple(rgb(code) for code in ("2a1c12", "1d1f26", "5a1616"))
    return Blank(
        "luggage tag", ("kraft board", "on a string"), pixels, alpha, field, outline, inks,
        "stamped" if rng.random() < 0.5 else "pen", hand=True, centred=True, side=scaled(tint, 0.8), lift=0.015,
    )  # fmt: skip


ALL = (
    Carrier("sheet", ("word", "line", "paragraph"), ("table", "wall", "pinboard"), (0.55, 1.5), sheet, 0.010),
    Carrier("notebook", ("line", "paragraph"), ("table",), (0.6, 1.4), notebook, 0.006, thick=0.025),
    Carrier("sticky", ("word", "line"), ("table", "wall", "pinboard"), (0.85, 1.15), sticky, 0.010),
    Carrier("tag", ("word", "line"), ("table",), (1.6, 2.3), tag, thick=0.012),
)
