"""Verse: short lines, centred or flush, and vertical Chinese."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.layout import Style
from synth.page import Page
from synth.rect import Rect
from synth.room import rows_high

STANZA = 4
"""Lines of a stanza."""


def poem(page: Page) -> str:
    """A title and lines that are not filled, in stanzas."""
    page.body = page.size(34, 52) if page.chinese else page.size(28, 42)
    page.pitch = float(page.rng.uniform(1.5, 1.9))
    align = pick(page.rng, ("centre", "left"))
    started = len(page.blocks)
    large = page.style(page.body * 1.5, page.voices.title, pitch=1.25, align=align)
    area = page.margin.inset(0.06 * page.margin.width, 0.03 * page.margin.height)
    stood = page.put_even(page.title(24), large, area)
    style = page.style(align=align, pairing=pick(page.rng, (page.voices.body, page.voices.slanted)))
    stanzas(page, style, [area.below(stood.bottom + 1.3 * page.body)])
    page.centre(started, page.margin)
    return f"set as a poem in short {'centred' if align == 'centre' else 'flush-left'} lines under its title"


def vertical_poem(page: Page) -> str:
    """Columns from right to left, the title first, a name last."""
    page.body = page.size(36, 54)
    pitch = float(page.rng.uniform(1.6, 2.1))
    area = page.margin
    verse = page.style(pitch=pitch, vertical=True, letter_spacing=float(page.rng.uniform(0.02, 0.18)))
    large = page.style(page.body * 1.3, page.voices.title, pitch=1.4, vertical=True)
    per_line = min(12, int(page.along(area, verse)) - 1)
    started = len(page.blocks)
    stood = page.put(page.title(min(10, per_line)), large, area)
    rest = area._replace(right=stood.left - 0.9 * page.body)
    most = int(rest.width / (pitch * page.body)) - 2
    count = max(2, min(most, int(page.rng.integers(5, 9))))
    lines = page.source.lines(page.rng, "zh", count, (min(5, per_line), per_line))
    stood = page.pour(list(lines), verse, [rest], "verse")
    page.ruled()
    small = page.style(page.body * 0.72, vertical=True)
    foot = Rect(area.left, area.top + 0.45 * area.height, stood.left - 0.9 * page.body, area.bottom)
    page.put(page.short("person"), small, foot, "byline")
    page.centre_across(started, area)
    return "written in vertical columns from right to left, the title first"


def vertical_page(page: Page) -> str:
    """A whole page of vertical prose, as in a thread-bound book."""
    page.pitch = float(page.rng.uniform(1.55, 1.8))
    style = page.style(page.size(30, 44), vertical=True, indent=pick(page.rng, (0.0, 2.0)))
    pitch = style.pitch * style.size
    area = page.margin.inset(0.02 * page.margin.width, 0.02 * page.margin.height)
    count = int(area.width / pitch)
    spare = (area.width - count * pitch) / 2
    area = area.inset(spare + (pitch - style.size) / 2, 0)
    page.pour(page.prose([area], style, int(page.rng.integers(1, 3)), (0.75, 0.93)), style, [area])
    page.ruled()
    page.centre_across(0, page.margin)
    return "set as vertical columns read from right to left, like a page of a thread-bound book"


def song(page: Page) -> str:
    """Stanzas side by side in two columns."""
    page.body = page.size(24, 32)
    align = "left"
    large = page.style(page.body * 1.7, page.voices.title, pitch=1.2, align=pick(page.rng, ("left", "centre")))
    stood = page.put_even(page.title(30), large, page.margin)
    style = page.style(align=align, pairing=page.voices.slanted if chance(page.rng, 0.4) else page.voices.body)
    stanzas(page, style, page.margin.below(stood.bottom + 1.5 * page.body).columns(2, 2.2 * page.body))
    return "set as the stanzas of a song in two columns"


def stanzas(page: Page, style: Style, boxes: list[Rect]) -> None:
    """One to three stanzas of four lines in each box."""
    gap = 1.35 * page.body
    deep = rows_high(STANZA, style)
    each = max(1, min(3, int((boxes[0].height + gap) / (deep + gap))))
    verses, stood = page.verses(boxes[0], style, STANZA * each * len(boxes)), boxes[0]
    for index in range(each * len(boxes)):
        box = boxes[index // each]
        if index % each:
            box = box.below(stood.bottom + gap)
        stood = page.pour(verses[STANZA * index : STANZA * (index + 1)], style, [box], "verse")
