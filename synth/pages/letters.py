"""Letters and notes: what one person writes to another, or to oneself."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.page import Page
from synth.pages.furniture import reading
from synth.room import rows_high


def letter(page: Page) -> str:
    """Place and date, a greeting, paragraphs, a name."""
    indent = 2.0 if page.chinese else 0.0
    style = page.style(indent=indent, paragraph_gap=0.0 if page.chinese else 0.6)
    area = reading(page, page.margin, style)
    stood = page.put(page.short("date"), page.style(align=pick(page.rng, ("right", "right", "left"))), area, "date")
    greeting = (
        f"{page.short('person')}："
        if page.wish.language == "zh"
        else f"Dear {page.source.short(page.rng, 'en', 'person')},"
    )
    stood = page.put(greeting, page.style(), area.below(stood.bottom + 1.2 * page.body), "greeting")
    foot = area.bottom - rows_high(2, style)
    text = area._replace(top=stood.bottom + 0.8 * page.body, bottom=foot - 0.8 * page.body)
    stood = page.pour(page.prose([text], style, int(page.rng.integers(1, 4)), (0.6, 0.85)), style, [text])
    signed = page.style(page.body * 1.1, page.voices.slanted, align=pick(page.rng, ("right", "left")))
    page.put(page.short("person"), signed, area.below(stood.bottom + 1.1 * page.body), "signature")
    return "set as a letter with a date, a greeting, and a name at the end"


def notes(page: Page) -> str:
    """Lines one below the other on a pitch that the paper is ruled to."""
    page.pitch = float(page.rng.uniform(1.6, 1.9))
    style = page.style()
    area = reading(page, page.margin, style)
    page.pour(page.prose([area], style, int(page.rng.integers(1, 4)), (0.6, 0.88)), style, [area])
    page.ruled()
    return (
        "written as notes, flush left on the lines"
        if page.voices.kind == "handwriting"
        else "set flush left on the lines"
    )


def memo(page: Page) -> str:
    """Labelled lines at the head, a rule, paragraphs."""
    area = reading(page, page.margin, page.style())
    bold, plain = page.style(pairing=page.voices.strong), page.style()
    wide = 5.5 * page.body
    y = area.top
    labels = ("收件人", "发件人", "日期") if page.wish.language == "zh" else ("To", "From", "Date")
    for label, kind in zip(labels, ("person", "company", "date"), strict=True):
        page.put(label, bold, area.below(y)._replace(right=area.left + wide), "label")
        page.put(page.short(kind), plain, area.below(y)._replace(left=area.left + wide), "label")
        y += max(1.5, page.pitch) * page.body
    y += 0.7 * page.body
    page.line(area.left, y, area.right, y, page.colours.ink, 1.5)
    text = area.below(y + 1.0 * page.body)
    style = page.style(paragraph_gap=0.6, indent=2.0 if page.chinese else 0.0)
    page.pour(page.prose([text], style, 2, (0.6, 0.85)), style, [text])
    return "set as an office memo with labelled lines above a rule"


def framed(page: Page) -> str:
    """A centred text in the middle of a frame, as on an invitation."""
    inset = 0.06 * min(page.wish.width, page.wish.height)
    outer = page.whole.inset(inset, inset)
    page.frame(outer, page.colours.accent, 2.5, float(page.rng.choice((0, 0, 24))))
    if chance(page.rng, 0.6):
        page.frame(outer.inset(9, 9), page.colours.accent, 1)
    area = outer.inset(0.12 * outer.width, 0.1 * outer.height).middle(30 * page.body)
    large = page.style(page.body * float(page.rng.uniform(1.5, 2.1)), page.voices.title, pitch=1.25, align="centre")
    text = page.style(pitch=page.pitch * 1.05, align="centre", paragraph_gap=0.8)
    started = len(page.blocks)
    stood = page.put_even(page.title(), large, area)
    rest = area.below(stood.bottom + 1.4 * page.body)
    page.pour(page.prose([rest], text, int(page.rng.integers(1, 3)), (0.4, 0.75)), text, [rest])
    page.centre(started, area)
    return "centred inside a thin frame, like an invitation"
