"""Drawing of laid out text with skia: anti-aliased, glyphs at quarters of a pixel along x and whole pixels of y.

Baselines lie on whole pixels already, so horizontal text is drawn where the layout says, to a quarter of a pixel; in
vertical columns a glyph may lie half a pixel above or below. Letters of 256 pixels and more are exact.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import skia
from numpy.typing import NDArray

from synth.fonts import Face, opened
from synth.layout import LaidLine, Layout

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""


def canvas(pixels: NDArray[np.uint8]) -> skia.Canvas:
    """A canvas that draws into `pixels`: uint8 [height, width, 4], RGBA, C-contiguous; opaque where alpha is 255."""
    surface = skia.Surface(pixels, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    return surface.getCanvas()


def draw(
    on: skia.Canvas,
    layout: Layout,
    colour: Colour,
    opacity: float = 1.0,
    outline: tuple[float, Colour] | None = None,
) -> None:
    """Draws a layout in one colour, `opacity` 0..1. `outline`: width in pixels and colour of a line around the letters,
    drawn beneath them; it reaches half its width beyond the boxes of the lines."""
    paints = [_paint(colour, opacity)]
    if outline:
        paints.insert(0, _paint(outline[1], opacity, outline[0]))
    on.save()
    on.translate(layout.x, layout.y)
    for blob in blobs(layout):
        for paint in paints:
            on.drawTextBlob(blob, 0, 0, paint)
    on.restore()


def blobs(layout: Layout) -> list[skia.TextBlob]:
    """The layout's glyphs, with the layout's corner as origin: for shaders, masks and paints of one's own."""
    return [blob for line in layout.lines for blob in _blobs(layout, line)]


def _blobs(layout: Layout, line: LaidLine) -> list[skia.TextBlob]:
    made = []
    for run in line.glyphs:
        builder, font = skia.TextBlobBuilder(), skia_font(run.face, layout.style.size)
        if run.turned:
            transforms = [skia.RSXform(0, 1, x, y) for x, y in zip(run.xs, run.ys, strict=True)]
            builder.allocRunRSXform(font, run.ids, transforms)
        else:
            builder.allocRunPos(font, run.ids, [skia.Point(x, y) for x, y in zip(run.xs, run.ys, strict=True)])
        made.append(builder.make())
    return made


@lru_cache(maxsize=512)
def skia_font(face: Face, size: float) -> skia.Font:
    """A face at a size in pixels: unhinted and placed at fractions of a pixel, so that outlines are the font's own."""
    font = skia.Font(opened(face).typeface, size)
    font.setSubpixel(True)
    font.setBaselineSnap(False)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    font.setHinting(skia.FontHinting.kNone)
    return font


def _paint(colour: Colour, opacity: float, width: float = 0) -> skia.Paint:
    paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetARGB(round(255 * opacity), *colour))
    if width:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint
