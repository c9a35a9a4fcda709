"""Text that is shown rather than read: quotations, manifestos, paragraphs set large."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.page import Page
from synth.pages.furniture import heading
from synth.rect import Rect

QUOTED = frozenset('“”"「」『』')
"""Text with one of these is a quotation already."""


def quotation(page: Page) -> str:
    """One paragraph in large type between quotation marks, and who said it."""
    started = len(page.blocks)
    align = pick(page.rng, ("left", "centre"))
    page.body = page.size(34, 46)
    area = page.margin.inset(0.04 * page.margin.width, 0.05 * page.margin.height).middle(24 * page.body)
    marks = pick(page.rng, ("「」", "“”")) if page.chinese else "“”"
    style = page.style(pairing=pick(page.rng, (page.voices.body, page.voices.slanted)), align=align)
    room = area._replace(bottom=area.bottom - 3 * page.body)
    (text,) = page.prose([room], style, 1, (0.3, 0.8))
    if not QUOTED & set(text):
        text = f"{marks[0]}{text}{marks[1]}"
    stood = page.put(text, style, room, "quote")
    small = page.style(page.body * 0.66, page.voices.strong, align=align)
    dash = "——" if page.wish.language == "zh" else "— "
    page.put(
        dash + page.short("person"), small, area.below(stood.bottom + 1.2 * page.body), "byline", page.colours.accent
    )
    page.centre(started, page.margin)
    return f"set as a {'centred' if align == 'centre' else 'left-aligned'} quotation with the speaker's name below"


def barred(page: Page) -> str:
    """A quotation beside an upright bar."""
    started = len(page.blocks)
    page.body = page.size(30, 42)
    area = page.margin.middle(26 * page.body)
    inner = area._replace(left=area.left + 1.6 * page.body)
    style = page.style(pairing=pick(page.rng, (page.voices.slanted, page.voices.body)))
    stood = page.pour(page.prose([inner], style, pick(page.rng, (1, 2)), (0.35, 0.8)), style, [inner], "quote")
    shift = page.centre(started, page.margin)
    page.line(area.left, stood.top + shift, area.left, stood.bottom + shift, page.colours.accent, 0.28 * page.body)
    return "set as a block quotation beside a thick coloured bar"


def manifesto(page: Page) -> str:
    """A whole page of large bold type."""
    page.body = page.size(40, 56)
    align = pick(page.rng, ("left", "left", "justified", "centre"))
    style = page.style(
        pairing=pick(page.rng, (page.voices.strong, page.voices.title)),
        pitch=1.5 if page.chinese else 1.25,
        align=align,
    )
    page.pour(
        page.prose([page.margin], style, 1, (0.6, 0.88)),
        style,
        [page.margin],
        "body",
        page.colours.accent if chance(page.rng, 0.4) else None,
    )
    return f"set large and bold over the whole page, {align if align != 'left' else 'flush left'}"


def low(page: Page) -> str:
    """All text at the foot of an empty page."""
    area = page.margin.below(page.margin.top + 0.5 * page.margin.height)
    style = page.style(align=pick(page.rng, ("left", "right")))
    area = (
        area._replace(right=area.left + 0.75 * area.width)
        if style.align == "left"
        else area._replace(left=area.right - 0.75 * area.width)
    )
    started = len(page.blocks)
    area = heading(page, area, (1.6, 2.4), style.align)
    page.pour(page.prose([area], style, 1, (0.5, 0.85)), style, [area])
    page.lower(started, page.margin.bottom)
    return f"set in the lower {style.align} of an otherwise empty page under a title"


def high_and_low(page: Page) -> str:
    """A title at the head, the text at the foot, nothing between."""
    area = heading(page, page.margin, (2.6, 4.0), "left", page.title(22))
    page.line(page.margin.left, area.top, page.margin.right, area.top, page.colours.ink, 2)
    boxes = area.below(area.top + 0.42 * area.height).columns(2, 1.8 * page.body)
    style = page.style(page.body * 0.9)
    texts = page.prose(boxes, style, 2, (0.5, 0.8))
    page.pour(texts, style, boxes, columns=2)
    return "set in two short columns at the foot, far below a large title and a rule"


def ribbon(page: Page) -> str:
    """A filled band across the page with a title in reverse, text below."""
    large = page.style(
        page.body * float(page.rng.uniform(1.7, 2.4)),
        page.voices.title,
        pitch=1.2,
        align=pick(page.rng, ("left", "centre")),
    )
    band = page.whole._replace(bottom=0.26 * page.wish.height)
    inner = Rect(page.margin.left, 1.1 * page.body, page.margin.right, band.bottom - 1.0 * page.body)
    page.panel(band, page.colours.ink)
    page.put_even(page.title(), large, inner, "title", page.colours.grounds[0], 0.5)
    area = page.margin.below(band.bottom + 1.6 * page.body).middle(36 * page.body)
    style = page.style(
        align=pick(page.rng, ("left", "justified")),
        indent=2.0 if page.chinese else 0.0,
        paragraph_gap=0.0 if page.chinese else 0.6,
    )
    page.pour(page.prose([area], style, 2, (0.55, 0.85)), style, [area])
    return "set as two paragraphs below a dark band with the title in reverse"
