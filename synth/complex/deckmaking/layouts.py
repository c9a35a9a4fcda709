"""The layouts: what stands on a slide, whatever its theme and shape."""

from __future__ import annotations

from collections.abc import Callable

from synth.complex.deckmaking.looks import LEAD, SMALL, Look, recolour
from synth.complex.deckmaking.page import Box, Font, Page

BODY, LABEL, HEADING = Font(20, spacing=118), Font(17, spacing=108), Font(22, bold=True, heading=True)
QUOTE, FIGURE, MARK = (
    Font(30, heading=True, spacing=125),
    Font(40, "accent1", True, True),
    Font(58, "accent1", True, True),
)

SENTENCE = "A sentence that says something about the matter"
TEXT = f"{SENTENCE}. " * 4


def _title(page: Page, look: Look, blank: bytes) -> None:
    look.cover(page)


def _section(page: Page, look: Look, blank: bytes) -> None:
    look.section(page)


def _bullets(page: Page, look: Look, blank: bytes) -> None:
    box = look.plain(page)
    page.text(
        "{{bullets}}", box, Font(28, spacing=115), [SENTENCE] * (6 if page.h > 900 else 5), bullet=look.bullet, gap=22
    )


def _agenda(page: Page, look: Look, blank: bytes) -> None:
    """Numbered lines, a rule under each."""
    box = look.plain(page)
    count = 5 if page.h > 650 else 4
    for index, row in enumerate(box.rows(count, 14)):
        number, line = row.left(76, 18)
        page.text(
            "Number", number, recolour(Font(30, bold=True, heading=True), "accent1"), [f"{index + 1:02d}"], anchor="ctr"
        )
        page.text("{{heading}}", line, Font(22), ["A point on the agenda"], anchor="ctr")
        if index < count - 1:
            page.shape("RECTANGLE", Box(box.x, row.y + row.h + 6, box.w, 1.5), "tx1:18")


def _columns(page: Page, look: Look, blank: bytes) -> None:
    box = look.plain(page)
    parts = box.columns(2, 40) if page.wide else box.rows(2, 32)
    for part in parts:
        heading, text = part.top(44, 12)
        page.text("{{heading}}", heading, recolour(HEADING, "accent1"), ["A heading"], anchor="b")
        page.text("{{body}}", text, BODY, [TEXT])


def _article(page: Page, look: Look, blank: bytes) -> None:
    """Paragraphs over the whole slide."""
    page.text("{{body}}", look.plain(page), Font(23, spacing=122), [TEXT, TEXT], gap=14)


def _poster(page: Page, look: Look, blank: bytes) -> None:
    """A picture over the whole slide, a panel with the title on it."""
    page.picture("{{picture}}", Box(0, 0, page.w, page.h), blank)
    foot = page.h * (0.34 if page.wide else 0.3)
    panel = Box(0, page.h - foot, page.w, foot)
    page.shape("RECTANGLE", panel, "bg1")
    page.shape("RECTANGLE", Box(0, panel.y - 8, page.w, 8), "accent1")
    title, rest = panel.inset(page.w * 0.06, 26).top(foot * 0.5, 10)
    page.text(
        "{{title}}", title, Font(34, "tx1", True, True), ["The title of this slide"], align=look.align, anchor="ctr"
    )
    page.text("{{subtitle}}", rest, recolour(LEAD, "tx2"), ["What it is about"], align=look.align)


def _figures(page: Page, look: Look, blank: bytes) -> None:
    """Four figures with a word below each, no more."""
    box = look.plain(page)
    grid = [part for row in box.rows(2, 28) for part in row.columns(2, 28)]
    for index, part in enumerate(grid):
        inner = look.card(page, part, index)
        value, label = inner.middle(min(inner.h, 150)).top(88, 6)
        page.text("{{figure}}", value, Font(46, "tx1", True, True), ["128"], align=look.align, anchor="b")
        page.text("{{label}}", label, Font(18, "tx1"), ["What is counted"], align=look.align)


def _picture(page: Page, look: Look, blank: bytes) -> None:
    box = look.plain(page)
    image, words = box.left(box.w * 0.47, 40) if page.wide else box.top(box.h * 0.46, 30)
    image, caption = image.top(image.h - 46, 10)
    page.picture("{{picture}}", image, blank, look.picture)
    page.text("{{caption}}", caption, SMALL, ["What the picture shows"], anchor="t")
    page.text("{{body}}", words, BODY, [TEXT])


