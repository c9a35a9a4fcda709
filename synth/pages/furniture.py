"""What stands around the text of many pages: running heads, page numbers, headings, initials."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.layout import ABOVE, BELOW, Style, lay_out
from synth.page import Page
from synth.rect import Rect
from synth.room import rows_high

MEASURE = 36.0
"""Longest line of text for reading in em; the eye loses its place in longer ones."""


def reading(page: Page, area: Rect, style: Style) -> Rect:
    """The part of `area` whose lines are not too long to read."""
    return area.middle(MEASURE * style.size)


def prose_style(page: Page, justified: float = 0.6) -> Style:
    """How paragraphs are told apart and aligned: by an indent or by a gap, justified in that share of pages."""
    align = "justified" if chance(page.rng, justified) else "left"
    if page.chinese:
        return page.style(align=align, indent=2.0, paragraph_gap=pick(page.rng, (0.0, 0.0, 0.4)))
    if chance(page.rng, 0.5):
        return page.style(align=align, indent=float(page.rng.uniform(1.2, 2)))
    return page.style(align=align, paragraph_gap=float(page.rng.uniform(0.5, 0.9)))


def running_head(page: Page, area: Rect) -> Rect:
    """A small heading across the top, some with a hairline; returns what is left below."""
    pairing = pick(page.rng, (page.voices.slanted, page.voices.body))
    style = page.style(page.body * 0.72, pairing, align=pick(page.rng, ("left", "centre", "right")))
    stood = page.put(page.title(), style, area, "header")
    y = stood.bottom + 0.5 * page.body
    if chance(page.rng, 0.5):
        page.line(area.left, y, area.right, y, page.colours.soft, 1)
    return area.below(y + page.body)


def folio(page: Page, area: Rect) -> Rect:
    """A page number at the foot; returns what is left above."""
    number = str(int(page.rng.integers(2, 400)))
    text = pick(page.rng, ("{}", "{}", "– {} –", "· {} ·")).format(number)
    style = page.style(page.body * 0.74, align=pick(page.rng, ("left", "centre", "centre", "right")))
    top = area.bottom - rows_high(1, style) - 0.3 * style.size  # some faces reach further down than others
    page.put(text, style, area.below(top), "footer")
    return area._replace(bottom=top - 0.8 * page.body)


def heading(page: Page, area: Rect, size: tuple[float, float] = (1.7, 2.6), align: str = "", text: str = "") -> Rect:
    """A title over the whole width, `size` times as large as the text; returns what is left below."""
    large = float(page.rng.uniform(*size)) * page.body
    style = page.style(large, page.voices.title, pitch=1.2, align=align or pick(page.rng, ("left", "centre")))
    stood = page.put_even(text or page.title(), style, area)
    return area.below(stood.bottom + float(page.rng.uniform(0.4, 0.7)) * large + 0.3 * page.body)


def byline(page: Page, area: Rect, align: str) -> Rect:
    """A small line beneath a heading; returns what is left below."""
    style = page.style(page.body * 0.78, page.voices.slanted, align=align)
    stood = page.put(page.short("person", "date", "place"), style, area, "byline")
    return area.below(stood.bottom + 0.9 * page.body)


def initial(page: Page, text: str, style: Style, boxes: list[Rect], lines: int) -> list[Rect]:
    """Sets the first letter of `text` over some lines of the first box; returns the boxes for the rest of the text.

    The letter's height is measured, so that its head and foot stand level with those of the lines beside it.
    """
    first, *others = boxes
    foot = first.top + ABOVE * style.size + (lines - 1) * style.pitch * style.size
    height = foot - first.top - (ABOVE - (0.86 if page.chinese else 0.7)) * style.size
    probe = lay_out(text[0], page.style(100, page.voices.title), 1000).lines[0]
    top, bottom = probe.box[1], min(probe.box[3], probe.glyphs[0].ys[0] + 12)
    size = 100 * height / (bottom - top)
    letter = lay_out(text[0], page.style(size, page.voices.title), first.width)
    box = letter.lines[0].box
    bottom = letter.lines[0].glyphs[0].ys[0] if not page.chinese else box[3]
    letter = letter.moved(first.left - box[0], foot - bottom + (0.08 * style.size if page.chinese else 0))
    right = page.keep([], [letter], "initial", page.colours.accent).right
    upper = Rect(right + 0.35 * style.size, first.top, first.right, foot + (BELOW + 0.2) * style.size)
    lower = first.below(foot + (style.pitch - ABOVE) * style.size)
    return [upper, lower, *others]
