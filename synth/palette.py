"""Colours that go together: a ground, an ink that reads on it, an accent, all by rules in a perceptual space.

Colours are picked in Oklab's polar form (lightness 0..1, chroma 0..0.3, hue in degrees), where equal steps look
equal, so that a rule such as "the same hue, much darker" holds for every hue. Source of the space: B. Ottosson, A
perceptual color space for image processing, 2020.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from synth.contrast import FLOOR, LINEAR, Colour, luminance, ratios, triple

MARGIN = 1.25
"""Inks are chosen this much above the floor, because grain and ruling come between."""

_TO_LMS = np.array(
    [[0.41222147, 0.53633254, 0.05144599], [0.21190350, 0.68069955, 0.10739696], [0.08830246, 0.28171884, 0.62997870]]
)
_TO_LAB = np.array(
    [
        [0.21045426, 0.79361778, -0.00407205],
        [1.97799850, -2.42859221, 0.45059371],
        [0.02590404, 0.78277177, -0.80867577],
    ]
)
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)

NAMES = {
    "white": (255, 255, 255), "ivory": (253, 251, 240), "cream": (250, 243, 221), "off-white": (246, 245, 242),
    "beige": (238, 228, 208), "sand": (224, 205, 170), "buff": (240, 214, 165), "peach": (252, 220, 196),
    "pale pink": (250, 224, 228), "rose": (226, 140, 154), "coral": (240, 118, 94), "lavender": (224, 216, 244),
    "lilac": (196, 172, 222), "sky blue": (160, 206, 240), "pale blue": (220, 234, 248), "mint": (208, 240, 222),
    "pale green": (228, 240, 214), "sage": (178, 196, 168), "pale yellow": (252, 246, 200), "yellow": (246, 214, 70),
    "amber": (232, 162, 40), "orange": (232, 122, 36), "terracotta": (184, 92, 62), "rust": (146, 66, 34),
    "brick red": (166, 50, 44), "red": (208, 40, 40), "crimson": (150, 22, 48), "burgundy": (96, 24, 40),
    "magenta": (180, 40, 130), "plum": (100, 44, 92), "purple": (98, 52, 150), "violet": (120, 84, 200),
    "indigo": (54, 44, 116), "navy": (22, 34, 74), "midnight blue": (14, 20, 40), "royal blue": (38, 78, 180),
    "blue": (44, 104, 210), "steel blue": (78, 116, 152), "slate": (70, 84, 100), "teal": (16, 112, 116),
    "dark teal": (10, 62, 68), "turquoise": (70, 190, 186), "forest green": (26, 78, 48), "green": (50, 136, 72),
    "olive": (108, 108, 44), "dark olive": (62, 64, 28), "dark green": (18, 46, 34), "chocolate brown": (76, 44, 26),
    "dark brown": (38, 24, 14), "gold": (196, 156, 52),
    "brown": (118, 76, 46), "tan": (200, 164, 120), "sepia": (94, 68, 44), "light grey": (222, 222, 224),
    "grey": (128, 128, 130), "dark grey": (72, 72, 76), "charcoal": (42, 44, 48), "black": (8, 8, 10),
}  # fmt: skip
"""What people call colours; the nearest one names any other. The values are ours."""


@dataclass(frozen=True)
class Palette:
    """Colours of one page. `grounds`: one, or the stops of a gradient; the others read on each of them.

    `ink` is for the text, `accent` for titles, initials and ornaments, `soft` for running heads and captions.
    """

    scheme: str
    grounds: tuple[Colour, ...]
    ink: Colour
    accent: Colour
    soft: Colour


def shades(lightness: NDArray[np.float64], chroma: float, hue: float) -> NDArray[np.uint8]:
    """Colours [n, 3] of those lightnesses (0..1, [n]), that chroma (0..0.3) and hue (degrees).

    They are greyer where sRGB has none so vivid.
    """
    angle = np.deg2rad(hue)
    tries = chroma * np.append(0.85 ** np.arange(20), 0.0)
    light, tint = (grid.ravel() for grid in np.meshgrid(lightness, tries, indexing="ij"))
    lab = np.stack([light, tint * np.cos(angle), tint * np.sin(angle)], axis=1)
    linear = ((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T).reshape(len(lightness), len(tries), 3)
    inside = (linear.min(axis=2) >= -1e-4) & (linear.max(axis=2) <= 1.0001)
    inside[:, -1] = True
    return encoded(linear[np.arange(len(lightness)), inside.argmax(axis=1)])


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """One of `shades`."""
    return triple(shades(np.array([lightness]), chroma, hue)[0])


def encoded(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Light, 0..1 of any shape, as levels of sRGB."""
    linear = np.clip(linear, 0, 1)
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(curve * 255), np.uint8)


def oklab(colours: NDArray) -> NDArray[np.float64]:
    """Oklab of sRGB levels [n, 3]."""
    return np.cbrt(LINEAR[np.asarray(colours, np.intp)] @ _TO_LMS.T) @ _TO_LAB.T