def _gallery(page: Page, look: Look, blank: bytes) -> None:
    """Three pictures in a row, or two above each other, each with a name and a line."""
    box = look.plain(page)
    parts = box.columns(3, 30) if page.wide else box.rows(2, 30)
    for part in parts:
        image, words = part.top(part.h * 0.6, 14) if page.wide else part.left(part.w * 0.5, 28)
        page.picture("{{picture}}", image, blank, look.picture)
        heading, text = words.top(40, 8)
        page.text("{{heading}}", heading, recolour(HEADING, "accent1"), ["A heading"])
        page.text("{{line}}", text, LABEL if page.wide else BODY, [SENTENCE])


def _table(page: Page, look: Look, blank: bytes) -> None:
    box = look.plain(page)
    main, foot = box.top(box.h - 52, 12)
    rows = 7 if page.h > page.w else 6
    page.table("{{table}}", main.top(min(main.h, rows * 84))[0], rows, 4, Font(18), look.table)
    page.text("{{caption}}", foot, SMALL, ["Where the figures are from"], anchor="b")


def _chart(page: Page, look: Look, blank: bytes) -> None:
    page.chart("{{chart}}", look.plain(page), "COLUMN_CLUSTERED", 2, 17)


def _bars(page: Page, look: Look, blank: bytes) -> None:
    """A bar chart of one series, beside or above what it means."""
    box = look.plain(page)
    chart, words = box.left(box.w * 0.6, 36) if page.wide else box.top(box.h * 0.58, 28)
    page.chart("{{chart}}", chart, "BAR_CLUSTERED", 1, 16)
    inner = look.card(page, words, 1)
    heading, text = inner.top(36, 12)
    page.text("{{heading}}", heading, recolour(HEADING, "accent1"), ["A heading"])
    page.text("{{bullets}}", text, Font(18, spacing=112), [SENTENCE] * 3, bullet=look.bullet, gap=10)


def _trend(page: Page, look: Look, blank: bytes) -> None:
    """A line chart under three figures."""
    box = look.plain(page)
    figures, chart = box.top(112, 22)
    for part in figures.columns(3, 20):
        value, label = part.top(66, 6)
        page.text("{{figure}}", value, recolour(FIGURE, "accent1"), ["128"], anchor="b")
        page.text("{{label}}", label, Font(17, "tx2"), ["What is counted"])
    page.chart("{{chart}}", chart, "LINE_MARKERS", 2, 16)


def _share(page: Page, look: Look, blank: bytes) -> None:
    """A ring chart beside text."""
    box = look.plain(page)
    chart, words = box.left(box.w * 0.5, 40) if page.wide else box.top(box.h * 0.55, 24)
    page.chart("{{chart}}", chart, "DOUGHNUT", 1, 15)
    middle = words.middle(min(words.h, 330)) if page.wide else words
    page.text("{{bullets}}", middle, Font(20, spacing=114), [SENTENCE] * 4, bullet=look.bullet, gap=14, anchor="ctr")


def _quote(page: Page, look: Look, blank: bytes) -> None:
    box = Box(0, 0, page.w, page.h).inset(page.w * 0.11, page.h * 0.12)
    inner = look.card(page, box, 0)
    mark, rest = inner.top(96)
    page.text("Quotation mark", mark, MARK, ["“"], align=look.align, anchor="t")
    words, foot = rest.top(rest.h - 70, 20)
    page.text("{{quote}}", words, QUOTE, [TEXT], align=look.align, anchor="ctr")
    page.text("{{name}}", foot, recolour(LEAD, "tx1"), ["Name of the author"], align=look.align, anchor="ctr")


def _process(page: Page, look: Look, blank: bytes) -> None:
    """Four steps: arrows in a row with text below, or rows of arrows with text beside."""
    box = look.plain(page)
    if page.wide:
        for index, part in enumerate(box.columns(4, 16)):
            arrow, words = part.top(100, 22)
            _step(page, arrow, index)
            heading, text = look.card(page, words, index).top(62, 10)
            page.text("{{heading}}", heading, HEADING, ["A step"], anchor="t")
            page.text("{{line}}", text, LABEL, [SENTENCE])
        return
    for index, part in enumerate(box.rows(4, 24)):
        arrow, words = part.left(148, 26)
        _step(page, arrow.middle(min(arrow.h, 96)), index)
        heading, text = words.middle(min(words.h, 150)).top(44, 6)
        page.text("{{heading}}", heading, HEADING, ["A step"], anchor="b")
        page.text("{{line}}", text, BODY, [SENTENCE])


def _step(page: Page, box: Box, index: int) -> None:
    page.shape("PENTAGON", box, "accent1" if index % 2 == 0 else "tx2")
    inner = box.left(box.w * 0.8)[0]
    page.text("Number", inner, Font(30, "bg1", True, True), [str(index + 1)], align="ctr", anchor="ctr")


