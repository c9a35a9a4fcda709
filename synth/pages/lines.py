"""A few lines: statements, headlines, captions, couplets."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.page import Page
from synth.pairing import Pairing
from synth.rect import Rect

LARGE = (44, 84)
"""Sizes in pixels of a megapixel page."""


def statement(page: Page) -> str:
    """One line of text, broken evenly, in the middle of the page."""
    align = pick(page.rng, ("centre", "centre", "left", "right"))
    style = page.style(page.size(*LARGE), strong_or_title(page), pitch=page.tight, align=align)
    page.put_even(
        page.line_of_text(14, 60), style, page.margin, "quote", page.bright(), pick(page.rng, (0.5, 0.5, 0.38))
    )
    return f"set large in the middle of the page, {side(align)}"


def corner(page: Page) -> str:
    """A few lines in one of the corners."""
    align, at = pick(page.rng, ("left", "right")), pick(page.rng, (0.0, 1.0))
    style = page.style(page.size(36, 60), strong_or_title(page), pitch=page.tight, align=align)
    shift = 0 if align == "left" else 0.36 * page.margin.width
    box = Rect(
        page.margin.left + shift,
        page.margin.top,
        page.margin.left + shift + 0.64 * page.margin.width,
        page.margin.bottom,
    )
    page.put(page.line_of_text(16, 70), style, box, "quote", page.bright(), at)
    return f"set flush {align} in the {'lower' if at else 'upper'} {align} corner of an empty page"


def headline(page: Page) -> str:
    """A title in large type, a smaller line below, a rule between or none."""
    started = len(page.blocks)
    align = pick(page.rng, ("left", "centre"))
    stood = page.put_even(
        page.title(), page.style(page.size(56, 92), page.voices.title, pitch=1.2, align=align), page.margin
    )
    y = stood.bottom + 0.9 * page.body
    ruled = chance(page.rng, 0.5)
    small = page.style(page.body, align=align)
    stood = page.put_even(
        page.line_of_text(20, 70),
        small,
        page.margin.below(y + (0.9 * page.body if ruled else 0.2 * page.body)),
        "subtitle",
    )
    shift = page.centre(started, page.margin)
    if ruled:
        half = 2.2 * page.body
        middle = page.margin.left + half if align == "left" else (page.margin.left + page.margin.right) / 2
        page.line(middle - half, y + shift, middle + half, y + shift, page.colours.accent, 0.14 * page.body)
    return f"set as a headline with a smaller line below, {side(align)}"


def cover(page: Page) -> str:
    """A book's title page: author above, title in the middle, publisher below."""
    small = page.style(page.body * 1.05, page.voices.slanted, align="centre", letter_spacing=0.0)
    page.put(page.short("person"), small, page.margin, "byline")
    page.put_even(
        page.title(),
        page.style(page.size(60, 96), page.voices.title, pitch=1.2, align="centre"),
        page.margin,
        "title",
        at=0.38,
    )
    page.put(
        page.short("company"),
        page.style(page.body * 0.9, page.voices.strong, align="centre"),
        page.margin,
        "footer",
        at=1.0,
    )
    if chance(page.rng, 0.5):
        page.frame(page.whole.inset(0.035 * page.wish.width, 0.035 * page.wish.height), page.colours.accent, 2)
    return "set as the title page of a book, the author above, the publisher at the foot"


def stacked(page: Page) -> str:
    """Three lines that differ in size and weight, stacked."""
    started = len(page.blocks)
    align = pick(page.rng, ("left", "centre"))
    area = page.margin
    voices = (page.voices.slanted, page.voices.title, page.voices.strong)
    sizes = (page.size(26, 40), page.size(64, 100), page.size(28, 44))
    texts = (page.short("place", "company", "date"), page.title(22), page.line_of_text(10, 34))
    for text, voice, size, role in zip(texts, voices, sizes, ("byline", "title", "subtitle"), strict=True):
        stood = page.put_even(text, page.style(size, voice, pitch=1.18, align=align), area, role)
        area = area.below(stood.bottom + 0.9 * page.body)
    page.centre(started, page.margin)
    return f"stacked in three lines of different size and weight, {side(align)}"


def banner(page: Page) -> str:
    """A line between two rules across the page."""
    style = page.style(page.size(40, 76), strong_or_title(page), pitch=1.25, align="centre")
    stood = page.put_even(page.line_of_text(10, 46), style, page.margin, "title", page.bright(), 0.5)
    width = pick(page.rng, (2, 4, 8))
    for y in (stood.top - 0.9 * style.size, stood.bottom + 0.9 * style.size):
        page.line(page.margin.left, y, page.margin.right, y, page.colours.accent, width)
    return "set between two rules that run across the page"


