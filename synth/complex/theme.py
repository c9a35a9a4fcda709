"""Colours by role: a template says "accent" or "soft", a theme says which colour that is in this picture.

Texts may stand on several grounds, so each ink is chosen against all the grounds that it can meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synth.contrast import FLOOR, Colour, contrast, luminance
from synth.palette import oklch, readable

HUES = (8, 25, 42, 62, 85, 120, 148, 165, 185, 205, 225, 245, 258, 268, 285, 305, 330, 350)
"""Degrees in Oklab's circle that accents are taken from: every one is told apart from its neighbours."""

GOOD, BAD, WARN = 150, 25, 70
"""Hues that mean success, failure and caution everywhere."""


@dataclass(frozen=True)
class Theme:
    """`colours`: one for each of `properties.ROLES`. `mode`: light or dark. `rounding` scales radii, 0..1.6."""

    colours: Mapping[str, Colour]
    mode: str
    rounding: float
    flat: bool

    def __getitem__(self, role: str) -> Colour:
        return self.colours[role]


def theme(rng: np.random.Generator, look: str, modes: tuple[str, ...]) -> Theme:
    """A theme by chance for `look` (screen, poster, card) in one of `modes` (light, dark)."""
    mode = str(rng.choice(modes))
    if look == "screen":
        return _finished(rng, _screen(rng, mode), mode)
    return _finished(rng, _printed(rng, mode, 1.0 if look == "poster" else 0.7), mode)


def _screen(rng: np.random.Generator, mode: str) -> dict[str, Colour]:
    """Grounds of an app: nearly grey, a breath of the accent's hue, each step a plane nearer to the eye."""
    hue = float(rng.choice(HUES))
    tinge = float(rng.choice((0.0, 0.006, 0.012)))
    grey = hue if rng.random() < 0.6 else 255.0
    chroma = float(rng.uniform(0.12, 0.2))
    if mode == "light":
        planes = {"ground": float(rng.choice((0.985, 0.965, 0.95))), "surface": 1.0, "sunk": 0.945, "line": 0.905}
        accent = oklch(float(rng.uniform(0.46, 0.56)), chroma, hue)
        tint = oklch(0.945, min(0.04, chroma), hue)
    else:
        base = float(rng.uniform(0.14, 0.22))
        planes = {"ground": base, "surface": base + 0.05, "sunk": base + 0.09, "line": base + 0.15}
        accent = oklch(float(rng.uniform(0.62, 0.76)), chroma, hue)
        tint = oklch(base + 0.12, 0.05, hue)
    colours = {role: oklch(light, tinge, grey) for role, light in planes.items()}
    colours |= {"accent": accent, "tint": tint, "second": oklch(0.62, chroma, hue + float(rng.choice((-70, 60, 150))))}
    branded = mode == "light" and rng.random() < 0.35
    raised = oklch(0.25, 0.05, hue) if branded else colours["surface"]
    return colours | {"raised": raised, "night": oklch(0.22, 0.035, hue)}


def _printed(rng: np.random.Generator, mode: str, vivid: float) -> dict[str, Colour]:
    """Grounds of a print: a paper or a colour with courage, a second colour across the circle."""
    hue = float(rng.choice(HUES))
    other = hue + float(rng.choice((30, -40, 110, 150, 180, 210, 240)))
    if mode == "light":
        bold = rng.random() < 0.45 * vivid
        light, chroma = (rng.uniform(0.8, 0.9), rng.uniform(0.07, 0.15)) if bold else (rng.uniform(0.94, 0.98), 0.018)
        ground = oklch(float(light), float(chroma), hue)
        surface, sunk = (
            oklch(min(1.0, float(light) + 0.03), float(chroma) / 3, hue),
            oklch(float(light) - 0.05, 0.03, hue),
        )
        accent = oklch(float(rng.uniform(0.4, 0.52)), float(rng.uniform(0.1, 0.2)), other)
        second = oklch(float(rng.uniform(0.66, 0.8)), float(rng.uniform(0.1, 0.17)), other + 40)
        tint, line = oklch(0.92, 0.05, other), oklch(float(light) - 0.16, 0.04, hue)
    else:
        light = float(rng.uniform(0.17, 0.34))
        chroma = float(rng.uniform(0.02, 0.12)) * vivid
        ground = oklch(light, chroma, hue)
        surface, sunk = oklch(light + 0.06, chroma, hue), oklch(light - 0.05, chroma, hue)
        accent = oklch(float(rng.uniform(0.74, 0.88)), float(rng.uniform(0.1, 0.18)), other)
        second = oklch(float(rng.uniform(0.58, 0.72)), float(rng.uniform(0.12, 0.2)), other + 40)
        tint, line = oklch(light + 0.1, 0.05, other), oklch(light + 0.2, 0.04, hue)
    colours = {"ground": ground, "surface": surface, "sunk": sunk, "accent": accent, "second": second}
    return colours | {"tint": tint, "line": line, "raised": surface, "night": oklch(0.2, 0.04, other)}


def _finished(rng: np.random.Generator, colours: dict[str, Colour], mode: str) -> Theme:
    """Adds the inks, which follow from the grounds."""
    papers = [colours[role] for role in ("ground", "surface", "sunk")]
    hue = float(rng.choice(HUES))
    colours["ink"] = readable(papers, 0.02, hue, 0.97)
    colours["soft"] = readable(papers, 0.015, hue, 0.12)
    colours["link"] = _ink(colours["accent"], [*papers, colours["tint"]])
    colours["on_tint"] = _ink(colours["accent"], [colours["tint"]])
    for role, on in (("on_accent", "accent"), ("on_second", "second")):
        colours[on] = _firm(colours[on])
        colours[role] = _plain(colours[on])
    for role in ("night", "raised"):
        colours[f"on_{role}"] = _plain(colours[role])
        colours[f"soft_{role}"] = readable([colours[role]], 0.015, hue, 0.35)
    for role, hue in (("good", GOOD), ("bad", BAD), ("warn", WARN)):
        colours[role] = readable(papers, 0.14, hue, 0.1)
    colours |= {"scrim": (10, 12, 18), "white": (255, 255, 255), "black": (12, 12, 14)}
    return Theme(colours, mode, float(rng.choice((0.0, 0.5, 1.0, 1.0, 1.5))), bool(rng.random() < 0.3))


def _plain(ground: Colour) -> Colour:
    """White or nearly black, whichever reads better."""
    return max(((255, 255, 255), (18, 18, 24)), key=lambda ink: contrast(ink, ground))


def _firm(ground: Colour) -> Colour:
    """The colour itself, darker where neither white nor black reads well enough on it."""
    shade = np.array(ground, float)
    while contrast(_plain(_triple(shade)), _triple(shade)) < FLOOR + 0.3:
        shade *= 0.95
    return _triple(shade)


def _ink(colour: Colour, grounds: list[Colour]) -> Colour:
    """`colour`, moved towards black or white until it reads on all grounds."""
    dark = luminance(grounds[0]) > 0.18
    shade, goal = np.array(colour, float), np.array((0.0, 0.0, 0.0) if dark else (255.0, 255.0, 255.0))
    for _ in range(60):
        if min(contrast(_triple(shade), ground) for ground in grounds) >= FLOOR + 0.3:
            break
        shade += (goal - shade) * 0.06
    return _triple(shade)


def _triple(shade: np.ndarray) -> Colour:
    red, green, blue = (round(float(each)) for each in shade)
    return red, green, blue
