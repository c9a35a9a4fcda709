"""Phones: where they stand in a picture that is not of a phone's shape, and how they look."""

from __future__ import annotations

import numpy as np
import skia

from synth.complex.brush import Brush, coarsely, hued, ink
from synth.complex.flex import Rect
from synth.complex.pictures import glow
from synth.complex.theme import Theme

BEZEL = 0.028
"""Width of the frame round a screen, as a part of the phone's width."""

ROUNDING = 0.125
"""Radius of a phone's corners, as a part of its width."""

LEAST_WIDTH = 330.0
"""Pixels below which a phone is too small to be read."""


RATIOS = 0.47, 0.56
"""Least and greatest width over height of a phone."""


def places(rng: np.random.Generator, width: int, height: int) -> list[Rect]:
    """Where phones stand side by side, and above one another, so that they fill the picture as far as they can."""
    return placed(float(rng.uniform(*RATIOS)), width, height)


def placed(ratio: float, width: int, height: int) -> list[Rect]:
    """The same for phones of that width over height."""
    margin = 0.035 * min(width, height)
    best: tuple[float, int, int, float] = (0.0, 1, 1, 0.0)
    for rows in (1, 2):
        for columns in (1, 2, 3, 4):
            room_w = (width - margin * (columns + 1)) / columns
            room_h = (height - margin * (rows + 1)) / rows
            wide = min(room_w, room_h * ratio)
            if wide >= min(LEAST_WIDTH, 0.8 * width) or rows * columns == 1:
                best = max(best, (rows * columns * wide * wide / ratio, rows, columns, wide))
    _, rows, columns, wide = best
    high = wide / ratio
    gap_x, gap_y = (width - columns * wide) / (columns + 1), (height - rows * high) / (rows + 1)
    return [
        Rect(gap_x + column * (wide + gap_x), gap_y + row * (high + gap_y), wide, high)
        for row in range(rows)
        for column in range(columns)
    ]


def screen(phone: Rect) -> Rect:
    """The part of a phone that shows something."""
    edge = phone.w * BEZEL
    return phone.inset((edge, edge, edge, edge))


def desk(canvas: skia.Canvas, whole: Rect, theme: Theme, rng: np.random.Generator) -> str:
    """What phones lie on, and a few words for it."""
    hue, kind = float(rng.uniform(0, 360)), int(rng.integers(3))
    if kind == 0:
        pale = hued(0.9, 0.05, hue), hued(0.82, 0.08, hue + 40)
        coarsely(canvas, whole, rng, lambda brush: brush.fill(*pale, slant=0.8))
        return "a pale gradient"
    if kind == 1:
        coarsely(canvas, whole, rng, lambda brush: glow(brush, hue))
        return "a blurred, colourful gradient"
    canvas.clear(skia.Color(*(hued(0.3, 0.05, hue) if theme.mode == "dark" else hued(0.93, 0.02, hue))))
    with Brush(canvas, whole, rng) as brush:
        brush.circle(brush.between(0.1, 0.9) * brush.wide, brush.between(0.2, 0.8), 0.42, theme["accent"], 0.55)
    return "a plain ground with one large circle"


def corner(phone: Rect) -> float:
    """Radius in pixels of the corners of a phone's screen."""
    return phone.w * (ROUNDING - BEZEL)


def phone(canvas: skia.Canvas, place: Rect) -> None:
    """A phone's body, its screen left dark."""
    body = skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(place.x, place.y, place.w, place.h), *2 * (place.w * ROUNDING,))
    shade = ink((6, 8, 20), 0.34)
    shade.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, place.w * 0.03))
    lower = skia.RRect(body)
    lower.offset(0, place.w * 0.02)
    canvas.drawRRect(lower, shade)
    canvas.drawRRect(body, ink((22, 23, 27)))
