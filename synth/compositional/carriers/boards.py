"""Boards and signs: wood, chalk board, enamel, shop sign, stone or metal plaque."""

from __future__ import annotations

import numpy as np

from synth.compositional.carriers.base import Ask, Blank, Carrier, bevelled, framed, knob, masked
from synth.compositional.carriers.ornament import ring
from synth.compositional.colour import Colour, Pixels, named, near, pick, rgb, scaled
from synth.compositional.materials.mineral import marble, slate
from synth.compositional.materials.sheets import brushed, enamel, rust
from synth.compositional.materials.wood import SPECIES, painted, wood
from synth.compositional.shapes import inset, rectangle
from synth.contrast import luminances

PAINTS = {"green": "2f5a44", "blue": "2f5f86", "white": "e9e6dc", "red": "8d2f2a", "ochre": "c8973f"}
WHITES: tuple[Colour, ...] = (rgb("f6f3ea"), rgb("f3ead2"))


def screws(rng: np.random.Generator, ask: Ask, pixels: Pixels, depth: float, corners: bool = True) -> None:
    """Four screws, `depth` pixels from the edges, in place."""
    left, top, right, bottom = inset(ask.box, depth)
    colour, radius = pick(rng, "8d8f92", "b08d57", "5a5754"), max(3.5, 0.014 * ask.unit)
    places = [(left, top), (right, top), (right, bottom), (left, bottom)]
    if not corners:
        places = [(left, (top + bottom) / 2), (right, (top + bottom) / 2)]
    for place in places:
        knob(pixels, place, radius, colour, ask.light)


def wooden(rng: np.random.Generator, ask: Ask) -> Blank:
    """A board of one to four planks, painted or with the letters burnt or painted into the bare wood."""
    most = {"word": 4, "line": 3, "paragraph": 1}[ask.grade]  # a gap through small letters would strike them out
    planks = int(np.clip(round(ask.height / rng.uniform(140, 300)), 1, most))
    outline = rectangle(ask.box, float(rng.choice([0.0, 0.02, 0.06])) * ask.unit)
    alpha = masked(ask, outline)
    if rng.random() < 0.35:
        name, colour = named(rng, PAINTS)
        pixels, kind = painted(rng, *ask.size, colour, planks, float(rng.uniform(0, 0.04))), f"painted {name}"
        inks = (rgb("26211c"), rgb("5a1f1a")) if name in ("white", "ochre") else WHITES
        way = str(rng.choice(["paint", "weathered"]))
    else:
        kind = list(SPECIES)[int(rng.integers(len(SPECIES)))]
        pixels = wood(rng, *ask.size, kind, planks)
        dark = kind in ("walnut", "cherry", "teak")
        inks = (*WHITES, rgb("f0d9a0")) if dark else (rgb("1d130c"), rgb("20242a"), rgb("3c1210"))
        way = str(rng.choice(["paint", "weathered"] if dark else ["paint", "carved", "carved"]))
    pixels = bevelled(pixels, alpha, 3.0, 0.5, ask.light)
    if ask.setting != "table":
        screws(rng, ask, pixels, 0.045 * ask.unit)
    side = scaled((kind.startswith("painted") and (120, 116, 108)) or rgb(SPECIES[kind][1]), 0.8)
    field = inset(ask.box, 0.10 * ask.unit, 0.09 * ask.unit)
    return Blank("wooden board", (kind,), pixels, alpha, field, outline, inks, way, centred=True, side=side)


def blackboard(rng: np.random.Generator, ask: Ask) -> Blank:
    """A framed chalk board."""
    name, colour = named(rng, {"black": "2c2f31", "green": "2b4a3e", "dark green": "213a31"}, 3)
    pixels = slate(rng, *ask.size, colour)
    kind = list(SPECIES)[int(rng.integers(len(SPECIES)))]
    wide = ask.unit * float(rng.uniform(0.03, 0.06))
    framed(pixels, ask, wide, wood(rng, *ask.size, kind))
    outline = rectangle(ask.box)
    inks = tuple(rgb(code) for code in ("f4f3ec", "f4f3ec", "f5e9a8", "f4c9cf", "bfe0ee"))
    return Blank(
        "chalkboard", (name, f"{kind} frame"), pixels, masked(ask, outline), inset(ask.box, wide + 0.06 * ask.unit),
        outline, inks, "chalk", hand=True, centred=bool(rng.random() < 0.6), side=rgb(SPECIES[kind][1]),
    )  # fmt: skip


ENAMELS: dict[str, tuple[str, str]] = {
    "blue": ("1d4f91", "f4f4ee"), "green": ("14653f", "f4f4ee"), "white": ("efeee8", "1a2438"),
    "red": ("a81e22", "f6f2e8"), "yellow": ("efc11f", "17171a"), "black": ("1f2124", "efe9da"),
    "brown": ("5f3a22", "f3ecdc"),
}  # fmt: skip


