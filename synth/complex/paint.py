"""Paints arranged parts: boxes, small widgets, pictures; then the texts, each checked against what lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex import charts, icons, ornaments, pictures
from synth.complex.brush import ink, show
from synth.complex.flex import Rect
from synth.complex.stage import Part
from synth.complex.theme import Theme
from synth.complex.words import Words
from synth.contrast import FLOOR, LARGE, LARGE_BOLD, LARGE_FLOOR, Colour, contrast_with, luminance, luminances
from synth.sample import Discarded
from synth.text import Box, Layout, Style, draw

ROUND_ENDS = 200.0
"""Units; a radius from here on means round ends, whatever the theme."""


@dataclass
class Painter:
    """Paints one picture. `photos`: RGB pictures to use in place of painted ones, may be empty."""

    canvas: skia.Canvas
    theme: Theme
    rng: np.random.Generator
    photos: Sequence[NDArray[np.uint8]] = ()

    def paint(self, part: Part) -> None:
        """`part` and all below it, without their texts."""
        clip = part.settings.get("radius") if any(covers(child) for child in part.children) else None
        self.backdrop(part)
        if clip:
            self.canvas.save()
            self.canvas.clipRRect(self.rounded(part), True)
        self.widget(part)
        for child in part.children:
            if isinstance(child, Part):
                self.paint(child)
        if clip:
            self.canvas.restore()

    def widget(self, part: Part) -> None:
        """What a small widget or a picture shows; nothing for those that only hold others."""
        if part.widget in _WIDGETS:
            _WIDGETS[part.widget](self, part)

    def backdrop(self, part: Part) -> None:
        """Shadow, fill and border of a box."""
        settings = part.settings
        shape = self.rounded(part)
        if "fill" in settings and "fade" not in settings:
            if settings.get("shadow") and not self.theme.flat:
                self.shadow(shape, settings["shadow"] * part.scale)
            self.canvas.drawRRect(shape, ink(self.theme[settings["fill"]], settings.get("opacity", 1.0)))
        if "fade" in settings:
            self.fade(part.rect, settings["fade"], self.theme[settings.get("fill", "scrim")])
        if "border" in settings:
            wide = max(1.0, settings.get("border_width", 1.0) * part.scale)
            paint = ink(self.theme[settings["border"]])
            paint.setStyle(skia.Paint.kStroke_Style)
            paint.setStrokeWidth(wide)
            inner = skia.RRect(shape)
            inner.inset(wide / 2, wide / 2)
            self.canvas.drawRRect(inner, paint)

    def rounded(self, part: Part) -> skia.RRect:
        radius = min(corner(part, self.theme), part.rect.w / 2, part.rect.h / 2)
        return skia.RRect.MakeRectXY(_rect(part.rect), radius, radius)

    def shadow(self, shape: skia.RRect, depth: float) -> None:
        paint = ink((8, 12, 28), 0.16 if self.theme.mode == "light" else 0.5)
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, max(0.5, depth * 0.5)))
        lower = skia.RRect(shape)
        lower.offset(0, depth * 0.3)
        self.canvas.drawRRect(lower, paint)

    def fade(self, rect: Rect, way: str, colour: Colour) -> None:
        """A veil that grows downwards or upwards, so that text reads on a picture."""
        ends = [skia.Point(0, rect.y), skia.Point(0, rect.bottom)]
        veil = [skia.Color(*colour, 0), skia.Color(*colour, 175), skia.Color(*colour, 235)]
        places = [0.1, 0.5, 1.0]
        if way == "up":
            veil, places = veil[::-1], [0.0, 0.5, 0.9]
        paint = skia.Paint(AntiAlias=True)
        paint.setShader(skia.GradientShader.MakeLinear(ends, veil, places))
        self.canvas.drawRect(_rect(rect), paint)

    def icon(self, part: Part) -> None:
        side = min(part.rect.w, part.rect.h)
        place = (part.rect.x + (part.rect.w - side) / 2, part.rect.y + (part.rect.h - side) / 2, side)
        paint = ink(self.theme[part.settings.get("colour", "ink")])
        icons.draw(self.canvas, part.settings["icon"], place, paint, part.settings.get("stroke", 1.8))

    def picture(self, part: Part) -> None:
        self.canvas.save()
        self.canvas.clipRRect(self.rounded(part), True)
        if self.photos and part.settings["picture"] not in ("map", "portrait"):
            self.photo(part.rect)
        else:
            pictures.paint(self.canvas, part.rect, part.settings["picture"], self.rng)
        self.canvas.restore()

    def photo(self, rect: Rect) -> None:
        """One of the given pictures, cut to the shape of `rect`."""
        photo = self.photos[int(self.rng.integers(len(self.photos)))]
        high, wide = photo.shape[:2]
        scale = max(rect.w / wide, rect.h / high)
        cut_w, cut_h = min(wide, round(rect.w / scale)), min(high, round(rect.h / scale))
        left, top = (wide - cut_w) // 2, (high - cut_h) // 2
        part = photo[top : top + cut_h, left : left + cut_w]
        show(self.canvas, rect, np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2RGBA), np.uint8))

    def avatar(self, part: Part) -> None:
        self.canvas.save()
        round_ = skia.RRect.MakeOval(_rect(part.rect))
        self.canvas.clipRRect(round_, True)
        pictures.paint(self.canvas, part.rect, "portrait", self.rng)
        self.canvas.restore()

    def chart(self, part: Part) -> None:
        settings = part.settings
        colour = self.theme[settings.get("colour", "accent")]
        charts.paint(self.canvas, part.rect, settings["chart"], settings.get("points", 9), colour, self.theme, self.rng)

    def ornament(self, part: Part) -> None:
        colour = self.theme[part.settings.get("colour", "accent")]
        ornaments.paint(self.canvas, part.rect, part.settings["ornament"], colour, self.theme, self.rng)

    def divider(self, part: Part) -> None:
        self.canvas.drawRect(_rect(part.rect), ink(self.theme[part.settings.get("colour", "line")]))

    def toggle(self, part: Part) -> None:
        on = self.rng.random() < 0.6
        r = part.rect.h / 2
        pill = skia.RRect.MakeRectXY(_rect(part.rect), r, r)
        self.canvas.drawRRect(pill, ink(self.theme["accent" if on else "line"]))
        x = part.rect.right - r if on else part.rect.x + r
        self.canvas.drawCircle(x, part.rect.y + r, r * 0.8, ink((255, 255, 255)))

    def check(self, part: Part) -> None:
        on, around = self.rng.random() < 0.5, part.settings.get("round", False)
        r = part.rect.w / 2 if around else part.rect.w * 0.2 * min(1.0, self.theme.rounding + 0.2)
        shape = skia.RRect.MakeRectXY(_rect(part.rect), r, r)
        if on:
            self.canvas.drawRRect(shape, ink(self.theme["accent"]))
            inset = part.rect.w * 0.16
            place = (part.rect.x + inset, part.rect.y + inset, part.rect.w - 2 * inset)
            icons.draw(self.canvas, "check", place, ink(self.theme["on_accent"]), 2.8)
            return
        paint = ink(self.theme["soft"])
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(1.5 * part.scale)
        shape.inset(part.scale, part.scale)
        self.canvas.drawRRect(shape, paint)

    def slider(self, part: Part) -> None:
        share, r = float(self.rng.uniform(0.2, 0.85)), part.rect.h * 0.42
        self.bar(part, share, part.rect.h * 0.24, "accent")
        x = part.rect.x + r + (part.rect.w - 2 * r) * share
        y = part.rect.y + part.rect.h / 2
        self.canvas.drawCircle(x, y, r, ink(self.theme["accent"]))
        self.canvas.drawCircle(x, y, r * 0.45, ink(self.theme["on_accent"]))

    def progress(self, part: Part) -> None:
        self.bar(part, float(self.rng.uniform(0.2, 0.92)), part.rect.h, part.settings.get("colour", "accent"))

    def bar(self, part: Part, share: float, thick: float, role: str) -> None:
        """A rounded bar through the middle of `part`, filled up to `share`."""
        top = part.rect.y + (part.rect.h - thick) / 2
        for wide, colour in ((part.rect.w, self.theme["line"]), (part.rect.w * share, self.theme[role])):
            rect = skia.Rect.MakeXYWH(part.rect.x, top, max(wide, thick), thick)
            self.canvas.drawRoundRect(rect, thick / 2, thick / 2, ink(colour))

    def stars(self, part: Part) -> None:
        count, side = int(self.rng.integers(3, 6)), part.rect.h
        step = (part.rect.w - side) / 4
        for at in range(5):
            paint = ink((240, 170, 30) if at < count else self.theme["line"])
            self.canvas.save()
            self.canvas.translate(part.rect.x + step * at, part.rect.y)
            self.canvas.scale(side / icons.GRID, side / icons.GRID)
            self.canvas.drawPath(icons.path(icons.strokes("star")), paint)
            self.canvas.restore()

    def write(self, part: Part, layout: Layout, pixels: NDArray[np.uint8]) -> None:
        """Draws a text in its colour, or in white or black where `pixels` behind it ask for that.

        Raises Discarded("contrast too low", …) where none of them reads.
        """
        words = part.words
        assert words is not None
        colour = legible(words, layout.style, layout.bounds, self.theme, pixels)
        outline = (words.outline * layout.style.size, colour) if words.outline else None
        draw(self.canvas, layout, colour, outline=outline)


def legible(words: Words, style: Style, bounds: Box, theme: Theme, pixels: NDArray[np.uint8]) -> Colour:
    """The colour that `words` asks for, or white or black where the picture behind `bounds` asks for that.

    `pixels`: the picture without texts, uint8 [height, width, 3 or 4]. Raises Discarded("contrast too low", …) where
    none of them reads.
    """
    bold = words.outline > 0 or "bold" in style.pairing.name.lower()
    large = style.size >= (LARGE_BOLD if bold else LARGE)
    behind = _behind(pixels, bounds)
    for colour in (theme[words.colour], (255, 255, 255), (12, 12, 14)):
        if contrast_of(behind, colour) >= (LARGE_FLOOR if large else FLOOR):
            return colour
    raise Discarded("contrast too low", words.text[:40])


def contrast_of(pixels: NDArray[np.uint8], colour: Colour) -> float:
    """Least contrast of `colour` with any of `pixels` (RGB): quickly where they are alike, else pixel by pixel."""
    quick = contrast_with(pixels, colour)
    if quick >= FLOOR:
        return quick
    own = luminance(colour) + 0.05
    others = luminances(pixels.reshape(-1, 3)) + np.float32(0.05)
    ratios = np.maximum(own / others, others / own)
    crossed = bool((others < own).any() and (others > own).any())
    return 1.0 if crossed and float(ratios.min()) < LARGE_FLOOR else float(ratios.min())


def _behind(pixels: NDArray[np.uint8], bounds: Box) -> NDArray[np.uint8]:
    """The pixels that a text will cover."""
    left, top, right, bottom = bounds
    high, wide = pixels.shape[:2]
    left, top = max(0, int(left)), max(0, int(top))
    right, bottom = min(wide, int(right) + 1), min(high, int(bottom) + 1)
    if right <= left or bottom <= top:
        raise Discarded("text does not fit", "it lies outside the picture")
    return np.ascontiguousarray(pixels[top:bottom, left:right, :3])


def corner(part: Part, theme: Theme) -> float:
    """Radius in pixels of a part's corners, where it is large enough for that."""
    radius = float(part.settings.get("radius", 0.0))
    return radius * part.scale * (theme.rounding if radius < ROUND_ENDS else 1.0)


def covers(child: object) -> bool:
    """Whether it may reach into the corners of the box around it."""
    return isinstance(child, Part) and child.widget in ("picture", "ornament", "stack", "column", "row")


def _rect(rect: Rect) -> skia.Rect:
    return skia.Rect.MakeXYWH(rect.x, rect.y, rect.w, rect.h)


_WIDGETS: dict[str, Callable[[Painter, Part], None]] = {
    "icon": Painter.icon, "picture": Painter.picture, "avatar": Painter.avatar, "chart": Painter.chart,
    "ornament": Painter.ornament, "divider": Painter.divider, "toggle": Painter.toggle, "check": Painter.check,
    "slider": Painter.slider, "progress": Painter.progress, "stars": Painter.stars,
}  # fmt: skip

PAINTED = frozenset(_WIDGETS)
"""Widgets that show something of their own within their box."""
