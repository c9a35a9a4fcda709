"""Pictures for the slots of slides: flat illustrations in the colours of the theme, and photographs cut to size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.palette import Colour, ramp

Rng = np.random.Generator
Points = NDArray[np.float64]


PHOTOGRAPH = "a photograph"
"""What a real picture is said to show: no one has looked at it."""


class Photos(Protocol):
    """Pictures by number, RGB [height, width, 3] uint8."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> NDArray[np.uint8]: ...


def photograph(rng: Rng, width: int, height: int, photos: Photos) -> tuple[bytes, str]:
    """The middle of one of `photos` as a JPEG of `width` × `height` pixels, and what it shows."""
    pixels = photos[int(rng.integers(len(photos)))]
    high, wide = pixels.shape[:2]
    across, down = min(wide, round(high * width / height)), min(high, round(wide * height / width))
    left, top = (wide - across) // 2, (high - down) // 2
    cut = pixels[top : top + max(1, down), left : left + max(1, across)]
    return _jpeg(cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR), PHOTOGRAPH


def illustration(rng: Rng, width: int, height: int, colours: Sequence[Colour]) -> tuple[bytes, str]:
    """A JPEG of `width` × `height` pixels in `colours` (four or more, the main one first), and what it shows."""
    pixels = np.zeros((height, width, 4), np.uint8)
    canvas = skia.Surface(pixels).getCanvas()
    names = sorted(MOTIFS)
    name = names[int(rng.integers(len(names)))]
    _sky(canvas, width, height, colours, float(rng.uniform(0.55, 0.9)))
    MOTIFS[name](rng, canvas, width, height, colours)
    return _jpeg(pixels, cv2.COLOR_RGBA2BGR), f"an illustration of {name}"


def _jpeg(pixels: NDArray, order: int) -> bytes:
    return cv2.imencode(".jpg", cv2.cvtColor(pixels, order), [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = ramp((one, other), 101)[round(100 * share)].tolist()
    return red, green, blue


def _paint(colour: Colour, opacity: float = 1.0) -> skia.Paint:
    return skia.Paint(Color=skia.Color(*colour, round(255 * opacity)), AntiAlias=True)


def _sky(canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour], light: float) -> None:
    top, bottom = _mix(colours[0], (255, 255, 255), light * 0.75), _mix(colours[1], (255, 255, 255), light)
    shader = skia.GradientShader.MakeLinear([(0, 0), (0, height)], [skia.Color(*top), skia.Color(*bottom)])
    canvas.drawRect(skia.Rect.MakeWH(width, height), skia.Paint(Shader=shader))


def _polygon(canvas: skia.Canvas, points: Points, paint: skia.Paint) -> None:
    path = skia.Path()
    path.addPoly([skia.Point(float(x), float(y)) for x, y in points], True)
    canvas.drawPath(path, paint)


def _ridge(rng: Rng, width: int, height: int, level: float, swing: float, rough: float) -> Points:
    """An outline from left to right at about `level` (0 top, 1 bottom), closed along the lower edge."""
    x = np.linspace(0, 1, 96)
    y = sum(
        rng.uniform(0.4, 1)
        * swing
        / (octave**rough)
        * np.sin(2 * np.pi * (octave * x * rng.uniform(0.6, 1.3) + rng.random()))
        for octave in range(1, 6)
    )
    outline = np.stack([x * width, (level + y) * height], axis=1)
    return np.concatenate([outline, [[width, height], [0, height]]])


def _hills(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    side = min(width, height)
    sun = rng.uniform(0.15, 0.85) * width, rng.uniform(0.16, 0.36) * height
    canvas.drawCircle(*sun, side * rng.uniform(0.08, 0.14), _paint(_mix(colours[1], (255, 255, 255), 0.25)))
    count = int(rng.integers(3, 6))
    for index in range(count):
        share = index / (count - 1)
        colour = _mix(_mix(colours[0], (255, 255, 255), 0.55), _mix(colours[0], (0, 0, 0), 0.35), share)
        _polygon(canvas, _ridge(rng, width, height, 0.45 + 0.4 * share, 0.07, 0.9), _paint(colour))


def _peaks(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    canvas.drawCircle(width * rng.uniform(0.2, 0.8), height * 0.25, min(width, height) * 0.1, _paint(colours[1]))
    for index, colour in enumerate(
        (_mix(colours[0], (255, 255, 255), 0.45), colours[0], _mix(colours[0], (0, 0, 0), 0.4))
    ):
        base = height * (0.8 + 0.1 * index)
        for _ in range(4 - index):
            x, half = rng.uniform(0, width), width * rng.uniform(0.18, 0.34)
            top = height * rng.uniform(0.28, 0.5) + index * height * 0.13
            _polygon(canvas, np.array([[x - half, base], [x, top], [x + half, base]]), _paint(colour))
            cap = np.array(
                [[x - half * 0.22, top + (base - top) * 0.22], [x, top], [x + half * 0.22, top + (base - top) * 0.22]]
            )
            _polygon(canvas, cap, _paint((255, 255, 255), 0.75 - 0.2 * index))
        canvas.drawRect(skia.Rect.MakeXYWH(0, base - 1, width, height - base + 1), _paint(colour))


def _city(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    canvas.drawCircle(width * rng.uniform(0.2, 0.8), height * 0.3, min(width, height) * 0.12, _paint(colours[1], 0.9))
    for layer in range(3):
        colour = _mix(_mix(colours[0], (255, 255, 255), 0.5), _mix(colours[0], (0, 0, 0), 0.45), layer / 2)
        x = -rng.uniform(0, 0.05) * width
        while x < width:
            wide = width * rng.uniform(0.06, 0.13)
            top = height * (rng.uniform(0.25, 0.62) + 0.12 * layer)
            canvas.drawRect(skia.Rect.MakeLTRB(x, top, x + wide, height), _paint(colour))
            if layer == 2:
                _windows(rng, canvas, (x, top, wide, height - top), _mix(colours[1], (255, 255, 255), 0.5))
            x += wide * rng.uniform(1.0, 1.25)


def _windows(rng: Rng, canvas: skia.Canvas, house: tuple[float, float, float, float], colour: Colour) -> None:
    x, y, width, height = house
    step = width / 4.5
    for row in range(int(height / (step * 1.3))):
        for column in np.flatnonzero(rng.random(4) < 0.55).tolist():
            left, top = x + step * (0.45 + column), y + step * (0.6 + 1.3 * row)
            canvas.drawRect(skia.Rect.MakeXYWH(left, top, step * 0.55, step * 0.7), _paint(colour, 0.85))


def _sea(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    horizon = height * rng.uniform(0.4, 0.55)
    x = width * rng.uniform(0.25, 0.75)
    canvas.drawCircle(x, horizon, min(width, height) * rng.uniform(0.14, 0.2), _paint(colours[1]))
    count = 6
    for index in range(count):
        share = index / (count - 1)
        colour = _mix(_mix(colours[0], (255, 255, 255), 0.3), _mix(colours[0], (0, 0, 0), 0.4), share)
        level = horizon / height + (1 - horizon / height) * share * 0.85
        _polygon(canvas, _ridge(rng, width, height, level, 0.012 + 0.015 * share, 0.3), _paint(colour))


def _rings(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    side = min(width, height)
    for index in range(int(rng.integers(7, 12))):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        radius = side * rng.uniform(0.08, 0.34)
        paint = _paint(colours[index % len(colours)], float(rng.uniform(0.35, 0.85)))
        if rng.random() < 0.35:
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(side * rng.uniform(0.015, 0.05))
        canvas.drawCircle(x, y, radius, paint)


def _mosaic(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    side = max(width, height) / int(rng.integers(4, 8))
    for row in range(int(height / side) + 1):
        for column in range(int(width / side) + 1):
            x, y = column * side, row * side
            ground, ink = (colours[int(at)] for at in rng.permutation(len(colours))[:2])
            canvas.drawRect(skia.Rect.MakeXYWH(x, y, side + 1, side + 1), _paint(_mix(ground, (255, 255, 255), 0.35)))
            cx, cy = x + side * int(rng.integers(2)), y + side * int(rng.integers(2))
            canvas.save()
            canvas.clipRect(skia.Rect.MakeXYWH(x, y, side, side))
            canvas.drawCircle(cx, cy, side, _paint(ink, 0.9))
            canvas.restore()


def _leaves(rng: Rng, canvas: skia.Canvas, width: int, height: int, colours: Sequence[Colour]) -> None:
    side = min(width, height)
    for index in range(int(rng.integers(10, 18))):
        length = side * rng.uniform(0.3, 0.6)
        path = skia.Path()
        path.moveTo(0, 0)
        path.quadTo(length * 0.5, -length * 0.32, length, 0)
        path.quadTo(length * 0.5, length * 0.32, 0, 0)
        canvas.save()
        canvas.translate(rng.uniform(-0.1, 1.0) * width, rng.uniform(0.1, 1.1) * height)
        canvas.rotate(rng.uniform(-120, 20))
        canvas.drawPath(path, _paint(_mix(colours[index % 3], (0, 0, 0), float(rng.uniform(0, 0.3))), 0.92))
        vein = _paint((255, 255, 255), 0.5)
        vein.setStrokeWidth(side * 0.006)
        canvas.drawLine(0, 0, length * 0.96, 0, vein)
        canvas.restore()


MOTIFS: dict[str, Callable[[Rng, skia.Canvas, int, int, Sequence[Colour]], None]] = {
    "rolling hills under a low sun": _hills,
    "snow-capped peaks": _peaks,
    "a city skyline": _city,
    "the sun over the sea": _sea,
    "overlapping circles": _rings,
    "a mosaic of quarter circles": _mosaic,
    "large leaves": _leaves,
}
"""Motifs by what they show."""
