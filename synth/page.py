"""A page that is being laid out: what is on it, and the few moves that every arrangement is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import skia

from synth.chance import pick
from synth.layout import Layout, Style, fit, flow, lay_out
from synth.pairing import Pairing
from synth.palette import Colour, Palette
from synth.rect import Rect, around
from synth.room import advance, depth, narrowed, rows, rows_high, whole
from synth.ruling import Grid
from synth.sample import Discarded, Wish
from synth.source import WORDS, TextSource
from synth.voices import Voices

SMALLEST = {"en": 15.0, "zh": 20.0, "mixed": 20.0}
"""Least size of type in pixels by language: ideographs have more strokes than letters."""

HANDWRITING = 1.25
"""Handwriting is set so much larger: its small letters are low for their size."""


@dataclass(frozen=True)
class Block:
    """One layout in one colour, with the role of its lines."""

    layout: Layout
    colour: Colour
    role: str


class Page:
    """A page under way. Arrangements call its moves from top to bottom, in reading order.

    `body` is the size of the text for reading in pixels; `margin` the rectangle inside the margins. Every move raises
    Discarded where its text does not fit or lacks a glyph.
    """

    def __init__(self, rng: np.random.Generator, wish: Wish, source: TextSource, voices: Voices, colours: Palette):
        self.rng, self.wish, self.source, self.voices, self.colours = rng, wish, source, voices, colours
        self.paragraphs: list[str] = []
        self.blocks: list[Block] = []
        self.shapes: list[Callable[[skia.Canvas], None]] = []
        self.grid: Grid | None = None
        self.unit = (wish.width * wish.height) ** 0.5 / 1000
        self.smallest = SMALLEST[wish.language]
        self.body = self.size(25, 36) * (HANDWRITING if voices.kind == "handwriting" else 1.0)
        self.pitch = float(rng.uniform(1.5, 1.9) if self.chinese else rng.uniform(1.3, 1.6))
        across = float(rng.uniform(0.075, 0.14)) * min(wish.width, wish.height * 1.3)
        down = float(rng.uniform(0.07, 0.12)) * min(wish.height, wish.width * 1.3)
        self.margin = Rect(across, down, wish.width - across, wish.height - down)

    @property
    def chinese(self) -> bool:
        return self.wish.language != "en"

    @property
    def tight(self) -> float:
        """Pitch of type that is set large."""
        return 1.4 if self.chinese else 1.2

    @property
    def breath(self) -> float:
        """Distance in pixels from a small heading to its text: what parts two lines of the text, and a little more."""
        return max(0.45, self.pitch - 0.85) * self.body

    def bright(self) -> Colour:
        """Ink or accent."""
        return pick(self.rng, (self.colours.ink, self.colours.accent))

    @property
    def whole(self) -> Rect:
        return Rect(0, 0, self.wish.width, self.wish.height)

    def size(self, least: float, most: float) -> float:
        """A size in pixels between two that are given for a page of a megapixel."""
        return max(self.smallest, float(self.rng.uniform(least, most)) * self.unit)

    def style(self, size: float = 0, pairing: Pairing | None = None, **settings: object) -> Style:
        """The page's style for reading, with what is to be different."""
        base = Style(pairing or self.voices.body, max(self.smallest, size or self.body), self.pitch)
        return whole(replace(base, **settings))  # type: ignore[arg-type]

    # Text of the length that a space takes.

    def capacity(self, boxes: Sequence[Rect], style: Style) -> int:
        """About how many characters the boxes hold."""
        return sum(rows(box, style) * int(self.along(box, style)) for box in boxes)

    def along(self, box: Rect, style: Style) -> float:
        """About how many characters a line of the box holds."""
        length = box.height if style.vertical else box.width
        return length / style.size / (advance(style.pairing, self.wish.language) + style.letter_spacing)

    def prose(
        self, boxes: Sequence[Rect], style: Style, count: int = 1, fill: tuple[float, float] = (0.6, 0.85)
    ) -> list[str]:
        """`count` paragraphs that together take that share of the boxes."""
        hanging = int(self.along(boxes[0], style)) // 2 * (count > 1)
        return self.texts(self.capacity(boxes, style) / count, count, fill, hanging)

    def passages(self, box: Rect, style: Style, count: int, fill: tuple[float, float] = (0.55, 0.9)) -> list[str]:
        """`count` paragraphs each of which takes that share of a box like this one."""
        return self.texts(self.capacity([box], style), count, fill)

    def texts(self, room: float, count: int, fill: tuple[float, float], less: int = 0) -> list[str]:
        """`count` paragraphs of that share of `room` characters, `less` some for lines that are not filled."""
        least, most = (max(10, int(share * room) - less) for share in fill)
        return list(self.source.paragraphs(self.rng, self.wish.language, count, (least, max(most, least + 10))))

    def verses(self, box: Rect, style: Style, count: int) -> list[str]:
        """`count` lines of verse, none longer than a line of the box."""
        length = (box.height if style.vertical else box.width) / style.size
        wide = (1.0 if self.chinese else advance(style.pairing, "en")) + style.letter_spacing
        most = int(min(0.85 * length / wide, 18 if self.chinese else 40))
        language = "zh" if style.vertical else self.wish.language
        return list(self.source.lines(self.rng, language, count, (max(4, most // 2), max(6, most))))

    def title(self, most: int = 0) -> str:
        """A heading of at most so many characters."""
        most = most or (14 if self.wish.language == "zh" else 36)
        return self.source.title(self.rng, self.wish.language, (3, most))

    def line_of_text(self, least: int, most: int) -> str:
        """One short line; Chinese ones are half as long."""
        half = 2 if self.chinese else 1
        return self.source.line(self.rng, self.wish.language, (max(3, least // half), most // half))

    def short(self, *kinds: str) -> str:
        """A short text of one of those kinds, of structured.KINDS."""
        return self.source.short(self.rng, self.wish.language, pick(self.rng, kinds))

    def word(self) -> str:
        """A word or two, no longer than a line of the smallest type."""
        least, most = WORDS[self.wish.language]
        room = int(self.margin.width / self.smallest / (0.55 if self.wish.language == "en" else 1))
        return self.source.words(self.rng, self.wish.language, (least, max(least, min(most, room))))

    # Setting it.

    def put(
        self,
        texts: str | Sequence[str],
        style: Style,
        box: Rect,
        role: str = "body",
        colour: Colour | None = None,
        at: float = 0,
    ) -> Rect:
        """Sets text in a box; `at` shifts it down by that share of the height left over. Returns where it stands."""
        layout = lay_out(texts, style, box.width, box.height, box.left, box.top)
        if at:
            layout = layout.moved(0, at * max(0.0, box.bottom - depth(layout)))
        return self.keep(texts, [layout], role, colour)

    def put_even(
        self, text: str, style: Style, box: Rect, role: str = "title", colour: Colour | None = None, at: float = 0
    ) -> Rect:
        """Sets a short text with lines as even as its number of lines allows, as headings are broken."""
        return self.put(text, style, narrowed(text, style, box), role, colour, at)

    def put_fitted(
        self,
        text: str,
        style: Style,
        box: Rect,
        sizes: tuple[float, float],
        role: str = "title",
        colour: Colour | None = None,
        at: float = 0,
    ) -> Rect:
        """Sets text as large as the box allows, within `sizes` in pixels."""
        least, most = max(self.smallest, sizes[0]), max(self.smallest, *sizes)
        layout = fit(text, style, box.width, box.height, least, most, box.left, box.top)
        return self.put(text, layout.style, box, role, colour, at)

    def pour(
        self,
        texts: Sequence[str],
        style: Style,
        boxes: Sequence[Rect],
        role: str = "body",
        colour: Colour | None = None,
        known: bool = False,
        columns: int = 0,
    ) -> Rect:
        """Sets paragraphs through boxes, one after the other; a little smaller if they will not fit as they are.

        `known`: they are the rest of a paragraph that is on the page's list already. `columns`: how many the boxes
        make that are to end level, if any.
        """
        for step in range(4):
            sized = whole(replace(style, size=style.size * 0.95**step))
            try:
                places = self.levelled(texts, sized, boxes, columns) if columns else boxes
                layouts = [layout for layout in flow(texts, sized, places) if layout.lines]
                return self.keep([] if known else texts, layouts, role, colour)
            except Discarded as refusal:
                if refusal.cause != "text does not fit" or step == 3 or sized.size * 0.95 < self.smallest:
                    raise
        raise AssertionError("the loop returns or raises")

    def levelled(self, texts: Sequence[str], style: Style, boxes: Sequence[Rect], columns: int) -> list[Rect]:
        """The boxes no deeper than the text needs, so that all `columns` end level; as they are if it does not fit."""
        lines = len(lay_out(texts, style, boxes[-1].width).lines)
        top, fewest = min(box.top for box in boxes), -(-lines // columns)
        for count in range(fewest, fewest + 4):
            foot = top + rows_high(count, style) + 0.3 * style.size
            cut = [box._replace(bottom=max(box.top, min(box.bottom, foot))) for box in boxes]
            try:
                flow(texts, style, cut)
                return cut
            except Discarded:
                continue
        return list(boxes)

    def keep(self, texts: str | Sequence[str], layouts: Sequence[Layout], role: str, colour: Colour | None) -> Rect:
        """Puts layouts on the page as the setting of `texts`; returns the rectangle around them."""
        self.paragraphs += [texts] if isinstance(texts, str) else texts
        default = self.colours.accent if role == "title" else self.colours.soft if role in SMALL else self.colours.ink
        self.blocks += [Block(layout, colour or default, role) for layout in layouts]
        return around([layout.bounds for layout in layouts])

    def centre(self, first: int, area: Rect) -> float:
        """Moves the blocks from number `first` on to half the height of `area`; returns by how much they moved."""
        stood = around([block.layout.bounds for block in self.blocks[first:]])
        return self.shift(first, 0, (area.top + area.bottom - stood.top - stood.bottom) / 2)

    def centre_across(self, first: int, area: Rect) -> None:
        """Moves the blocks from number `first` on to half the width of `area`."""
        stood = around([block.layout.bounds for block in self.blocks[first:]])
        dx = (area.left + area.right - stood.left - stood.right) / 2
        self.shift(first, dx, 0)
        if self.grid:
            left, top, right, bottom = self.grid.area
            self.grid = Grid(self.grid.start + dx, self.grid.pitch, (left + dx, top, right + dx, bottom))

    def lower(self, first: int, bottom: float) -> float:
        """Moves the blocks from number `first` on down to `bottom`; returns by how much."""
        return self.shift(first, 0, bottom - max(block.layout.bounds[3] for block in self.blocks[first:]))

    def shift(self, first: int, dx: float, dy: float) -> float:
        """Moves the blocks from number `first` on; returns how far down: whole pixels, as layouts move."""
        before = self.blocks[first].layout.y
        self.blocks[first:] = [replace(block, layout=block.layout.moved(dx, dy)) for block in self.blocks[first:]]
        return self.blocks[first].layout.y - before

    def ruled(self) -> None:
        """Lets the paper be ruled to the lines that were set last."""
        layout = self.blocks[-1].layout
        style, first = layout.style, layout.lines[0].glyphs[0]
        pitch = style.pitch * style.size
        if style.vertical:
            self.grid = Grid(layout.x + layout.width - ceil(style.size / 2) + pitch / 2, pitch, layout.bounds)
        else:
            self.grid = Grid(layout.y + first.ys[0], pitch, layout.bounds)

    # Ornaments.

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, width: float = 1.0) -> None:
        """A straight line."""
        paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetRGB(*colour), StrokeWidth=width)
        self.shapes.append(lambda canvas: canvas.drawLine(x0, y0, x1, y1, paint))

    def frame(self, rect: Rect, colour: Colour, width: float = 1.5, radius: float = 0) -> None:
        """The outline of a rectangle."""
        paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetRGB(*colour), StrokeWidth=width)
        paint.setStyle(skia.Paint.kStroke_Style)
        self.shapes.append(lambda canvas: canvas.drawRoundRect(skia.Rect(*rect), radius, radius, paint))

    def panel(self, rect: Rect, colour: Colour, radius: float = 0) -> None:
        """A rectangle filled with colour."""
        paint = skia.Paint(AntiAlias=True, Color=skia.ColorSetRGB(*colour))
        self.shapes.append(lambda canvas: canvas.drawRoundRect(skia.Rect(*rect), radius, radius, paint))


SMALL = ("header", "footer", "caption", "note", "byline")
"""Roles of lines that stand back."""
