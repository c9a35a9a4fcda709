"""Pages in columns, as newspapers and magazines set them."""

from __future__ import annotations

from dataclasses import replace

from synth.chance import chance, pick
from synth.layout import Style
from synth.page import Page
from synth.pages.books import drop_cap
from synth.pages.furniture import byline, heading
from synth.rect import Rect


def two_columns(page: Page) -> str:
    """A headline over two columns."""
    return columns(page, 2)


def three_columns(page: Page) -> str:
    """A headline over three columns of smaller type."""
    page.body *= 0.86
    return columns(page, 3)


def columns(page: Page, count: int) -> str:
    """A headline, perhaps a line of names, and text through `count` columns, with or without lines between them."""
    style = column_style(page, count)
    area = page.margin.inset(-0.2 * page.margin.left, 0)
    align = pick(page.rng, ("left", "centre"))
    if page.margin.height > 0.7 * page.margin.width:
        area = masthead(page, area)
    area = heading(page, area, (2.0, 3.2), align)
    if chance(page.rng, 0.5):
        area = byline(page, area, align)
    gutter = float(page.rng.uniform(1.3, 2.0)) * page.body
    boxes = area.columns(count, gutter)
    texts = page.prose(boxes, style, int(page.rng.integers(2, 5)), (0.8, 0.95))
    stood = page.pour(texts, style, boxes, columns=count)
    if chance(page.rng, 0.6):
        between(page, [box._replace(bottom=stood.bottom) for box in boxes], gutter)
    named = {2: "two", 3: "three"}[count]
    return f"set in {named} {'justified ' if style.align == 'justified' else ''}newspaper columns under a headline"


JUSTIFIED = {"zh": 9, "en": 15, "mixed": 20}
"""Width of a column in em from which on its lines are filled without wide gaps, by language."""


def column_style(page: Page, count: int) -> Style:
    """Text for `count` columns: tight, indented, justified unless words are few in a line."""
    wide = page.margin.width / count > JUSTIFIED[page.wish.language] * page.body
    align = "justified" if wide and chance(page.rng, 0.8) else "left"
    return page.style(
        align=align, indent=2.0 if page.chinese else 1.2, pitch=min(page.pitch, 1.6 if page.chinese else 1.4)
    )


def masthead(page: Page, area: Rect) -> Rect:
    """A line with place and date between two rules; returns what is left below."""
    style = page.style(page.body * 0.75, page.voices.strong, align=pick(page.rng, ("left", "centre", "right")))
    page.line(area.left, area.top, area.right, area.top, page.colours.ink, 3)
    text = page.short("company", "place", "date")
    stood = page.put(text, style, area.below(area.top + 0.45 * page.body), "header")
    y = stood.bottom + 0.5 * page.body
    page.line(area.left, y, area.right, y, page.colours.ink, 1)
    return area.below(y + 0.9 * page.body)


def between(page: Page, boxes: list[Rect], gutter: float) -> None:
    """Hairlines between columns."""
    for box in boxes[1:]:
        x = box.left - gutter / 2
        page.line(x, box.top, x, box.bottom, page.colours.soft, 1)


def magazine(page: Page) -> str:
    """A large title, an introduction in bold, two columns that begin with a large letter."""
    area = heading(page, page.margin, (2.4, 3.4), "left")
    lead = page.style(page.body * 1.15, page.voices.strong, pitch=1.35)
    share = area._replace(bottom=area.top + 4 * lead.pitch * lead.size)
    stood = page.pour(page.prose([share], lead, 1, (0.5, 0.8)), lead, [share], "lead")
    style = replace(column_style(page, 2), indent=0.0)
    boxes = area.below(stood.bottom + 1.3 * page.body).columns(2, 1.7 * page.body)
    drop_cap(page, style, boxes, 3, (0.65, 0.82))
    return "set as a magazine article, a bold introduction above two columns that begin with a large initial"


