"""One text of a template: chosen, measured, and laid out where the layout engine puts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from synth.complex.flex import SLACK, Rect
from synth.sample import Discarded, Line
from synth.text import Layout, Style, lay_out, sample_lines

STEP = 0.92
"""Ratio of one size to the next larger one that is tried."""

LEAST_LAST = 0.4
"""Width of a display text's last line as a part of its widest; a smaller size is tried where it is less."""

DISPLAY_LINES = 3
"""More lines than this are running text, whose last line may be short."""

UNBOUNDED = 1e6
"""Pixels; a width that no line reaches."""

CENTRE = 0.36
"""Height in em above the baseline that looks like the middle of a line, of Latin capitals as of ideographs."""

Asker = Callable[[int | None], tuple[str, str]]
"""Chooses a text, of at most so many characters if a number is given, and says its language."""


@dataclass(eq=False)
class Words:
    """A text in a box. `style`: as asked for, sizes in pixels; `lines`: how many it may take at most. With `largest`,
    the size in pixels is what the width allows from that of `style` up to `largest`. Texts
    whose `same` is the same name say the same.

    `outline`: width in em of a line round the letters that stands for bold. `colour` is a role of the theme. Raises
    Discarded("missing glyph", …) as soon as a text that no face draws is measured.
    """

    ask: Asker
    style: Callable[[str], tuple[Style, float]]
    lines: int
    role: str
    colour: str
    upper: bool = False
    largest: float = 0.0
    same: str = ""
    text: str = ""
    language: str = ""
    seen: dict[tuple[float, float], Layout | None] = field(default_factory=dict, repr=False)
    _dressed: tuple[Style, float] = field(init=False, repr=False)

    def choose(self, limit: int | None = None) -> None:
        """Takes another text, of at most `limit` characters."""
        text, self.language = self.ask(limit)
        self.take(text)

    def repeat(self, other: Words) -> None:
        """Takes the text of `other`."""
        self.language = other.language
        self.take(other.text)

    def take(self, text: str) -> None:
        self.text = text.upper() if self.upper else text
        self._dressed = self.style(self.language)
        self.seen.clear()

    @property
    def set_in(self) -> Style:
        return self._dressed[0]

    @property
    def outline(self) -> float:
        return self._dressed[1]

    def measure(self, offered: float) -> tuple[float, float]:
        """Width and height in pixels of the text within `offered` pixels of width."""
        layout = self.laid(offered)
        if layout is None:  # a word longer than the line; `fits` will say no
            style = self.set_in
            return offered, style.size * style.pitch
        left, top, right, bottom = layout.bounds
        if layout.style.vertical:
            return right - left, bottom - top
        return right - left, max(bottom - top, layout.style.size * layout.style.pitch * len(layout.lines))

    def laid(self, offered: float) -> Layout | None:
        """The text in `offered` pixels of width; None if a word is longer. One line is never laid out twice."""
        single = self._at(UNBOUNDED, self.set_in.size)
        if single is None or self.set_in.vertical:
            return single
        if self.largest > self.set_in.size:
            return self._grown(offered, single.bounds[2] - single.bounds[0])
        if single.bounds[2] - single.bounds[0] <= offered + SLACK:
            return single
        return self._at(offered, self.set_in.size)

    def _grown(self, offered: float, width: float) -> Layout | None:
        """The text as large as it may be; `width`: of one line at the least size."""
        least = self.set_in.size
        if self.lines == 1:
            size = min(self.largest, max(least, 0.995 * least * offered / max(width, 1)))
            return self._at(UNBOUNDED, size) if size > least else self._at(offered, least)
        size = self.largest
        while size > least:
            layout = self._at(offered, size)
            if layout is not None and len(layout.lines) <= self.lines and _balanced(layout):
                return layout
            size *= STEP
        return self._at(offered, least)

    def _at(self, width: float, size: float) -> Layout | None:
        key = (width, size)
        if key not in self.seen:
            self.seen[key] = self._lay_out(width, size)
        return self.seen[key]

    def _lay_out(self, width: float, size: float) -> Layout | None:
        style = replace(self.set_in, size=size)
        if style.vertical:
            return lay_out(self.text, replace(style, align="left"), style.size * style.pitch, UNBOUNDED)
        if width == UNBOUNDED:
            style = replace(style, align="left")
        try:
            return lay_out(self.text, style, width)
        except Discarded as refusal:
            if refusal.cause == "text does not fit":
                return None
            raise

    def smaller(self) -> bool:
        """Lowers the largest size; False if there is no room for that."""
        if self.largest <= self.set_in.size:
            return False
        self.largest = max(self.set_in.size, self.largest * STEP * STEP)
        return True

    def fits(self, rect: Rect) -> bool:
        """Whether the text stays inside `rect` and within its number of lines."""
        layout = self.laid(rect.w)
        if layout is None or len(layout.lines) > self.lines:
            return False
        width, height = self.measure(rect.w)
        return width <= rect.w + 2 * SLACK and height <= rect.h + 2 * SLACK

    def room(self, rect: Rect) -> int:
        """About how many characters of this text's width `rect` has room for."""
        single = self._at(UNBOUNDED, self.set_in.size)
        if single is None:
            return max(1, len(self.text) // 2)
        left, top, right, bottom = single.bounds
        if self.set_in.vertical:
            return int(0.97 * len(self.text) * rect.h / max(bottom - top, 1))
        most = min(self.lines, max(1, int((rect.h + SLACK) / (self.set_in.size * self.set_in.pitch))))
        share = most * rect.w / max(right - left, 1) * (0.97 if most == 1 else 0.88)
        return max(1, int(share * len(self.text)))

    def placed(self, rect: Rect, align: str) -> Layout:
        """The layout in pixels of the picture, in the middle of `rect` between top and bottom."""
        layout = self.laid(rect.w)
        if layout is None:
            raise Discarded("text does not fit", self.text[:40])
        left, top, right, bottom = layout.bounds
        style = layout.style
        if style.vertical:
            return layout.moved(rect.x + (rect.w - (right - left)) / 2 - left, rect.y - top)
        shift = 0.0
        if layout.width == UNBOUNDED:
            shift = {"centre": 0.5, "right": 1.0}.get(align, 0.0) * (rect.w - (right - left)) - left
        baseline = layout.lines[0].glyphs[0].ys[0]
        height = style.size * style.pitch * len(layout.lines)
        middle = rect.y + (rect.h - height) / 2 + style.size * style.pitch / 2
        down = middle + CENTRE * style.size - baseline
        down = max(min(down, rect.bottom - bottom), rect.y - top)  # ink that reaches far stays inside
        return layout.moved(rect.x + shift, down)

    def sampled(self, layout: Layout) -> tuple[Line, ...]:
        return sample_lines(layout, self.language, self.role)


def _balanced(layout: Layout) -> bool:
    """Whether the last line is no orphan of one or two characters."""
    widths = [line.box[2] - line.box[0] for line in layout.lines]
    return len(widths) == 1 or len(widths) > DISPLAY_LINES or widths[-1] >= LEAST_LAST * max(widths)
