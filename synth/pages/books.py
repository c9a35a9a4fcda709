"""Pages of books: running text with what belongs around it."""

from __future__ import annotations

from dataclasses import replace

from synth.chance import chance, pick
from synth.layout import Style
from synth.page import Page
from synth.pages.furniture import byline, folio, heading, initial, prose_style, reading, running_head
from synth.rect import Rect


def book_page(page: Page) -> str:
    """Running head, paragraphs with indents, page number."""
    style = prose_style(page, justified=0.9)
    area = folio(page, running_head(page, reading(page, page.margin, style)))
    page.pour(page.prose([area], style, int(page.rng.integers(1, 4)), (0.7, 0.92)), style, [area])
    page.ruled()
    return "set as a book page with a running head and a page number"


def chapter(page: Page) -> str:
    """A chapter's opening: much air, a centred title, a large initial."""
    style = replace(prose_style(page, justified=0.9), indent=0.0)
    area = folio(page, reading(page, page.margin, style))
    area = heading(page, area.below(area.top + 0.06 * area.height), (1.8, 2.8), "centre")
    middle, half = (area.left + area.right) / 2, float(page.rng.uniform(0.05, 0.2)) * area.width
    page.line(middle - half, area.top, middle + half, area.top, page.colours.accent, 2)
    area = area.below(area.top + 1.2 * page.body)
    drop_cap(page, style, [area], int(page.rng.integers(2, 4)))
    return "set as the opening of a chapter, a centred title above text that begins with a large initial"


def footnotes(page: Page) -> str:
    """A page of a scholarly book: text, a short line, notes in small type."""
    style = prose_style(page, justified=0.9)
    area = folio(page, reading(page, page.margin, style))
    small = page.style(page.body * 0.74, pitch=page.pitch * 0.95, paragraph_gap=0.2)
    split = area.top + float(page.rng.uniform(0.68, 0.78)) * area.height
    text, notes = area._replace(bottom=split), area.below(split + 1.4 * page.body)
    page.pour(page.prose([text], style, 2, (0.75, 0.9)), style, [text])
    page.line(
        area.left, split + 0.7 * page.body, area.left + 0.28 * area.width, split + 0.7 * page.body, page.colours.soft
    )
    texts = page.prose([notes], small, 2, (0.45, 0.65))
    page.pour([f"{number} {text}" for number, text in enumerate(texts, 1)], small, [notes], "note")
    return "set as a page of a scholarly book with two footnotes below a short line"


def essay(page: Page) -> str:
    """A large title, a byline, paragraphs."""
    style = prose_style(page, justified=0.4)
    area = reading(page, page.margin, style)
    align = pick(page.rng, ("left", "left", "centre"))
    area = heading(page, area, (1.8, 3.0), align)
    if chance(page.rng, 0.7):
        area = byline(page, area, align)
    page.pour(page.prose([area], style, int(page.rng.integers(2, 4)), (0.55, 0.85)), style, [area])
    return f"set as paragraphs under a large {'centred' if align == 'centre' else 'left-aligned'} title"


def drop_cap(page: Page, style: Style, boxes: list[Rect], lines: int, fill: tuple[float, float] = (0.5, 0.75)) -> None:
    """A paragraph that begins with a large letter, through `boxes`."""
    (text,) = page.prose(boxes, style, 1, fill)
    if not text[0].isalpha():
        page.pour([text], style, boxes, columns=len(boxes))
        return
    page.paragraphs.append(text)
    rest = initial(page, text, style, boxes, lines)
    page.pour([text[1:]], style, rest, known=True, columns=len(boxes))
