"""Enumerations: numbered and bulleted lists, questions and answers, steps, texts side by side."""

from __future__ import annotations

from synth.chance import pick
from synth.layout import Style
from synth.page import Page
from synth.pages.furniture import heading
from synth.rect import Rect

CHINESE = "一二三四五六七八九十"


class Stack:
    """Places one below the other in `area`, `gap` px between the texts that are set in them.

    `count` is how many there are of about `lines` lines each; `room` what one should fill.
    """

    def __init__(self, page: Page, area: Rect, lines: float, most: int, gap: float):
        self.page, self.area, self.gap = page, area, gap
        self.count = max(2, min(most, int(area.height / (lines * page.pitch * page.body))))
        self.room = area._replace(bottom=area.top + (area.height + gap) / self.count - gap)

    def below(self) -> Rect:
        """The next place, reaching to the area's foot."""
        bottoms = [block.layout.bounds[3] for block in self.page.blocks if block.layout.y >= self.area.top]
        return self.area.below(max(bottoms) + self.gap) if bottoms else self.area

    def texts(self, style: Style, left: float = 0, top: float = 0) -> list[str]:
        """A paragraph for each place, less `left` and `top` px of its room."""
        room = Rect(self.room.left + left, self.room.top + top, self.room.right, self.room.bottom)
        return self.page.passages(room, style, self.count)


def numbered(page: Page) -> str:
    """A title and points with numbers that hang in the margin."""
    return items(page, "numbered")


def bulleted(page: Page) -> str:
    """A title and points with bullets that hang in the margin."""
    return items(page, "bulleted")


def items(page: Page, kind: str) -> str:
    """As many points as the page takes, each of some lines."""
    area = heading(page, page.margin.middle(38 * page.body), (1.6, 2.3), "left")
    stack = Stack(page, area, 3.4, 7, float(page.rng.uniform(0.4, 0.9)) * page.body)
    bullet = pick(page.rng, ("•", "–", "·"))
    style, mark = page.style(), page.style(pairing=page.voices.strong)
    hang = (2.2 if kind == "numbered" else 1.2) * page.body
    for index, text in enumerate(stack.texts(style, hang)):
        box = stack.below()
        page.put(number(page, index) if kind == "numbered" else bullet, mark, box, "marker", page.colours.accent)
        page.pour([text], style, [box._replace(left=box.left + hang)], "item")
    return f"set as a {kind} list of {stack.count} points under a title"


def number(page: Page, index: int) -> str:
    """The number of a point as its language writes it."""
    return f"{CHINESE[index]}、" if page.wish.language == "zh" else f"{index + 1}."


def questions(page: Page) -> str:
    """Pairs of a bold line and a paragraph, as in an interview."""
    stack = Stack(page, page.margin.middle(36 * page.body), 6, 4, 1.1 * page.body)
    bold, style = page.style(pairing=page.voices.strong, pitch=1.35), page.style()
    for text in stack.texts(style, 0, 1.1 * page.body + page.breath):
        box = stack.below()
        stood = page.put(page.line_of_text(16, 44), bold, box, "question", page.colours.accent)
        page.pour([text], style, [box.below(stood.bottom + page.breath)])
    return f"set as an interview, {stack.count} bold coloured lines each followed by a paragraph"


def dictionary(page: Page) -> str:
    """Entries, each a bold headword above its explanation."""
    stack = Stack(page, page.margin.middle(36 * page.body), 5, 5, 1.1 * page.body)
    style, word = page.style(), page.style(page.body * 1.15, page.voices.strong, pitch=1.3)
    indent = float(page.rng.uniform(0.8, 2)) * page.body
    for text in stack.texts(style, indent, 1.2 * page.body + page.breath):
        box = stack.below()
        stood = page.put(page.word(), word, box, "title")
        page.pour([text], style, [box.below(stood.bottom + page.breath)._replace(left=box.left + indent)])
    return f"set as {stack.count} dictionary entries, bold headwords above indented explanations"


def margin_headings(page: Page) -> str:
    """Text beside a wide margin in which small headings stand."""
    stack = Stack(page, page.margin, 5, 5, 1.2 * page.body)
    style = page.style(align=pick(page.rng, ("left", "justified")))
    wide = float(page.rng.uniform(0.24, 0.3)) * page.margin.width
    small = page.style(page.body * 0.86, page.voices.strong, pitch=1.25, align=pick(page.rng, ("left", "right")))
    for text in stack.texts(style, wide):
        box = stack.below()
        head = box._replace(right=box.left + wide - page.body, top=box.top + 0.12 * page.body)
        page.put_even(page.title(20), small, head, "title")
        page.pour([text], style, [box._replace(left=box.left + wide)])
    return f"set in {stack.count} paragraphs with small headings in the left margin"


def steps(page: Page) -> str:
    """Large numerals on the left, a heading and a text beside each, hairlines between."""
    stack = Stack(page, page.margin, 5.5, 4, 2.2 * page.body)
    large, style = page.style(page.body * 2.3, page.voices.title, pitch=1.1), page.style()
    bold, wide = page.style(page.body * 1.1, page.voices.strong, pitch=1.3), 3.6 * page.body
    for index, text in enumerate(stack.texts(style, wide, 1.2 * page.body + page.breath)):
        box = stack.below()
        if index:
            y = box.top - stack.gap / 2
            page.line(box.left, y, box.right, y, page.colours.soft)
        page.put(str(index + 1), large, box, "marker", page.colours.accent)
        beside = box._replace(left=box.left + wide)
        stood = page.put_even(page.title(24), bold, beside, "title", page.colours.ink)
        page.pour([text], style, [beside.below(stood.bottom + page.breath)])
    return f"set as {stack.count} steps with large numerals on the left and hairlines between them"


def quarters(page: Page) -> str:
    """Four short texts in the quarters of the page, each under its own heading."""
    gap = 1.8 * page.body
    style, head = page.style(page.body * 0.92), page.style(page.body * 1.05, page.voices.strong, pitch=1.3)
    half = (page.margin.height - gap) / 2
    tops = (page.margin.top, page.margin.top + half + gap)
    rows = [Rect(page.margin.left, top, page.margin.right, top + half).columns(2, gap) for top in tops]
    cells = [cell for row in rows for cell in row]
    texts = page.passages(cells[0].below(cells[0].top + 2.6 * page.body + page.breath), style, 4, (0.5, 0.85))
    for cell, text in zip(cells, texts, strict=True):
        page.line(cell.left, cell.top, cell.right, cell.top, page.colours.accent, 3)
        below = cell.below(cell.top + 0.7 * page.body)
        stood = page.put_even(page.title(20), head, below, "title", page.colours.ink)
        page.pour([text], style, [cell.below(stood.bottom + page.breath)])
    return "set as four short texts in the quarters of the page, each under a rule and a heading"