def street(rng: np.random.Generator, ask: Ask) -> Blank:
    """An enamelled metal sign with a border line, screws, and sometimes rust."""
    name = list(ENAMELS)[int(rng.integers(len(ENAMELS)))]
    ground, mark = (rgb(code) for code in ENAMELS[name])
    pixels = enamel(rng, *ask.size, near(rng, ground, 5), ask.light)
    radius = float(rng.uniform(0.02, 0.09)) * ask.unit
    outline, rim, line = rectangle(ask.box, radius), 0.035 * ask.unit, max(2.5, 0.014 * ask.unit)
    if rng.random() < 0.75:
        ring(pixels, inset(ask.box, rim), radius * 0.8, line, mark)
    worn = bool(rng.random() < 0.3)
    left, top, right, bottom = (int(value) for value in ask.box)
    if worn:
        inner = pixels[top:bottom, left:right]
        inner[:] = rust(rng, inner, float(rng.uniform(0.1, 0.45)))
    alpha = masked(ask, outline)
    pixels = bevelled(pixels, alpha, 2.0, 0.6, ask.light)
    screws(rng, ask, pixels, 0.085 * ask.unit, corners=bool(rng.random() < 0.5))
    return Blank(
        "metal sign", (name, "enamelled") + (("rusty",) if worn else ()), pixels, alpha,
        inset(ask.box, 0.15 * ask.unit, 0.12 * ask.unit), outline, (mark,), "printed", centred=True,
        side=(150, 152, 155), gloss=0.35,
    )  # fmt: skip


FASCIAS = {
    "dark green": "173f35", "black": "202224", "burgundy": "561a22", "navy": "1b2b4b", "teal": "1f5a62",
    "cream": "ece3cd", "plum": "40233f",
}  # fmt: skip


def shop(rng: np.random.Generator, ask: Ask) -> Blank:
    """A shop's sign: a painted panel in a moulding, letters standing out in gold or cream."""
    name, ground = named(rng, FASCIAS, 4)
    pixels = enamel(rng, *ask.size, ground, ask.light)
    wide = ask.unit * float(rng.uniform(0.035, 0.065))
    trim = pick(rng, "b08d4a", "d9d2c0", "3b2a1e", "8a8f94")
    framed(pixels, ask, wide, enamel(rng, *ask.size, trim, ask.light))
    outline = rectangle(ask.box)
    gold = (rgb("e8c56a"), rgb("f4ecd8"), rgb("f2d98a"))
    inks = (rgb("3a2416"), rgb("1f3d36"), rgb("611a22")) if name == "cream" else gold
    return Blank(
        "shop sign", (name, "painted", "raised letters"), pixels, masked(ask, outline),
        inset(ask.box, wide + 0.07 * ask.unit), outline, inks, "raised", centred=True,
        side=scaled(trim, 0.7), gloss=0.2,
    )  # fmt: skip


def plaque(rng: np.random.Generator, ask: Ask) -> Blank:
    """A plaque of brushed metal or polished stone with carved letters."""
    kinds = ("brass", "steel", "bronze", "marble")[: 3 if ask.grade == "paragraph" else 4]  # veins cross small letters
    kind = str(rng.choice(kinds))
    codes = {"brass": "c9a55a", "steel": "b4b8bc", "bronze": "6e5236", "marble": ""}
    pixels = marble(rng, *ask.size) if kind == "marble" else brushed(rng, *ask.size, near(rng, rgb(codes[kind]), 5))
    outline = rectangle(ask.box, float(rng.choice([0.0, 0.03])) * ask.unit)
    alpha = masked(ask, outline)
    pixels = bevelled(pixels, alpha, 4.0, 0.7, ask.light)
    screws(rng, ask, pixels, 0.05 * ask.unit)
    dark = float(luminances(pixels[::16, ::16]).mean()) < 0.18
    inks = (rgb("efe2bd"), rgb("e9e6dd")) if dark else (rgb("16130f"), rgb("1b1d20"))
    field = inset(ask.box, 0.11 * ask.unit, 0.10 * ask.unit)
    return Blank(
        "plaque", (kind, "engraved"), pixels, alpha, field, outline, inks, "carved", centred=True,
        side=scaled(near(rng, rgb(codes[kind] or "b0aca6"), 3), 0.8), gloss=0.5, verb="is fixed to",
    )  # fmt: skip


ALL = (
    Carrier("wooden", ("word", "line", "paragraph"), ("wall", "air", "table"), (0.8, 2.4), wooden, thick=0.06),
    Carrier("blackboard", ("word", "line", "paragraph"), ("wall", "stand"), (0.7, 1.7), blackboard, thick=0.045),
    Carrier("street", ("word", "line"), ("wall", "air"), (1.1, 3.2), street, thick=0.012),
    Carrier("shop", ("word", "line"), ("wall", "air"), (1.2, 3.0), shop, thick=0.10),
    Carrier("plaque", ("word", "line", "paragraph"), ("wall", "stand"), (0.75, 1.8), plaque, thick=0.04),
)
