"""Things that shops and menus show: vases, lamps, bottles, chairs, shirts, plates of food, on a plain ground."""

from __future__ import annotations

import numpy as np

from synth.complex.brush import Brush, Point, hued
from synth.palette import Colour


def ware(brush: Brush, hue: float) -> None:
    _studio(brush, hue)
    tone, dark = hued(brush.between(0.5, 0.75), 0.12, hue + 150), hued(0.35, 0.06, hue + 150)
    kinds = {
        "vase": _vase,
        "lamp": _lamp,
        "bottle": _bottle,
        "chair": _chair,
        "mug": _mug,
        "headphones": _headphones,
        "watch": _watch,
        "plant": _plant,
    }
    kinds[brush.one(tuple(kinds))](brush, brush.wide / 2, tone, dark)


def _studio(brush: Brush, hue: float) -> None:
    brush.fill(hued(0.955, 0.018, hue), hued(0.9, 0.03, hue))
    brush.oval(brush.wide / 2, 0.845, 0.27, 0.032, hued(0.5, 0.03, hue), 0.25)


def _round(points: list[Point], x: float) -> list[Point]:
    """The outline on both sides of an upright axis, from half of it."""
    return [(x - far, y) for far, y in points] + [(x + far, y) for far, y in reversed(points)]


