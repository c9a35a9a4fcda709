"""What decorates posters and cards: rays, arches, frames, stripes, confetti, sprigs. Drawn in one or a few colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import skia

from synth.complex.brush import Brush
from synth.complex.flex import Rect
from synth.complex.theme import Theme
from synth.palette import Colour

Drawing = Callable[[Brush, Colour, Theme], None]


def names() -> tuple[str, ...]:
    return tuple(_DRAWINGS)


def paint(
    canvas: skia.Canvas, rect: Rect, ornament: str, colour: Colour, theme: Theme, rng: np.random.Generator
) -> None:
    """Draws an `ornament` (of `names`) into `rect`."""
    with Brush(canvas, rect, rng) as brush:
        _DRAWINGS[ornament](brush, colour, theme)


def disc(brush: Brush, colour: Colour, theme: Theme) -> None:
    brush.circle(brush.wide / 2, 0.5, min(brush.wide, 1) / 2, colour)


def half(brush: Brush, colour: Colour, theme: Theme) -> None:
    brush.circle(brush.wide / 2, 1, min(brush.wide / 2, 1), colour)


def ring(brush: Brush, colour: Colour, theme: Theme) -> None:
    r = min(brush.wide, 1) / 2
    brush.ring(brush.wide / 2, 0.5, r * 0.86, r * 0.26, colour)


def rings(brush: Brush, colour: Colour, theme: Theme) -> None:
    for k in range(5):
        brush.ring(brush.wide / 2, 0.5, min(brush.wide, 1) * (0.08 + 0.095 * k), 0.018, colour)


def rays(brush: Brush, colour: Colour, theme: Theme) -> None:
    count, far = int(brush.rng.integers(12, 25)), 2 * max(brush.wide, 1)
    for k in range(count):
        a, b = 2 * np.pi * k / count, 2 * np.pi * (k + 0.5) / count
        corners = [(brush.wide / 2 + far * float(np.cos(t)), 0.5 + far * float(np.sin(t))) for t in (a, b)]
        brush.polygon([(brush.wide / 2, 0.5), *corners], colour)


def sun(brush: Brush, colour: Colour, theme: Theme) -> None:
    r, count = min(brush.wide, 1) / 2, int(brush.rng.integers(10, 20))
    for k in range(count):
        angle = 2 * np.pi * k / count
        ends = [
            (brush.wide / 2 + f * r * float(np.cos(angle)), 0.5 + f * r * float(np.sin(angle))) for f in (0.72, 0.95)
        ]
        brush.line(ends, 0.045 * r, colour)
    brush.circle(brush.wide / 2, 0.5, r * 0.58, colour)


def arch(brush: Brush, colour: Colour, theme: Theme) -> None:
    tones, wide = (colour, theme["second"], theme["tint"]), min(brush.wide, 2.0)
    for step in range(3):
        w = wide * (1 - 0.3 * step)
        brush.rectangle((brush.wide - w) / 2, 0.15 * step * wide, w, 2, tones[step], r=w / 2)


def stripes(brush: Brush, colour: Colour, theme: Theme) -> None:
    count = int(brush.rng.integers(4, 9))
    for k in range(count):
        brush.rectangle(0, k / count, brush.wide, 0.5 / count, colour)


def slants(brush: Brush, colour: Colour, theme: Theme) -> None:
    step = brush.between(0.08, 0.2)
    for k in range(int((brush.wide + 1) / step) + 1):
        brush.line([(k * step - 1.1, 1.1), (k * step + 0.1, -0.1)], step * 0.36, colour)


def dots(brush: Brush, colour: Colour, theme: Theme) -> None:
    step = brush.between(0.07, 0.16)
    for row in range(int(1 / step) + 1):
        for column in range(int(brush.wide / step) + 1):
            brush.circle((column + 0.5) * step, (row + 0.5) * step, step * 0.17, colour)


def grid(brush: Brush, colour: Colour, theme: Theme) -> None:
    step = brush.between(0.06, 0.12)
    for k in range(int(max(brush.wide, 1) / step) + 1):
        brush.line([(k * step, 0), (k * step, 1)], 0.003, colour)
        brush.line([(0, k * step), (brush.wide, k * step)], 0.003, colour)


def confetti(brush: Brush, colour: Colour, theme: Theme) -> None:
    tones = (colour, theme["second"], theme["tint"], theme["accent"])
    for _ in range(int(60 * max(0.6, min(brush.wide, 3)))):
        x, y, tone = brush.between(0, brush.wide), brush.between(0, 1), tones[int(brush.rng.integers(4))]
        if brush.rng.random() < 0.5:
            brush.circle(x, y, brush.between(0.006, 0.016), tone)
        else:
            angle, far = brush.between(0, 6.3), brush.between(0.012, 0.03)
            brush.line([(x, y), (x + far * float(np.cos(angle)), y + far * float(np.sin(angle)))], 0.011, tone)


def blobs(brush: Brush, colour: Colour, theme: Theme) -> None:
    for tone in (theme["tint"], theme["second"], colour):
        x, y, r = brush.between(0, brush.wide), brush.between(0, 1), brush.between(0.18, 0.4)
        angles, phase = np.linspace(0, 2 * np.pi, 60, endpoint=False), brush.between(0, 6.3)
        far = r * (1 + 0.16 * np.sin(3 * angles + phase) + 0.09 * np.sin(5 * angles - phase))
        brush.polygon(
            [(x + float(f * np.cos(a)), y + float(f * np.sin(a))) for f, a in zip(far, angles, strict=True)], tone
        )


def quarters(brush: Brush, colour: Colour, theme: Theme) -> None:
    tones = (colour, theme["second"], theme["tint"], theme["line"])
    rows = max(1, round(min(4, 2 / max(brush.wide, 0.3))))
    side = 1 / rows
    for row in range(rows):
        for column in range(int(brush.wide / side) + 1):
            first, second = (tones[int(at)] for at in brush.rng.choice(4, 2, replace=False))
            x, y, corner = column * side, row * side, int(brush.rng.integers(4))
            brush.rectangle(x, y, side + 0.003, side + 0.003, first)
            brush.canvas.save()
            brush.canvas.clipRect(skia.Rect.MakeXYWH(x, y, side, side), True)
            brush.circle(x + side * (corner % 2), y + side * (corner // 2), side, second)
            brush.canvas.restore()


def waves(brush: Brush, colour: Colour, theme: Theme) -> None:
    for step, tone in enumerate((theme["tint"], theme["second"], colour)):
        brush.hills(0.3 + 0.22 * step, 0.1, tone, 4)


def sprig(brush: Brush, colour: Colour, theme: Theme) -> None:
    """A twig across the box, with leaves in pairs."""
    count = max(4, int(brush.wide * 2.4))
    brush.line([(0.08, 0.5), (brush.wide - 0.08, 0.5)], 0.03, colour)
    for k in range(count):
        x = 0.12 + (brush.wide - 0.3) * k / count
        for side in (-1, 1):
            brush.canvas.save()
            brush.canvas.translate(x + 0.14, 0.5 + 0.22 * side)
            brush.canvas.rotate(-38.0 * -side)
            brush.oval(0, 0, 0.2, 0.075, colour)
            brush.canvas.restore()


def frame(brush: Brush, colour: Colour, theme: Theme) -> None:
    """Two lines round the box, the inner one with its corners cut."""
    small = min(brush.wide, 1.0)
    edge, inner, cut = 0.012 * small, 0.03 * small, 0.06 * small
    brush.line(
        [(edge, edge), (brush.wide - edge, edge), (brush.wide - edge, 1 - edge), (edge, 1 - edge), (edge, edge)],
        0.005 * small,
        colour,
    )
    left, right, top, bottom = inner, brush.wide - inner, inner, 1 - inner
    corners = [
        (left + cut, top),
        (right - cut, top),
        (right, top + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (left + cut, bottom),
        (left, bottom - cut),
        (left, top + cut),
        (left + cut, top),
    ]
    brush.line(corners, 0.003 * small, colour)


def seal(brush: Brush, colour: Colour, theme: Theme) -> None:
    """A scalloped disc."""
    r, count = min(brush.wide, 1) / 2, 16
    for k in range(count):
        angle = 2 * np.pi * k / count
        brush.circle(
            brush.wide / 2 + 0.84 * r * float(np.cos(angle)), 0.5 + 0.84 * r * float(np.sin(angle)), 0.16 * r, colour
        )
    brush.circle(brush.wide / 2, 0.5, 0.88 * r, colour)


def perforation(brush: Brush, colour: Colour, theme: Theme) -> None:
    """A row of holes down the middle, as between a ticket and its stub."""
    for k in range(13):
        brush.circle(brush.wide / 2, (k + 0.5) / 13, 0.012, colour)


def lanterns(brush: Brush, colour: Colour, theme: Theme) -> None:
    count = max(2, int(brush.wide * 1.5))
    for k in range(count):
        x, y = brush.wide * (k + 0.5) / count, 0.5 + 0.12 * (k % 2)
        brush.line([(x, 0), (x, 0.95)], 0.012, theme["second"])
        for far in (1.0, 0.55):
            brush.oval(x, y, 0.22 * far, 0.19, colour if far == 1 else theme["second"], 1.0 if far == 1 else 0.35)
        for end in (-1, 1):
            brush.rectangle(x - 0.1, y + 0.18 * end - 0.02, 0.2, 0.04, theme["second"], r=0.01)


_DRAWINGS: dict[str, Drawing] = {
    "disc": disc, "half": half, "ring": ring, "rings": rings, "rays": rays, "sun": sun, "arch": arch,
    "stripes": stripes, "slants": slants, "dots": dots, "grid": grid, "confetti": confetti, "blobs": blobs,
    "quarters": quarters, "waves": waves, "sprig": sprig, "frame": frame, "seal": seal,
    "perforation": perforation, "lanterns": lanterns,
}  # fmt: skip
