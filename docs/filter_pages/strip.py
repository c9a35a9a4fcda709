"""The strip of a page: rows of pictures, below each what was done to it, what the filter measured and what it says."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from docs.filter_pages.exhibit import Judged
from filters.base import Filter, figure
from filters.image import Pixels

WIDTH, HIGHEST, GAP = 1240, 250, 14
"""Pixels of the strip, of the highest picture, and between pictures."""

SIZE, LEADING = 17, 22
"""Pixels of the letters and from line to line."""

BLACK, GREY, GREEN, RED = (20, 20, 20), (90, 90, 90), (20, 110, 40), (180, 25, 25)
HARD, DOT = "\u00a0", "·\u00a0"
"""A space at which no line breaks, and what stands between two numbers."""

LARGEST = 140_000
"""Bytes of a strip."""


@dataclass(frozen=True)
class Cell:
    """A picture of the width of its column or less, and coloured lines below it."""

    picture: PIL.Image.Image
    lines: tuple[tuple[str, tuple[int, int, int]], ...]


def strip(filter: Filter, rows: Sequence[Sequence[Judged]]) -> bytes:
    """JPEG of WIDTH px of the best quality that LARGEST allows. Raises ValueError where none does."""
    columns = max(len(row) for row in rows)
    width = (WIDTH - GAP * (columns + 1)) // columns
    cells = [[cell(filter, judged, width) for judged in row] for row in filled(rows, columns)]
    floors = [max(each.picture.height for each in row) for row in cells]
    heights = [floor + LEADING * max(len(each.lines) for each in row) for floor, row in zip(floors, cells, strict=True)]
    canvas = PIL.Image.new("RGB", (WIDTH, GAP + sum(heights) + 2 * GAP * len(cells)), "white")
    top = GAP
    for row, floor, height in zip(cells, floors, heights, strict=True):
        for number, each in enumerate(row):
            draw(canvas, each, GAP + number * (width + GAP), top, floor)
        top += height + 2 * GAP
    return encoded(canvas)


def filled(rows: Sequence[Sequence[Judged]], columns: int) -> list[list[Judged]]:
    """The rows, with those that fit side by side joined."""
    joined: list[list[Judged]] = []
    for row in rows:
        if joined and len(joined[-1]) + len(row) <= columns:
            joined[-1].extend(row)
        else:
            joined.append(list(row))
    return joined


def cell(filter: Filter, judged: Judged, width: int) -> Cell:
    colour = GREEN if judged.reason is None else RED
    texts = ((judged.exhibit.title, BLACK), (numbers(filter, judged.signals), GREY), (judged.verdict, colour))
    lines = tuple((line, colour) for text, colour in texts for line in wrapped(text, width))
    return Cell(scaled(judged.exhibit.pixels(), width), lines)


def scaled(pixels: Pixels, width: int) -> PIL.Image.Image:
    """Within `width` × HIGHEST px, framed; small pictures are enlarged."""
    scale = min(width / pixels.shape[1], HIGHEST / pixels.shape[0])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = PIL.Image.fromarray(np.asarray(cv2.resize(pixels, size, interpolation=smooth), np.uint8))
    PIL.ImageDraw.Draw(picture).rectangle((0, 0, size[0] - 1, size[1] - 1), outline=(190, 190, 190))
    return picture


def numbers(filter: Filter, signals: Mapping[str, float]) -> str:
    """What the limits read of an image, or all signals of a filter without limits."""
    judged = {limit.signal for limit in filter.limits}
    named = [signal.name for signal in filter.signals if not judged or signal.name in judged]
    return f" {DOT}".join(f"{name}{HARD}{number(signals[name])}" for name in named)


def number(value: float) -> str:
    """Four significant digits; "none" where nothing was measured."""
    return "none" if math.isnan(value) else figure(value)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of `text`, broken between words, that fit in so many pixels."""
    font, lines = PIL.ImageFont.load_default(SIZE), [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [line.removeprefix(DOT).replace(HARD, " ").strip() for line in lines]


def draw(canvas: PIL.Image.Image, each: Cell, left: int, top: int, floor: int) -> None:
    """A cell whose picture stands on the line `top` + `floor`."""
    canvas.paste(each.picture, (left, top + floor - each.picture.height))
    pen, font = PIL.ImageDraw.Draw(canvas), PIL.ImageFont.load_default(SIZE)
    for number, (line, colour) in enumerate(each.lines):
        pen.text((left, top + floor + GAP // 2 + number * LEADING), line, colour, font)


def encoded(canvas: PIL.Image.Image) -> bytes:
    for quality in range(88, 40, -2):
        buffer = io.BytesIO()
        canvas.save(buffer, "JPEG", quality=quality, subsampling=0, optimize=True)
        if buffer.tell() <= LARGEST:
            return buffer.getvalue()
    raise ValueError(f"a strip of {canvas.width}×{canvas.height} pixels does not fit in {LARGEST} bytes")
