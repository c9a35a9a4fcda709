"""The few strokes that pictures, charts and ornaments are painted with, in units of the box they fill.

A `Brush` maps (0, 0)..(wide, 1) onto a box: y runs from its top to its bottom, x in the same unit, so that circles
stay round whatever the box's shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex.flex import Rect
from synth.palette import Colour, oklch

COARSE = 6
"""By how much soft things are painted smaller than they are shown."""

Point = tuple[float, float]


def ink(colour: Colour, alpha: float = 1.0) -> skia.Paint:
    """A paint of that colour; `alpha` 0..1."""
    return skia.Paint(AntiAlias=True, Color=skia.Color(*colour, round(255 * alpha)))


class Brush:
    """Paints into `rect` of a canvas, clipped to it; `wide` is its width over its height."""

    def __init__(self, canvas: skia.Canvas, rect: Rect, rng: np.random.Generator):
        self.canvas, self.rect, self.rng = canvas, rect, rng
        self.wide = rect.w / max(rect.h, 1e-6)

    def __enter__(self) -> Brush:
        self.canvas.save()
        self.canvas.translate(self.rect.x, self.rect.y)
        self.canvas.clipRect(skia.Rect.MakeWH(self.rect.w, self.rect.h), True)
        self.canvas.scale(self.rect.h, self.rect.h)
        return self

    def __exit__(self, *_: object) -> None:
        self.canvas.restore()

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def one(self, choices: Sequence[str]) -> str:
        return str(self.rng.choice(list(choices)))

    def fill(self, *colours: Colour, slant: float = 0.0) -> None:
        """The whole box in one colour, or running through several from top to bottom, or leaning by `slant`."""
        self.rectangle(0, 0, self.wide, 1, *colours, slant=slant)

    def rectangle(
        self, x: float, y: float, w: float, h: float, *colours: Colour, r: float = 0, slant: float = 0
    ) -> None:
        paint = ink(colours[0])
        if len(colours) > 1:
            ends = [skia.Point(x, y), skia.Point(x + slant * w, y + h)]
            paint.setShader(skia.GradientShader.MakeLinear(ends, [skia.Color(*each) for each in colours]))
        self.canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y, w, h), r, r, paint)

    def circle(self, x: float, y: float, r: float, colour: Colour, alpha: float = 1.0) -> None:
        self.canvas.drawCircle(x, y, r, ink(colour, alpha))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1.0) -> None:
        self.canvas.drawOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), ink(colour, alpha))

    def ring(
        self, x: float, y: float, r: float, stroke: float, colour: Colour, start: float = 0, sweep: float = 360
    ) -> None:
        paint = _line(colour, stroke, 1.0)
        self.canvas.drawArc(skia.Rect.MakeLTRB(x - r, y - r, x + r, y + r), start, sweep, False, paint)

    def line(self, points: Sequence[Point], stroke: float, colour: Colour, alpha: float = 1.0) -> None:
        path = skia.PathBuilder().addPolygon([skia.Point(*point) for point in points], False).detach()
        self.canvas.drawPath(path, _line(colour, stroke, alpha))

    def polygon(self, points: Sequence[Point], colour: Colour, alpha: float = 1.0) -> None:
        path = skia.PathBuilder().addPolygon([skia.Point(*point) for point in points], True).detach()
        self.canvas.drawPath(path, ink(colour, alpha))

    def hills(self, base: float, swing: float, colour: Colour, bumps: int = 5, sharp: bool = False) -> None:
        """Everything below a rolling or jagged line about `base`."""
        xs = np.linspace(-0.1, self.wide + 0.1, bumps if sharp else 48)
        if sharp:
            ys = base + swing * self.rng.uniform(-1, 1, bumps)
        else:
            phases, speeds = self.rng.uniform(0, 6.3, 3), self.rng.uniform(1, bumps, 3)
            ys = base + swing * sum(
                np.sin(xs * s + p) / (k + 1.5) for k, (s, p) in enumerate(zip(speeds, phases, strict=True))
            )
        outline = [(float(x), float(y)) for x, y in zip(xs, ys, strict=True)]
        self.polygon([*outline, (self.wide + 0.1, 1.1), (-0.1, 1.1)], colour)


def _line(colour: Colour, stroke: float, alpha: float) -> skia.Paint:
    paint = ink(colour, alpha)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(stroke)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


def hued(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour by lightness (0..1), chroma (0..0.3) and hue (degrees), in steps that are found again in the cache."""
    return _hued(round(50 * min(1.0, max(0.0, lightness))), round(80 * chroma), round(hue / 4) % 90)


@lru_cache(maxsize=32768)
def _hued(lightness: int, chroma: int, hue: int) -> Colour:
    return oklch(lightness / 50, chroma / 80, 4.0 * hue)


def coarsely(canvas: skia.Canvas, rect: Rect, rng: np.random.Generator, painter: Callable[[Brush], None]) -> None:
    """Lets `painter` paint something soft at a fraction of its size, and enlarges it: gradients cost by the pixel."""
    size = max(2, round(rect.w / COARSE)), max(2, round(rect.h / COARSE))
    surface = skia.Surface(*size)
    with Brush(surface.getCanvas(), Rect(0, 0, *size), rng) as brush:
        painter(brush)
    show(canvas, rect, np.asarray(surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType), np.uint8))


def show(canvas: skia.Canvas, rect: Rect, pixels: NDArray[np.uint8]) -> None:
    """Draws opaque `pixels` (RGBA, [h, w, 4]) into `rect`, to whole pixels. Resized by OpenCV: skia takes 50 ms."""
    left, top = int(rect.x), int(rect.y)
    size = int(np.ceil(rect.right)) - left, int(np.ceil(rect.bottom)) - top
    grows = size[0] * size[1] > pixels.shape[0] * pixels.shape[1]
    resized = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR if grows else cv2.INTER_AREA)
    kind, alpha = skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kOpaque_AlphaType
    image = skia.Image.fromarray(resized, alphaType=alpha, colorType=kind, copy=False)
    canvas.drawImage(image, left, top)