def labelled(page: Page) -> str:
    """Text on a filled plate in the middle of the page."""
    pale = page.colours.grounds[0]
    style = page.style(page.size(36, 64), strong_or_title(page), pitch=page.tight, align="centre")
    room = page.margin.inset(2 * page.body, 2 * page.body)
    stood = page.put_even(page.line_of_text(10, 50), style, room, "label", pale, 0.5)
    radius = float(page.rng.choice((0, 10, 40)))
    page.panel(stood.inset(-0.8 * style.size, -0.7 * style.size), page.colours.ink, radius)
    return f"set in reverse on a {'rounded ' if radius else ''}plate in the middle of the page"


def subtitle(page: Page) -> str:
    """One or two small lines at the foot, as under a film."""
    style = page.style(page.size(30, 44), pitch=1.35, align="centre")
    page.put_even(page.line_of_text(16, 64), style, page.margin, "caption", page.colours.ink, 1.0)
    return "set small and centred at the foot of an empty page, like a subtitle"


def several(page: Page) -> str:
    """Lines at wide distances, one below the other, each on its own."""
    count = int(page.rng.integers(3, 6))
    style = page.style(page.size(30, 48), align=pick(page.rng, ("left", "centre", "right")))
    wide = int(min(34, 0.92 * page.along(page.margin, style)))
    lines = page.source.lines(page.rng, page.wish.language, count, (4, max(6, wide // (1 if not page.chinese else 2))))
    step = page.margin.height / count
    hairlines = chance(page.rng, 0.5)
    for index, text in enumerate(lines):
        row = page.margin._replace(top=page.margin.top + index * step, bottom=page.margin.top + (index + 1) * step)
        page.put(text, style, row, "line", at=0.5)
        if hairlines and index:
            page.line(row.left, row.top, row.right, row.top, page.colours.soft)
    return f"set as {count} separate lines{' between hairlines' if hairlines else ''}, {side(style.align)}"


def address(page: Page) -> str:
    """A card's small block: name, firm, address on the net, telephone."""
    started = len(page.blocks)
    align = pick(page.rng, ("left", "centre", "right"))
    large = page.style(page.size(44, 64), page.voices.title, pitch=1.2, align=align)
    stood = page.put(page.short("person"), large, page.margin, "title")
    area = page.margin.below(stood.bottom + 0.9 * page.body)
    details = [page.short(kind) for kind in ("company", "place", "email", "phone")]
    page.pour(details, page.style(align=align), [area], "label")
    page.centre(started, page.margin)
    return f"set as the block of a visiting card, a large name above four lines, {side(align)}"


def couplet(page: Page) -> str:
    """Two vertical lines that face each other, and a heading across."""
    size = page.size(52, 80)
    style = page.style(size, page.voices.title, vertical=True, letter_spacing=0.15, align="centre")
    count = max(3, min(9, int(page.margin.height * 0.72 / (1.15 * size))))
    over = page.style(size * 0.8, page.voices.title, align="centre", letter_spacing=0.3)
    stood = page.put(page.source.words(page.rng, "zh", (2, 4)), over, page.margin, "title")
    area = page.margin.below(stood.bottom + size)
    offset = float(page.rng.uniform(0.12, 0.3)) * area.width
    first, second = page.source.lines(page.rng, "zh", 2, (max(2, count - 2), count))
    for text, right in ((first, area.right - offset), (second, area.left + offset + 1.2 * size)):
        page.put(text, style, Rect(right - 1.2 * size, area.top, right, area.bottom), "line", page.bright())
    return "written as two facing vertical lines under a short horizontal heading, like a Chinese couplet"


def upright(page: Page) -> str:
    """A line or two of vertical Chinese in the middle."""
    style = page.style(page.size(46, 76), strong_or_title(page), pitch=1.5, vertical=True, letter_spacing=0.1)
    started = len(page.blocks)
    page.put(page.source.line(page.rng, "zh", (6, 20)), style, page.margin, "line", page.bright())
    page.centre_across(started, page.margin)
    page.centre(started, page.margin)
    return "written vertically in the middle of the page"


def strong_or_title(page: Page) -> Pairing:
    """A face that bears being set large."""
    return pick(page.rng, (page.voices.strong, page.voices.title, page.voices.title, page.voices.body))


def side(align: str) -> str:
    """An alignment in words."""
    return {"left": "flush left", "right": "flush right", "centre": "centred", "justified": "justified"}[align]
