"""A word or two, large."""

from __future__ import annotations

from synth.chance import chance, pick
from synth.layout import Style
from synth.page import Page
from synth.pages.lines import strong_or_title
from synth.rect import Rect


def sizes(page: Page, text: str) -> tuple[float, float]:
    """Least and most size in pixels of a word that has the page to itself."""
    return 40 * page.unit, float(page.rng.uniform(90, 300 if len(text) < 4 else 210)) * page.unit


def alone(page: Page) -> str:
    """In the middle."""
    text = page.word()
    page.put_fitted(text, one(page), page.margin, sizes(page, text), "word", page.bright(), 0.5)
    return "alone in the middle of the page"


def huge(page: Page) -> str:
    """As large as the page is wide."""
    text = page.word()
    page.put_fitted(
        text,
        one(page),
        page.margin.inset(-0.3 * page.margin.left, 0),
        (60 * page.unit, 620 * page.unit),
        "word",
        page.bright(),
        0.5,
    )
    return "as large as the page allows"


def small(page: Page) -> str:
    """As large as the page is wide, in a clear colour: for pictures that have room for a word and nothing else."""
    edge = 0.06 * min(page.wish.width, page.wish.height)
    box, most = page.whole.inset(edge, edge), float(page.wish.height)
    page.put_fitted(page.word(), one(page), box, (60 * page.unit, most), "word", page.colours.accent, 0.5)
    return "as large as the page allows"


def cornered(page: Page) -> str:
    """In a corner."""
    text = page.word()
    align, at = pick(page.rng, ("left", "right")), pick(page.rng, (0.0, 1.0))
    style = one(page, align=align)
    page.put_fitted(
        text,
        style,
        page.margin,
        (40 * page.unit, float(page.rng.uniform(60, 130)) * page.unit),
        "word",
        page.bright(),
        at,
    )
    return f"in the {'lower' if at else 'upper'} {align} corner of an empty page"


def underlined(page: Page) -> str:
    """With a thick line below."""
    text = page.word()
    stood = page.put_fitted(text, one(page), page.margin, sizes(page, text), "word", None, 0.5)
    height = stood.height
    y, reach = stood.bottom + 0.28 * height, float(page.rng.uniform(0, 0.1)) * stood.width
    page.line(stood.left - reach, y, stood.right + reach, y, page.colours.accent, max(3.0, 0.06 * height))
    return "in the middle with a thick coloured line below"


def boxed(page: Page) -> str:
    """In a frame."""
    text = page.word()
    stood = page.put_fitted(
        text,
        one(page),
        page.margin.inset(0.1 * page.margin.width, 0.15 * page.margin.height),
        sizes(page, text),
        "word",
        page.bright(),
        0.5,
    )
    pad = 0.45 * stood.height
    page.frame(
        stood.inset(-pad, -0.8 * pad),
        page.colours.accent,
        max(2.0, 0.05 * stood.height),
        float(page.rng.choice((0, 0, 0.4))) * stood.height,
    )
    return "in the middle inside a frame"


def plate(page: Page) -> str:
    """In reverse on a filled rectangle."""
    text = page.word()
    room = page.margin.inset(0.1 * page.margin.width, 0.15 * page.margin.height)
    stood = page.put_fitted(text, one(page), room, sizes(page, text), "word", page.colours.grounds[0], 0.5)
    pad = 0.5 * stood.height
    page.panel(stood.inset(-pad, -0.8 * pad), page.colours.ink, float(page.rng.choice((0, 0.3, 1))) * stood.height)
    return "in reverse on a filled plate"


def disc(page: Page) -> str:
    """In reverse on a filled circle."""
    text = page.word()
    middle = ((page.margin.left + page.margin.right) / 2, (page.margin.top + page.margin.bottom) / 2)
    radius = min(page.margin.width, page.margin.height) / 2
    room = Rect(
        middle[0] - 0.82 * radius, middle[1] - 0.5 * radius, middle[0] + 0.82 * radius, middle[1] + 0.5 * radius
    )
    page.put_fitted(text, one(page), room, (30 * page.unit, 240 * page.unit), "word", page.colours.grounds[0], 0.5)
    page.panel(
        Rect(middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius), page.colours.ink, radius
    )
    return "in reverse on a large filled circle"


def tracked(page: Page) -> str:
    """With wide letter spacing."""
    text = page.word()
    style = one(page, letter_spacing=float(page.rng.uniform(0.15, 0.5)))
    page.put_fitted(text, style, page.margin, (36 * page.unit, 120 * page.unit), "word", page.bright(), 0.5)
    return "widely letter-spaced in the middle of the page"


def pair(page: Page) -> str:
    """Two words, one above the other, in two colours."""
    upper, lower = page.margin._replace(bottom=page.whole.bottom / 2), page.margin.below(page.whole.bottom / 2)
    for box, colour, at in ((upper, page.colours.ink, 0.78), (lower, page.colours.accent, 0.22)):
        text = page.word()
        page.put_fitted(text, one(page), box, (40 * page.unit, 170 * page.unit), "word", colour, at)
    return "one above the other in two colours"


def four(page: Page) -> str:
    """Four words in the quarters of the page, parted by a cross."""
    across, down = page.whole.right / 2, page.whole.bottom / 2
    for top in (0.0, down):
        for left in (0.0, across):
            box = Rect(left, top, left + across, top + down).inset(0.09 * across, 0.12 * down)
            page.put_fitted(page.word(), one(page), box, (32 * page.unit, 120 * page.unit), "word", at=0.5)
    page.line(across, page.margin.top, across, page.margin.bottom, page.colours.accent, 2)
    page.line(page.margin.left, down, page.margin.right, down, page.colours.accent, 2)
    return "in the four quarters of the page, parted by thin lines"


def captioned(page: Page) -> str:
    """Large, with a small label below."""
    started = len(page.blocks)
    text = page.word()
    stood = page.put_fitted(
        text,
        one(page),
        page.margin._replace(bottom=page.margin.top + 0.7 * page.margin.height),
        sizes(page, text),
        "word",
        page.bright(),
    )
    small = page.style(page.body * 1.05, page.voices.slanted, align="centre")
    page.put(
        page.short("label", "date", "place", "category"),
        small,
        page.margin.below(stood.bottom + 0.25 * page.blocks[-1].layout.style.size + 0.3 * page.body),
        "caption",
    )
    page.centre(started, page.margin)
    return "large in the middle with a small label below"


def upright(page: Page) -> str:
    """Characters one below the other."""
    text = page.source.words(page.rng, "zh", (2, 5))
    style = one(page, vertical=True, letter_spacing=0.12)
    started = len(page.blocks)
    page.put_fitted(text, style, page.margin, (50 * page.unit, 190 * page.unit), "word", page.bright())
    page.centre_across(started, page.margin)
    page.centre(started, page.margin)
    return "written vertically in the middle of the page"


def one(page: Page, **settings: object) -> Style:
    """The style of a large word."""
    settings = {"pitch": 1.2, "align": "centre", **settings}
    return page.style(100, strong_or_title(page) if chance(page.rng, 0.8) else page.voices.slanted, **settings)
