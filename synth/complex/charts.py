"""Charts without words: bars, lines, areas, rings. The numbers are made up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import skia

from synth.complex.brush import Brush
from synth.complex.flex import Rect
from synth.complex.theme import Theme
from synth.palette import Colour

Plot = Callable[[Brush, list[float], Colour, Theme], None]


def names() -> tuple[str, ...]:
    return tuple(_PLOTS)


def paint(
    canvas: skia.Canvas, rect: Rect, chart: str, points: int, colour: Colour, theme: Theme, rng: np.random.Generator
) -> None:
    """Paints a `chart` (of `names`) of so many `points` into `rect`."""
    with Brush(canvas, rect, rng) as brush:
        _PLOTS[chart](brush, _walk(rng, points), colour, theme)


def _walk(rng: np.random.Generator, points: int) -> list[float]:
    """Numbers from 0.12 to 0.95 that rise and fall like takings do."""
    steps = np.cumsum(rng.normal(0.15, 1, points))
    low, high = float(steps.min()), float(steps.max())
    return [0.12 + 0.83 * (float(step) - low) / max(high - low, 1e-6) for step in steps]


def bars(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    _lines(brush, theme)
    slot = brush.wide / len(values)
    best = values.index(max(values))
    plain = colour if brush.rng.random() < 0.5 else theme["tint"]
    for at, value in enumerate(values):
        wide = min(slot * 0.58, 0.16)
        brush.rectangle(
            slot * (at + 0.5) - wide / 2,
            1 - value,
            wide,
            value + 0.1,
            colour if at == best else plain,
            r=min(0.03, wide / 3),
        )


def pairs(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    _lines(brush, theme)
    slot = brush.wide / len(values)
    for at, value in enumerate(values):
        wide, other = min(slot * 0.3, 0.09), value * brush.between(0.4, 1.0)
        for side, (height, tone) in enumerate(((value, colour), (other, theme["second"]))):
            brush.rectangle(
                slot * (at + 0.5) + (side - 1) * wide * 1.06, 1 - height, wide, height + 0.1, tone, r=wide / 4
            )


def line(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    _lines(brush, theme)
    points = _points(brush, values)
    brush.line(points, 0.018, colour)
    for x, y in points if len(points) < 13 else points[-1:]:
        brush.circle(x, y, 0.022, colour)
        brush.circle(x, y, 0.011, theme["surface"])


def area(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    _lines(brush, theme)
    points = _points(brush, values)
    path = (
        skia.PathBuilder()
        .addPolygon([skia.Point(*each) for each in [(0, 1.02), *points, (brush.wide, 1.02)]], True)
        .detach()
    )
    paint = skia.Paint(AntiAlias=True)
    ends = [skia.Color(*colour, 110), skia.Color(*colour, 8)]
    paint.setShader(skia.GradientShader.MakeLinear([skia.Point(0, 0), skia.Point(0, 1)], ends))
    brush.canvas.drawPath(path, paint)
    brush.line(points, 0.016, colour)


def spark(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    brush.line(_points(brush, values), 0.06, colour)


def ring(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    """A ring in parts, from the middle of the box."""
    tones = [colour, theme["second"], theme["tint"], theme["line"]]
    shares = np.array(sorted(values[:4], reverse=True)) + 0.15
    start, r = -90.0, 0.41 * min(brush.wide, 1.0)
    for tone, share in zip(tones, shares / shares.sum(), strict=False):
        paint = skia.Paint(AntiAlias=True, Color=skia.Color(*tone), StrokeWidth=r / 3, Style=skia.Paint.kStroke_Style)
        box = skia.Rect.MakeLTRB(brush.wide / 2 - r, 0.5 - r, brush.wide / 2 + r, 0.5 + r)
        brush.canvas.drawArc(box, start + 1.5, 360 * float(share) - 3, False, paint)
        start += 360 * float(share)


def dial(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    """A ring filled as far as something is done."""
    r = 0.42 * min(brush.wide, 1.0)
    brush.ring(brush.wide / 2, 0.5, r, r / 4, theme["sunk"])
    brush.ring(brush.wide / 2, 0.5, r, r / 4, colour, -90, 360 * values[0] * 0.9)


def heat(brush: Brush, values: list[float], colour: Colour, theme: Theme) -> None:
    """Squares by day and week, darker where more was done."""
    side = 1 / 7
    for column in range(int(brush.wide / side)):
        for row in range(7):
            share = float(brush.rng.choice((0.0, 0.0, 0.25, 0.5, 0.75, 1.0)))
            base = np.array(theme["sunk"], float)
            red, green, blue = (round(float(each)) for each in base + (np.array(colour) - base) * share)
            brush.rectangle(
                column * side + 0.008, row * side + 0.008, side - 0.024, side - 0.024, (red, green, blue), r=0.02
            )


def _points(brush: Brush, values: list[float]) -> list[tuple[float, float]]:
    step = (brush.wide - 0.06) / (len(values) - 1)
    return [(0.03 + at * step, 0.97 - 0.94 * value) for at, value in enumerate(values)]


def _lines(brush: Brush, theme: Theme) -> None:
    for at in range(5):
        brush.rectangle(0, 0.005 + 0.2475 * at, brush.wide, 0.006, theme["line"])


_PLOTS: dict[str, Plot] = {
    "bars": bars, "pairs": pairs, "line": line, "area": area, "spark": spark, "ring": ring, "dial": dial, "heat": heat,
}  # fmt: skip