def sidebar(page: Page) -> str:
    """Text beside a filled panel with a text of its own."""
    area = page.margin
    share = float(page.rng.uniform(0.32, 0.4))
    on_left = chance(page.rng, 0.5)
    aside, main = split(area, share, on_left, 1.6 * page.body)
    main = heading(page, main, (1.6, 2.2), "left")
    style = page.style(indent=2.0 if page.chinese else 1.2)
    page.pour(page.prose([main], style, 2, (0.7, 0.9)), style, [main])
    inner = aside.inset(1.1 * page.body, 1.1 * page.body)
    pale = page.colours.grounds[0]
    small = page.style(page.body * 0.86, pitch=page.pitch * 0.96)
    strong = replace(small, pairing=page.voices.strong, size=page.body * 1.05)
    stood = page.put(page.title(18), strong, inner, "title", pale)
    inner = inner.below(stood.bottom + 0.8 * page.body)
    stood = page.pour(page.prose([inner], small, 1, (0.5, 0.85)), small, [inner], "aside", pale)
    page.panel(aside._replace(bottom=stood.bottom + 1.1 * page.body), page.colours.ink, float(page.rng.choice((0, 12))))
    return f"set beside a dark panel on the {'left' if on_left else 'right'} that holds a shorter text in reverse"


def split(area: Rect, share: float, first: bool, gap: float) -> tuple[Rect, Rect]:
    """A part of `share` of the width, on the left if `first`, and the rest."""
    if first:
        x = area.left + share * area.width
        return area._replace(right=x), area._replace(left=x + gap)
    x = area.right - share * area.width
    return area._replace(left=x), area._replace(right=x - gap)


def interrupted(page: Page) -> str:
    """Text in two halves with a large sentence between rules in the middle."""
    style = page.style(align="justified" if chance(page.rng, 0.5) else "left", indent=2.0 if page.chinese else 0.0)
    area = page.margin.middle(36 * page.body)
    third = area.height / 3
    upper, lower = area._replace(bottom=area.top + 1.05 * third), area.below(area.bottom - 1.05 * third)
    page.pour(page.prose([upper], style, 1, (0.75, 0.92)), style, [upper])
    large = page.style(page.body * 1.5, page.voices.title, pitch=1.3, align="centre")
    middle = Rect(area.left, upper.bottom + 0.6 * page.body, area.right, lower.top - 0.6 * page.body).inset(
        2 * page.body, 0.4 * page.body
    )
    text = page.line_of_text(24, max(30, int(0.6 * page.capacity([middle], large)) * (2 if page.chinese else 1)))
    page.put_even(text, large, middle, "quote", page.colours.accent, 0.5)
    for y in (middle.top, middle.bottom):
        page.line(middle.left, y, middle.right, y, page.colours.accent, 2)
    page.pour(page.prose([lower], style, 1, (0.75, 0.92)), style, [lower])
    return "set in two paragraphs with a large coloured sentence between rules in the middle"


def side_title(page: Page) -> str:
    """A title in a narrow column on the left, text on the right."""
    aside, main = split(page.margin, float(page.rng.uniform(0.3, 0.36)), True, 1.4 * page.body)
    large = page.style(page.body * float(page.rng.uniform(1.5, 2)), page.voices.title, pitch=1.2)
    stood = page.put_even(page.title(24), large, aside)
    note = page.style(page.body * 0.75, page.voices.slanted)
    page.put(page.short("person", "date", "company"), note, aside.below(stood.bottom + 0.9 * page.body), "byline")
    style = page.style(paragraph_gap=0.0 if page.chinese else 0.7, indent=2.0 if page.chinese else 0.0)
    stood = page.pour(page.prose([main], style, int(page.rng.integers(2, 4)), (0.65, 0.88)), style, [main])
    x = main.left - 0.7 * page.body
    page.line(x, main.top, x, max(stood.bottom, main.top + 0.3 * main.height), page.colours.accent, 2)
    return "set in one column on the right with the title in a narrow column on the left"