def ramp(stops: Sequence[Colour], steps: int = 256) -> NDArray[np.uint8]:
    """Colours [steps, 3] that run evenly, to the eye, through all `stops`."""
    lab = oklab(np.array(stops))
    at = np.linspace(0, len(stops) - 1, steps)
    between = np.stack([np.interp(at, np.arange(len(stops)), lab[:, axis]) for axis in range(3)], axis=1)
    return encoded((between @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T)


@cache
def _named() -> tuple[list[str], NDArray[np.float64]]:
    return list(NAMES), oklab(np.array(list(NAMES.values())))


def name(colour: Colour) -> str:
    """What people would call it: "cream", "navy"."""
    names, places = _named()
    return names[int(np.linalg.norm(places - oklab(np.array([colour])), axis=1).argmin())]


def hexadecimal(colour: Colour) -> str:
    """The colour as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


@dataclass(frozen=True)
class Scheme:
    """Ranges that grounds are drawn from: lightness and chroma, and the hue's mean and spread where it is not free."""

    share: float
    lightness: tuple[float, float]
    chroma: tuple[float, float]
    hue: tuple[float, float] | None = None


SCHEMES = {
    "white": Scheme(0.24, (0.965, 1.0), (0.0, 0.01)),
    "pastel": Scheme(0.24, (0.89, 0.96), (0.02, 0.06)),
    "bright": Scheme(0.12, (0.76, 0.88), (0.09, 0.16)),
    "vivid": Scheme(0.18, (0.32, 0.48), (0.07, 0.16)),
    "dark": Scheme(0.22, (0.14, 0.28), (0.0, 0.05)),
    "paper": Scheme(0.0, (0.92, 0.985), (0.004, 0.04), (85, 14)),
    "kraft": Scheme(0.0, (0.74, 0.82), (0.045, 0.075), (72, 6)),
    "board": Scheme(0.0, (0.22, 0.3), (0.012, 0.04), (170, 25)),
}
"""Those without a share, such as warm, pale paper, are only had by asking for them."""

HARMONIES = (0, 30, -30, 150, 180, 210, 120)
"""Degrees from the ground's hue to the accent's: the same, its neighbours, around the opposite, and a third."""

DARK, LIGHT = np.linspace(0.62, 0.12, 16), np.linspace(0.6, 0.99, 14)
"""Lightness of inks from weak to strong, for light grounds and for dark ones."""


def palette(rng: np.random.Generator, stops: int = 1, scheme: str = "") -> Palette:
    """A palette by chance, with `stops` grounds; `scheme` of SCHEMES, else by chance too."""
    if not scheme:
        scheme = str(rng.choice(list(SCHEMES), p=[each.share for each in SCHEMES.values()]))
    ground = SCHEMES[scheme]
    hue = float(rng.normal(*ground.hue) if ground.hue else rng.uniform(0, 360))
    grounds = stepped(rng, float(rng.uniform(*ground.lightness)), float(rng.uniform(*ground.chroma)), hue, stops)
    other = hue + float(rng.choice(HARMONIES)) + float(rng.normal(0, 8))
    tint = float(rng.uniform(0.01, 0.12)) if rng.random() < 0.75 else 0.0
    return Palette(
        scheme,
        grounds,
        readable(grounds, tint, hue if rng.random() < 0.6 else other, float(rng.uniform(0.7, 1))),
        readable(grounds, float(rng.uniform(0.1, 0.2)), other, float(rng.uniform(0, 0.45))),
        readable(grounds, tint / 2, hue, float(rng.uniform(0, 0.25))),
    )


def stepped(rng: np.random.Generator, light: float, vivid: float, hue: float, stops: int) -> tuple[Colour, ...]:
    """`stops` grounds from the first on, each a step along the circle of hues and a little lighter or darker."""
    turn, rise = float(rng.choice((-1, 1)) * rng.uniform(15, 60)), float(rng.uniform(0.02, 0.06))
    rise = rise if light < 0.3 else -rise
    return tuple(oklch(light + rise * stop, vivid + 0.012 * stop, hue + turn * stop) for stop in range(stops))


def readable(grounds: Sequence[Colour], chroma: float, hue: float, strength: float) -> Colour:
    """A colour of that hue whose contrast with every ground is above the floor.

    `strength`, 0..1, leads from just readable to the most that the hue can. Of darker and lighter inks those are
    taken that can stand out more.
    """
    lights = np.array([luminance(ground) for ground in grounds])
    sides = [shades(levels, chroma, hue) for levels in (DARK, LIGHT)]
    inks, found = max(((inks, ratios(inks, lights)) for inks in sides), key=lambda side: float(side[1].max()))
    clear = inks[found >= FLOOR * MARGIN]
    if not len(clear):
        return triple(inks[found.argmax()])
    return triple(clear[round(strength * (len(clear) - 1))])
