"""Other colours for a theme by one rule: every hue turned by the same angle, lightness and strength kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from synth.complex.slide_template import tag
from synth.contrast import Colour, contrast
from synth.palette import oklab, oklch

TURNED = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)))

READABLE = 4.9
"""Contrast that the colours used for text get with the ground, where the template's own come near it."""

NEAR = 3.0
"""Contrast of the template's own colours from which on they are taken to be text and ground."""


def theme_colours(root: Any) -> dict[str, Colour]:
    """Colours of a theme part by the name of their slot; those given by another way than RGB are left out."""
    found = {}
    for name in TURNED:
        slot = next(root.iter(tag(f"a:{name}")), None)
        value = None if slot is None else slot.find(tag("a:srgbClr"))
        if value is not None:
            red, green, blue = bytes.fromhex(value.get("val"))
            found[name] = (red, green, blue)
    return found


def turned(colours: dict[str, Colour], degrees: float) -> dict[str, Colour]:
    """The colours with their hues turned; those for text are then made darker or lighter until they read.

    At 0 degrees only what reads badly is changed: the stock theme of an office suite has white on a mid blue at 3.8.
    """
    new = {name: _turn(colour, degrees) for name, colour in colours.items()} if degrees else dict(colours)
    grounds = [name for name in ("lt1", "lt2") if name in new]
    for name in ("dk1", "dk2", "accent1"):
        if name in new:
            kept = [ground for ground in grounds if contrast(colours[name], colours[ground]) >= NEAR]
            new[name] = _readable(new[name], [new[ground] for ground in kept])
    return new


def recolour(root: Any, colours: dict[str, Colour]) -> None:
    """Writes colours into a theme part."""
    for name, colour in colours.items():
        next(root.iter(tag(f"a:{name}"))).find(tag("a:srgbClr")).set("val", bytes(colour).hex().upper())


def _polar(colour: Colour) -> tuple[float, float, float]:
    lightness, a, b = oklab(np.array([colour]))[0].tolist()
    return lightness, float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))


def _turn(colour: Colour, degrees: float) -> Colour:
    lightness, chroma, hue = _polar(colour)
    return oklch(lightness, chroma, hue + degrees)


def _readable(colour: Colour, grounds: list[Colour]) -> Colour:
    lightness, chroma, hue = _polar(colour)
    for _ in range(20):
        short = [ground for ground in grounds if contrast(colour, ground) < READABLE]
        if not short:
            break
        lightness += -0.02 if lightness < _polar(short[0])[0] else 0.02
        colour = oklch(min(1.0, max(0.0, lightness)), chroma, hue)
    return colour