def _timeline(page: Page, look: Look, blank: bytes) -> None:
    box = look.plain(page)
    if page.wide:
        axis = box.y + 84
        page.shape("RECTANGLE", Box(box.x, axis - 2, box.w, 4), "accent1:60")
        for index, part in enumerate(box.columns(4, 24)):
            page.disc(part.x + 13, axis, 13, f"accent{index % 3 + 1}", "bg1")
            page.text(
                "{{date}}",
                Box(part.x, axis - 74, part.w, 48),
                recolour(Font(28, bold=True, heading=True), "accent1"),
                ["2020"],
                anchor="b",
            )
            card = look.card(page, Box(part.x, axis + 36, part.w, box.y + box.h - axis - 36), index)
            heading, text = card.top(62, 10)
            page.text("{{heading}}", heading, HEADING, ["An event"], anchor="t")
            page.text("{{line}}", text, LABEL, [SENTENCE])
        return
    axis = box.x + 170
    page.shape("RECTANGLE", Box(axis - 2, box.y, 4, box.h), "accent1:60")
    for index, part in enumerate(box.rows(4, 20)):
        centre = part.y + part.h / 2
        page.disc(axis, centre, 13, f"accent{index % 3 + 1}", "bg1")
        page.text(
            "{{date}}",
            Box(box.x, centre - 24, 144, 48),
            recolour(HEADING, "accent1"),
            ["2020"],
            align="r",
            anchor="ctr",
        )
        heading, text = Box(axis + 34, part.y, box.w - 204, part.h).middle(min(part.h, 150)).top(44, 6)
        page.text("{{heading}}", heading, HEADING, ["An event"], anchor="b")
        page.text("{{line}}", text, BODY, [SENTENCE])


def _numbers(page: Page, look: Look, blank: bytes) -> None:
    """Figures on cards."""
    box = look.plain(page)
    parts = box.middle(min(box.h, 400)).columns(3, 26) if page.wide else box.rows(3, 26)
    for index, part in enumerate(parts):
        inner = look.card(page, part, index)
        value, words = inner.top(min(84.0, inner.h * 0.5), 8)
        page.text("{{figure}}", value, Font(54, "tx1", True, True), ["128"], anchor="ctr")
        label, line = words.top(40, 8)
        page.text("{{label}}", label, Font(20, "tx1", True), ["What is counted"])
        page.text("{{line}}", line, Font(17, "tx1"), [SENTENCE])


def _big_number(page: Page, look: Look, blank: bytes) -> None:
    box = Box(0, 0, page.w, page.h).inset(page.w * 0.1, page.h * 0.12)
    inner = look.card(page, box, 0).middle(min(box.h * 0.8, 420))
    value, words = inner.top(190, 16)
    page.text("{{figure}}", value, Font(104, "tx1", True, True), ["97"], align="ctr", anchor="b")
    heading, line = words.top(56, 12)
    page.text("{{heading}}", heading, Font(26, "tx1", True, True), ["What is counted"], align="ctr", anchor="ctr")
    page.text("{{line}}", line.inset(30, 0), Font(20, "tx1"), [SENTENCE], align="ctr")


def _cards(page: Page, look: Look, blank: bytes) -> None:
    """Cards with a heading and a text: two by two, or three in a row on a wide slide."""
    box = look.plain(page)
    parts = box.columns(3, 24) if page.wide else [part for row in box.rows(2, 24) for part in row.columns(2, 24)]
    for index, part in enumerate(parts):
        heading, text = look.card(page, part, index).top(66, 10)
        page.text("{{heading}}", heading, recolour(HEADING, "tx1"), ["A heading"], anchor="t")
        page.text("{{body}}", text, Font(18, spacing=114), [SENTENCE])


LAYOUTS: dict[str, Callable[[Page, Look, bytes], None]] = {
    "title": _title,
    "section": _section,
    "agenda": _agenda,
    "bullets": _bullets,
    "two columns": _columns,
    "article": _article,
    "full picture": _poster,
    "picture and text": _picture,
    "picture gallery": _gallery,
    "table": _table,
    "column chart": _chart,
    "bar chart and notes": _bars,
    "line chart and figures": _trend,
    "ring chart and notes": _share,
    "quote": _quote,
    "process": _process,
    "timeline": _timeline,
    "key figures": _numbers,
    "four figures": _figures,
    "big number": _big_number,
    "cards": _cards,
}
"""Layouts by the name that goes into the slide (`p:cSld name`)."""
