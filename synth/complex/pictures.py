"""Pictures for the places where a template wants one: small scenes and patterns, painted anew for each sample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import skia

from synth.complex.brush import Brush, coarsely, hued
from synth.complex.flex import Rect
from synth.complex.goods import clothes, dish, ware

Painter = Callable[[Brush, float], None]
"""Paints one picture; the number is a hue in degrees that it is built round."""


def names() -> tuple[str, ...]:
    return tuple(_PAINTERS)


def paint(canvas: skia.Canvas, rect: Rect, picture: str, rng: np.random.Generator) -> None:
    """Paints a `picture` (of `names`) by chance into `rect`."""
    painter, hue = _PAINTERS[picture], float(rng.uniform(0, 360))
    if painter is glow:
        coarsely(canvas, rect, rng, lambda brush: glow(brush, hue))
        return
    with Brush(canvas, rect, rng) as brush:
        painter(brush, hue)


def mountains(brush: Brush, hue: float) -> None:
    sky = brush.between(200, 260) if brush.rng.random() < 0.6 else brush.between(10, 60)
    brush.fill(hued(0.78, 0.1, sky), hued(0.94, 0.05, sky + 60))
    brush.circle(
        brush.between(0.2, 0.8) * brush.wide, brush.between(0.2, 0.42), brush.between(0.07, 0.13), hued(0.97, 0.07, 80)
    )
    for step in range(4):
        sharp = step < 2
        brush.hills(
            0.42 + 0.15 * step, 0.12 - 0.015 * step, hued(0.72 - 0.13 * step, 0.06, sky - 25 * step), 6 + step, sharp
        )


def sea(brush: Brush, hue: float) -> None:
    warm = brush.between(20, 75)
    brush.fill(hued(0.6, 0.13, warm - 30), hued(0.9, 0.1, warm + 20))
    at, level = brush.between(0.25, 0.75) * brush.wide, brush.between(0.5, 0.62)
    brush.circle(at, level - 0.03, brush.between(0.1, 0.17), hued(0.95, 0.11, 85))
    brush.rectangle(0, level, brush.wide, 1 - level, hued(0.58, 0.1, 225), hued(0.32, 0.09, 245))
    for k in range(9):
        y, half = level + 0.025 + 0.045 * k, brush.between(0.03, 0.1)
        brush.line([(at - half, y), (at + half, y)], 0.009, hued(0.95, 0.08, 85), 0.7)
    if brush.rng.random() < 0.6:
        x = brush.between(0.15, 0.85) * brush.wide
        brush.polygon(
            [(x - 0.07, level + 0.04), (x + 0.07, level + 0.04), (x + 0.05, level + 0.075), (x - 0.05, level + 0.075)],
            hued(0.3, 0.03, 30),
        )
        brush.polygon([(x, level + 0.03), (x, level - 0.16), (x + 0.075, level + 0.03)], hued(0.97, 0.02, 80))


def city(brush: Brush, hue: float) -> None:
    night = brush.rng.random() < 0.5
    sky = (hued(0.2, 0.07, 275), hued(0.42, 0.12, 320)) if night else (hued(0.85, 0.06, 235), hued(0.95, 0.04, 70))
    brush.fill(*sky)
    if night:
        brush.circle(brush.between(0.15, 0.85) * brush.wide, 0.18, 0.07, hued(0.95, 0.04, 95))
    for layer in range(3):
        light = (0.3 - 0.06 * layer) if night else (0.74 - 0.16 * layer)
        _skyline(brush, hued(light, 0.05, 265 + 12 * layer), 0.34 + 0.13 * layer, night and layer > 0)


def _skyline(brush: Brush, colour: tuple[int, int, int], top: float, lit: bool) -> None:
    x = -0.05
    while x < brush.wide:
        wide, high = brush.between(0.07, 0.16), brush.between(top, top + 0.3)
        brush.rectangle(x, high, wide, 1.1 - high, colour)
        if brush.rng.random() < 0.2:
            brush.line([(x + wide / 2, high - 0.07), (x + wide / 2, high)], 0.008, colour)
        if lit:
            for row in range(8):
                for column in range(3):
                    if brush.rng.random() < 0.4:
                        brush.rectangle(
                            x + wide * (0.18 + 0.25 * column),
                            high + 0.03 + 0.055 * row,
                            wide * 0.14,
                            0.024,
                            hued(0.9, 0.1, 85),
                        )
        x += wide + brush.between(0.0, 0.025)


def forest(brush: Brush, hue: float) -> None:
    green = brush.between(130, 190)
    brush.fill(hued(0.93, 0.05, green - 50), hued(0.82, 0.07, green))
    for layer in range(4):
        base, colour = 0.55 + 0.14 * layer, hued(0.68 - 0.14 * layer, 0.08, green)
        brush.hills(base + 0.04, 0.03, colour)
        for _ in range(int(7 * brush.wide) + 2):
            x, high = brush.between(-0.05, brush.wide + 0.05), brush.between(0.16, 0.3) * (0.7 + 0.15 * layer)
            for part in range(3):
                y, half = base + 0.06 - high * (0.3 * part + 0.1), high * (0.28 - 0.06 * part)
                brush.polygon([(x - half, y), (x + half, y), (x, y - high * 0.5)], colour)


def desert(brush: Brush, hue: float) -> None:
    warm = brush.between(35, 75)
    brush.fill(hued(0.88, 0.07, warm + 20), hued(0.93, 0.07, warm))
    brush.circle(brush.between(0.2, 0.8) * brush.wide, 0.3, 0.11, hued(0.78, 0.15, 45))
    for step in range(4):
        brush.hills(0.5 + 0.13 * step, 0.08, hued(0.76 - 0.09 * step, 0.11, warm - 8 * step), 3)


def night(brush: Brush, hue: float) -> None:
    brush.fill(hued(0.13, 0.06, hue), hued(0.3, 0.11, hue + 40))
    for _ in range(60):
        brush.circle(
            brush.between(0, brush.wide),
            brush.between(0, 0.75),
            brush.between(0.0015, 0.005),
            (255, 255, 255),
            brush.between(0.3, 1),
        )
    x, y, r = brush.between(0.25, 0.75) * brush.wide, brush.between(0.25, 0.45), brush.between(0.12, 0.2)
    brush.circle(x, y, r * 1.6, hued(0.9, 0.06, hue + 60), 0.12)
    brush.circle(x, y, r, hued(0.92, 0.05, hue + 60))
    for _ in range(5):
        angle, far = brush.between(0, 6.3), brush.between(0, 0.7) * r
        brush.circle(
            x + far * float(np.cos(angle)),
            y + far * float(np.sin(angle)),
            r * brush.between(0.06, 0.16),
            hued(0.82, 0.05, hue + 60),
        )
    brush.hills(0.75, 0.08, hued(0.2, 0.06, hue + 20), 4)
    brush.hills(0.87, 0.05, hued(0.11, 0.04, hue), 6)


def abstract(brush: Brush, hue: float) -> None:
    brush.fill(hued(0.92, 0.05, hue), hued(0.84, 0.1, hue + 50), slant=1)
    for _ in range(7):
        colour = hued(brush.between(0.45, 0.85), brush.between(0.08, 0.18), hue + brush.between(-70, 120))
        brush.circle(
            brush.between(-0.1, brush.wide + 0.1), brush.between(-0.1, 1.1), brush.between(0.1, 0.42), colour, 0.75
        )


def waves(brush: Brush, hue: float) -> None:
    turn = brush.between(-90, 90)
    brush.fill(hued(0.95, 0.03, hue))
    for step in range(7):
        share = step / 6
        brush.hills(0.18 + 0.13 * step, 0.09, hued(0.86 - 0.5 * share, 0.06 + 0.09 * share, hue + turn * share), 4)


def geometric(brush: Brush, hue: float) -> None:
    tones = [
        hued(0.93, 0.03, hue),
        hued(0.62, 0.16, hue),
        hued(0.36, 0.1, hue + 30),
        hued(0.82, 0.13, hue + 140),
        hued(0.7, 0.15, hue + 200),
    ]
    rows = int(brush.rng.integers(2, 5))
    side = 1 / rows
    brush.fill(tones[0])
    for row in range(rows):
        for column in range(int(brush.wide * rows) + 1):
            _tile(brush, column * side, row * side, side, tones)


def _tile(brush: Brush, x: float, y: float, side: float, tones: list[tuple[int, int, int]]) -> None:
    back, front = (tones[int(at)] for at in brush.rng.choice(len(tones), 2, replace=False))
    brush.rectangle(x, y, side + 0.002, side + 0.002, back)
    kind = int(brush.rng.integers(5))
    brush.canvas.save()
    brush.canvas.clipRect(skia.Rect.MakeXYWH(x, y, side, side), True)
    if kind == 0:
        brush.circle(x + side / 2, y + side / 2, side * 0.36, front)
    elif kind == 1:
        corner = int(brush.rng.integers(4))
        brush.circle(x + side * (corner % 2), y + side * (corner // 2), side, front)
    elif kind == 2:
        brush.polygon([(x, y), (x + side, y + side), (x, y + side)], front)
    elif kind == 3:
        for k in range(3):
            brush.rectangle(x, y + side * (0.08 + 0.32 * k), side, side * 0.16, front)
    else:
        brush.circle(x + side / 2, y, side / 2, front)
        brush.circle(x + side / 2, y + side, side / 2, front)
    brush.canvas.restore()


def glow(brush: Brush, hue: float) -> None:
    """A soft gradient of three lights, as wallpapers of phones have."""
    brush.fill(hued(brush.between(0.35, 0.75), 0.14, hue), hued(brush.between(0.4, 0.8), 0.13, hue + 60), slant=0.6)
    for _ in range(3):
        x, y, r = brush.between(0, brush.wide), brush.between(0, 1), brush.between(0.4, 0.9)
        light = hued(brush.between(0.5, 0.85), 0.15, hue + brush.between(-60, 140))
        paint = skia.Paint(AntiAlias=True)
        ends = [skia.Color(*light, 220), skia.Color(*light, 0)]
        paint.setShader(skia.GradientShader.MakeRadial(skia.Point(x, y), r, ends))
        brush.canvas.drawCircle(x, y, r, paint)


def street_map(brush: Brush, hue: float) -> None:
    dark = brush.rng.random() < 0.25
    land, road, park, water = (0.27, 0.4, 0.33, 0.2) if dark else (0.945, 1.0, 0.88, 0.84)
    brush.fill(hued(land, 0.008, 90))
    for _ in range(4):
        brush.oval(
            brush.between(0, brush.wide),
            brush.between(0, 1),
            brush.between(0.08, 0.22),
            brush.between(0.06, 0.18),
            hued(park, 0.07, 145),
        )
    y = brush.between(0.2, 0.8)
    brush.line(
        [
            (-0.1, y),
            (brush.wide * 0.35, y + brush.between(-0.2, 0.2)),
            (brush.wide * 0.7, y + brush.between(-0.2, 0.2)),
            (brush.wide + 0.1, y),
        ],
        0.1,
        hued(water, 0.06, 235),
    )
    lean = brush.between(-0.25, 0.25)
    for k in range(int(9 * brush.wide) + 3):
        x, stroke = -0.2 + 0.13 * k + brush.between(-0.03, 0.03), 0.028 if k % 4 == 0 else 0.011
        brush.line([(x, -0.1), (x + lean, 1.1)], stroke, hued(road, 0.01, 80))
    for k in range(9):
        at, stroke = 0.12 * k + brush.between(-0.03, 0.03), 0.028 if k % 4 == 1 else 0.011
        brush.line([(-0.1, at), (brush.wide + 0.1, at - lean * brush.wide)], stroke, hued(road, 0.01, 80))
    route = [(brush.wide * s, 0.5 + brush.between(-0.3, 0.3)) for s in (0.2, 0.38, 0.6, 0.8)]
    brush.line(route, 0.022, hued(0.58, 0.18, 255))
    brush.circle(*route[0], 0.028, (255, 255, 255))
    brush.circle(*route[0], 0.018, hued(0.58, 0.18, 255))
    brush.circle(*route[-1], 0.036, hued(0.6, 0.2, 25))
    brush.circle(*route[-1], 0.014, (255, 255, 255))


def flowers(brush: Brush, hue: float) -> None:
    brush.fill(hued(0.95, 0.025, hue + 60), hued(0.91, 0.04, hue + 30))
    for _ in range(int(9 * max(1.0, brush.wide))):
        x, y, r = brush.between(0, brush.wide), brush.between(0, 1), brush.between(0.06, 0.15)
        turn, petals = brush.between(0, 6.3), int(brush.rng.integers(5, 8))
        brush.line([(x, y), (x + brush.between(-0.1, 0.1), y + 2 * r)], 0.012, hued(0.55, 0.09, 150))
        tone = hued(brush.between(0.6, 0.85), 0.13, hue + brush.between(-40, 40))
        for petal in range(petals):
            angle = turn + 6.283 * petal / petals
            brush.circle(x + 0.55 * r * float(np.cos(angle)), y + 0.55 * r * float(np.sin(angle)), r * 0.42, tone)
        brush.circle(x, y, r * 0.3, hued(0.85, 0.14, 85))


def portrait(brush: Brush, hue: float) -> None:
    """Head and shoulders of nobody."""
    brush.fill(hued(0.85, 0.08, hue), hued(0.72, 0.11, hue + 30))
    x, skin = brush.wide / 2, hued(brush.between(0.52, 0.86), 0.065, brush.between(48, 66))
    hair = hued(brush.between(0.18, 0.6), brush.between(0.01, 0.08), brush.between(30, 80))
    long = brush.rng.random() < 0.5
    if long:
        brush.rectangle(x - 0.27, 0.2, 0.54, 0.58, hair, r=0.26)
    brush.oval(x, 1.02, 0.44, 0.32, hued(brush.between(0.35, 0.9), 0.1, hue + brush.between(90, 270)))
    brush.rectangle(x - 0.085, 0.55, 0.17, 0.24, skin, r=0.07)
    brush.oval(x, 0.42, 0.2, 0.25, skin)
    brush.canvas.save()
    brush.canvas.clipRect(skia.Rect.MakeLTRB(x - 0.4, 0, x + 0.4, brush.between(0.29, 0.36)), True)
    brush.oval(x, 0.4, 0.225, 0.275, hair)
    brush.canvas.restore()
    for side in (-1, 1):
        brush.circle(x + 0.075 * side, 0.43, 0.017, (40, 34, 34))
    brush.ring(x, 0.49, 0.06, 0.012, (150, 70, 66), 25, 130)
    if brush.rng.random() < 0.25:
        for side in (-1, 1):
            brush.ring(x + 0.08 * side, 0.43, 0.055, 0.011, (50, 46, 50))


_PAINTERS: dict[str, Painter] = {
    "mountains": mountains, "sea": sea, "city": city, "forest": forest, "desert": desert, "night": night,
    "abstract": abstract, "waves": waves, "geometric": geometric, "glow": glow, "map": street_map, "flowers": flowers,
    "portrait": portrait, "ware": ware, "clothes": clothes, "dish": dish,
}  # fmt: skip