def _vase(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    ys = np.linspace(0, 1, 24)
    belly = brush.between(0.12, 0.2)
    half = 0.06 + belly * np.sin(np.pi * ys ** brush.between(0.7, 1.5)) ** 1.3
    for stem in (-0.07, 0.0, 0.08):
        brush.line([(x, 0.45), (x + stem * 1.6, 0.17)], 0.012, hued(0.5, 0.09, 150))
        brush.oval(x + stem * 1.7, 0.17, 0.045, 0.07, hued(0.62, 0.11, 145))
    brush.polygon(_round([(float(h), 0.4 + 0.44 * float(y)) for h, y in zip(half, ys, strict=True)], x), tone)
    brush.line([(x - belly * 0.55, 0.55), (x - belly * 0.6, 0.68)], 0.02, (255, 255, 255), 0.4)


def _lamp(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    brush.line([(x, 0.4), (x, 0.8)], 0.02, dark)
    brush.rectangle(x - 0.13, 0.8, 0.26, 0.035, dark, r=0.017)
    brush.polygon([(x - 0.11, 0.17), (x + 0.11, 0.17), (x + 0.23, 0.47), (x - 0.23, 0.47)], tone)


def _bottle(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    brush.rectangle(x - 0.045, 0.14, 0.09, 0.09, dark, r=0.015)
    brush.rectangle(x - 0.04, 0.2, 0.08, 0.16, tone)
    brush.rectangle(x - 0.13, 0.31, 0.26, 0.53, tone, r=0.07)
    brush.rectangle(x - 0.13, 0.48, 0.26, 0.2, hued(0.97, 0.01, 80))
    brush.circle(x, 0.58, 0.05, dark)


def _chair(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    for far in (-0.17, 0.17):
        brush.line([(x + far * 0.8, 0.58), (x + far * 1.1, 0.83)], 0.024, dark)
    brush.rectangle(x - 0.2, 0.18, 0.4, 0.36, tone, r=0.11)
    brush.rectangle(x - 0.24, 0.5, 0.48, 0.1, hued(0.45, 0.1, brush.between(0, 360)), r=0.05)


def _mug(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    brush.ring(x + 0.2, 0.58, 0.095, 0.045, tone)
    brush.rectangle(x - 0.2, 0.38, 0.4, 0.46, tone, r=0.06)
    brush.oval(x, 0.4, 0.19, 0.035, dark)
    for step in (-0.07, 0.05):
        brush.line([(x + step, 0.3), (x + step + 0.02, 0.24), (x + step, 0.18)], 0.012, dark, 0.35)


def _headphones(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    brush.ring(x, 0.52, 0.25, 0.05, dark, 180, 180)
    for side in (-1, 1):
        brush.rectangle(x + side * 0.25 - 0.06, 0.5, 0.12, 0.27, tone, r=0.055)
        brush.rectangle(x + side * 0.2 - 0.02, 0.53, 0.04, 0.21, dark, r=0.02)


def _watch(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    brush.rectangle(x - 0.09, 0.14, 0.18, 0.7, dark, r=0.04)
    brush.circle(x, 0.49, 0.21, tone)
    brush.circle(x, 0.49, 0.165, hued(0.97, 0.01, 80))
    angle = brush.between(0, 6.3)
    brush.line([(x, 0.49), (x + 0.12 * float(np.cos(angle)), 0.49 + 0.12 * float(np.sin(angle)))], 0.014, dark)
    brush.line([(x, 0.49), (x, 0.4)], 0.018, dark)


def _plant(brush: Brush, x: float, tone: Colour, dark: Colour) -> None:
    green = brush.between(135, 165)
    for k in range(9):
        angle = -np.pi * (0.12 + 0.76 * k / 8)
        tip = (x + 0.3 * float(np.cos(angle)), 0.52 + 0.38 * float(np.sin(angle)))
        brush.line([(x, 0.6), tip], 0.05, hued(0.45 + 0.03 * (k % 3), 0.1, green))
    brush.polygon([(x - 0.16, 0.58), (x + 0.16, 0.58), (x + 0.12, 0.84), (x - 0.12, 0.84)], tone)


def clothes(brush: Brush, hue: float) -> None:
    brush.fill(hued(0.95, 0.015, hue + 90))
    x, tone, shade = brush.wide / 2, hued(brush.between(0.4, 0.85), 0.12, hue), hued(0.3, 0.05, hue)
    if brush.rng.random() < 0.35:
        brush.polygon(
            [(x - 0.24, 0.22), (x - 0.05, 0.22), (x - 0.01, 0.6), (x + 0.3, 0.66), (x + 0.33, 0.76), (x - 0.26, 0.76)],
            tone,
        )
        brush.rectangle(x - 0.28, 0.74, 0.63, 0.07, shade, r=0.03)
        for k in range(3):
            brush.line(
                [(x - 0.02 + 0.07 * k, 0.47 + 0.05 * k), (x - 0.1 + 0.07 * k, 0.53 + 0.04 * k)], 0.014, (255, 255, 255)
            )
        return
    brush.polygon(
        [
            (x - 0.14, 0.2),
            (x + 0.14, 0.2),
            (x + 0.36, 0.38),
            (x + 0.26, 0.5),
            (x + 0.2, 0.45),
            (x + 0.2, 0.82),
            (x - 0.2, 0.82),
            (x - 0.2, 0.45),
            (x - 0.26, 0.5),
            (x - 0.36, 0.38),
        ],
        tone,
    )
    brush.oval(x, 0.2, 0.09, 0.055, hued(0.95, 0.015, hue + 90))
    if brush.rng.random() < 0.6:
        for k in range(3):
            brush.rectangle(x - 0.2, 0.5 + 0.09 * k, 0.4, 0.035, hued(0.95, 0.03, hue + 180))


def dish(brush: Brush, hue: float) -> None:
    brush.fill(hued(brush.between(0.3, 0.9), 0.05, hue), hued(brush.between(0.3, 0.85), 0.06, hue + 20), slant=0.7)
    x, y, r = brush.wide / 2, 0.5, 0.38
    brush.circle(x + 0.012, y + 0.022, r, (20, 20, 20), 0.25)
    brush.circle(x, y, r, hued(0.97, 0.008, 80))
    brush.circle(x, y, r * 0.78, hued(0.93, 0.012, 80))
    base = brush.between(30, 150)
    brush.circle(x, y, r * 0.62, hued(0.7, 0.12, base))
    for _ in range(26):
        angle, far = brush.between(0, 6.3), r * 0.52 * brush.between(0, 1) ** 0.5
        tone = hued(brush.between(0.45, 0.85), 0.14, float(brush.rng.choice((28, 45, 75, 95, 135, base))))
        brush.circle(
            x + far * float(np.cos(angle)), y + far * float(np.sin(angle)), r * brush.between(0.05, 0.13), tone
        )
