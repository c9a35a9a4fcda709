"""Layout: paragraphs in boxes, and the exact place of every line, character and glyph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from synth.bidi import visual_order
from synth.fonts import Face
from synth.pairing import Pairing
from synth.paragraph import Paragraph, prepared
from synth.sample import Discarded
from synth.shaping import Piece, ideographic

ALIGNMENTS = ("left", "centre", "right", "justified")

ABOVE, BELOW = 0.85, 0.15
"""Room in em above the first baseline and below the last; more where the ink needs it; half an em each in vertical
lines. Between two lines nothing is added: they follow at the pitch, or further where their ink would touch. Baselines
lie on whole pixels of the picture, so that glyphs are drawn where the boxes say."""

BAND = 0.5
"""Least extent of a line's box across the line in em, above the baseline or about the middle of a vertical line, so
that a line of dashes has a box to read in."""

MAX_STRETCH = 0.8
"""Space in em that justifying adds at one place at most; a line that needs more stays as it is."""


@dataclass(frozen=True)
class Style:
    """How text is set. `size` in pixels an em; `pitch`: from one baseline to the next, in em; `letter_spacing`,
    `indent` (of a paragraph's first line) and `paragraph_gap` in em. `align` of ALIGNMENTS; in paragraphs that run
    from right to left, left and right change places. `vertical`: columns from right to left, for Chinese."""

    pairing: Pairing
    size: float
    pitch: float = 1.4
    align: str = "left"
    letter_spacing: float = 0.0
    indent: float = 0.0
    paragraph_gap: float = 0.0
    vertical: bool = False


Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Glyphs of one face: ids, and x and y of their origins in pixels. `turned`: drawn a quarter turn clockwise."""

    face: Face
    ids: tuple[int, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    turned: bool


@dataclass(frozen=True, slots=True)
class LaidLine:
    """One line (or vertical column) as it is drawn, in pixels.

    `text`: what is read, without the spaces that hang at its end; `raw` with them, so that the raw texts of a
    paragraph's lines together are the paragraph. `box` holds all ink and all advances. `characters`: each grapheme
    cluster in reading order with its cell: its advance along the line, the whole box across it. The cells tile the
    box; the first and the last reach to its ends; those of a ligature are equal parts of it.
    """

    text: str
    raw: str
    paragraph: int
    box: Box
    characters: tuple[tuple[str, Box], ...]
    glyphs: tuple[Glyphs, ...]


@dataclass(frozen=True)
class Layout:
    """Lines laid out in a box whose corner lies at (`x`, `y`); the lines' own numbers count from that corner."""

    lines: tuple[LaidLine, ...]
    style: Style
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def bounds(self) -> Box:
        """The union of the lines' boxes, in pixels of the picture; (x, y, x, y) without lines."""
        if not self.lines:
            return self.x, self.y, self.x, self.y
        lefts, tops, rights, bottoms = zip(*(line.box for line in self.lines), strict=True)
        return self.x + min(lefts), self.y + min(tops), self.x + max(rights), self.y + max(bottoms)

    def moved(self, dx: float, dy: float) -> Layout:
        """The same layout, `dx` pixels to the right and `dy` downwards, the latter rounded to whole pixels."""
        return replace(self, x=self.x + dx, y=self.y + round(dy))


@dataclass(frozen=True, slots=True)
class _Broken:
    """Pieces `first` to `last` of a paragraph as a line: `visible` ends before hanging spaces. `above` and `below`:
    reach of the ink in pixels."""

    index: int
    paragraph: Paragraph
    first: int
    visible: int
    last: int
    above: float
    below: float


def lay_out(
    text: str | Sequence[str], style: Style, width: float, height: float = float("inf"), x: float = 0, y: float = 0
) -> Layout:
    """Sets paragraphs (parted at line ends) in a box of `width` x `height` pixels at (`x`, `y`).

    Every line's box lies inside. Raises Discarded("missing glyph", …) or Discarded("text does not fit", …).
    """
    layouts = flow(text, style, [(x, y, x + width, y + height)])
    return layouts[0]


def flow(text: str | Sequence[str], style: Style, boxes: Sequence[Box]) -> list[Layout]:
    """Sets paragraphs in several boxes, one after the other, as in the columns of a page; boxes may remain empty.

    Raises Discarded like `lay_out`.
    """
    ready = _paragraphs(text, style)
    layouts, place = [], (0, 0)
    for left, top, right, bottom in boxes:
        width, height = right - left, bottom - top
        rows, place = _rows(ready, place, style, width, height, top)
        length = height if style.vertical else width
        lines = tuple(_placed(line, style, length, width, at) for line, at in rows if line.visible > line.first)
        layouts.append(Layout(lines, style, width, height, left, top))
    if place[0] < len(ready):
        index, first = place
        rest = ready[index].text[ready[index].pieces[first].start :] if ready[index].pieces else ""
        raise Discarded("text does not fit", f"from “{rest[:20]}” on, at {style.size:.4g} px")
    return layouts


def fit(
    text: str | Sequence[str],
    style: Style,
    width: float,
    height: float,
    least: float,
    most: float,
    x: float = 0,
    y: float = 0,
) -> Layout:
    """Sets paragraphs at the largest size from `least` to `most` pixels at which they fit the box, to a quarter pixel.

    `style.size` is passed over. Raises Discarded if they do not fit at `least`.
    """

    paragraphs = _paragraphs(text, style)

    def fits(size: float) -> bool:
        return _rows(paragraphs, (0, 0), replace(style, size=size), width, height, y)[1][0] == len(paragraphs)

    low, high = 0, int(4 * (most - least))
    while low < high:  # it fits at `low` quarters more than the least, and is not known to beyond `high`
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(least + middle / 4) else (low, middle - 1)
    return lay_out(text, replace(style, size=least + low / 4), width, height, x, y)


def _paragraphs(text: str | Sequence[str], style: Style) -> list[Paragraph]:
    parts = [text] if isinstance(text, str) else text
    lines = [line for part in parts for line in part.splitlines() or [""]]
    return [prepared(line, style.pairing, style.vertical, style.letter_spacing) for line in lines]


def _rows(
    paragraphs: list[Paragraph], place: tuple[int, int], style: Style, width: float, height: float, top: float
) -> tuple[list[tuple[_Broken, float]], tuple[int, int]]:
    """The lines, with their baselines, that one box takes from `place` (paragraph, piece) on; the place after them."""
    origin = 0.0 if style.vertical else top
    length, depth = (height, width) if style.vertical else (width, height)
    above, below = (0.5, 0.5) if style.vertical else (ABOVE, BELOW)
    rows: list[tuple[_Broken, float]] = []
    for line in _lines(paragraphs, place, style, length):
        if rows:
            before, baseline = rows[-1]
            baseline += style.paragraph_gap * style.size if line.index != before.index else 0
            baseline += max(style.pitch * style.size, before.below + line.above)
        else:
            baseline = max(above * style.size, line.above)
        baseline = ceil(origin + baseline - 1e-6) - origin  # skia draws glyphs at whole pixels of y
        if baseline + max(below * style.size, line.below) > depth + 1e-6:
            break
        rows.append((line, baseline))
        place = (line.index, line.last) if line.last < len(line.paragraph.pieces) else (line.index + 1, 0)
    return rows, place


def _lines(paragraphs: list[Paragraph], place: tuple[int, int], style: Style, length: float) -> Iterator[_Broken]:
    band = (BAND / 2, BAND / 2) if style.vertical else (BAND, 0.0)
    for index in range(place[0], len(paragraphs)):
        paragraph = paragraphs[index]
        first = place[1] if index == place[0] else 0
        while first < len(paragraph.pieces) or first == 0:
            room = length / style.size - paragraph.before - paragraph.after - (0 if first else style.indent)
            last = paragraph.line_end(first, room)
            if last == first and paragraph.pieces:
                return  # a word longer than the line: what is left over says so
            visible = paragraph.visible_end(first, last)
            yield _Broken(
                index,
                paragraph,
                first,
                visible,
                last,
                style.size * max((band[0], *paragraph.above[first:visible])),
                style.size * max((band[1], *paragraph.below[first:visible])),
            )
            if not paragraph.pieces:
                break
            first = last


def _placed(line: _Broken, style: Style, length: float, width: float, baseline: float) -> LaidLine:
    """The line at its place along and across, in pixels of the layout."""
    paragraph, size = line.paragraph, style.size
    pieces = paragraph.pieces[line.first : line.visible]
    room = length / size - paragraph.before - paragraph.after
    indent = style.indent if line.first == 0 else 0.0
    free = room - indent - paragraph.width(line.first, line.visible)
    gaps = [*paragraph.gaps[line.first : line.visible - 1], 0.0]
    if style.align == "justified" and line.last < len(paragraph.pieces):
        free -= _justify(pieces, gaps, free)
    shift = {"centre": 0.5, "right": 1.0}.get(style.align, 0.0)
    start = paragraph.before + ((1 - shift) * free if paragraph.level else indent + shift * free)
    order = visual_order([piece.level for piece in pieces])
    along = [0.0] * len(pieces)
    for index in order:  # a piece's gap is behind it as it is read
        along[index] = start + (gaps[index] if pieces[index].level % 2 else 0)
        start += pieces[index].advance + gaps[index]
    return _Placer(style, width, baseline, line.above, line.below).line(line, pieces, along, gaps, order)


def _justify(pieces: Sequence[Piece], gaps: list[float], free: float) -> float:
    """Widens gaps at spaces and between ideographs so that the line fills `free` em more; returns what it added."""
    slots = [
        i
        for i in range(len(pieces) - 1)
        if pieces[i].space or (ideographic(pieces[i]) and not pieces[i + 1].space) or ideographic(pieces[i + 1])
    ]
    slots = [i for i in slots if not (pieces[i + 1].space)]
    if not slots or not 0 < free / len(slots) <= MAX_STRETCH:
        return 0.0
    for slot in slots:
        gaps[slot] += free / len(slots)
    return free


@dataclass(frozen=True, slots=True)
class _Placer:
    """From em along and across a line to x and y in pixels."""

    style: Style
    width: float
    baseline: float
    above: float
    below: float

    def box(self, start: float, end: float) -> Box:
        """The box from `start` to `end` pixels along the line."""
        before, after = self.baseline - self.above, self.baseline + self.below
        if self.style.vertical:
            return self.width - after, start, self.width - before, end
        return start, before, end, after

    def line(
        self, line: _Broken, pieces: Sequence[Piece], along: list[float], gaps: list[float], order: list[int]
    ) -> LaidLine:
        size = self.style.size
        start, end = along[order[0]], along[order[-1]] + pieces[order[-1]].advance
        inked = [(at + p.ink[0], at + p.ink[1]) for p, at in zip(pieces, along, strict=True) if p.ink]
        low = min([start, *(ink[0] for ink in inked)]) * size
        high = max([end, *(ink[1] for ink in inked)]) * size
        characters: list[tuple[str, Box]] = []
        for i, piece in enumerate(pieces):
            before, after = (gaps[i], 0.0) if piece.level % 2 else (0.0, gaps[i])
            left = low if i == order[0] else (along[i] - before) * size
            right = high if i == order[-1] else (along[i] + piece.advance + after) * size
            characters += self._cells(piece, left, right)
        raw = line.paragraph.text[pieces[0].start : line.paragraph.pieces[line.last - 1].end]
        text = line.paragraph.text[pieces[0].start : pieces[-1].end]
        return LaidLine(text, raw, line.index, self.box(low, high), tuple(characters), self._glyphs(pieces, along))

    def _cells(self, piece: Piece, left: float, right: float) -> Iterator[tuple[str, Box]]:
        count = len(piece.characters)
        for i, character in enumerate(piece.characters):
            a, b = (count - 1 - i, count - i) if piece.level % 2 else (i, i + 1)
            yield character, self.box(left + (right - left) * a / count, left + (right - left) * b / count)

    def _glyphs(self, pieces: Sequence[Piece], along: list[float]) -> tuple[Glyphs, ...]:
        size, vertical = self.style.size, self.style.vertical
        runs: dict[tuple[Face, bool], tuple[list[int], list[float], list[float]]] = {}
        face, turned = None, False
        for piece, at in zip(pieces, along, strict=True):
            if piece.face is not face or piece.turned != turned:  # hashing a face for each glyph costs too much
                face, turned = piece.face, piece.turned
                ids, xs, ys = runs.setdefault((face, turned), ([], [], []))
            for glyph, forward, across in piece.glyphs:
                ids.append(glyph)
                x, y = (at + forward) * size, self.baseline + across * size
                xs.append(self.width - y if vertical else x)
                ys.append(x if vertical else y)
        return tuple(
            Glyphs(face, tuple(ids), tuple(xs), tuple(ys), turned) for (face, turned), (ids, xs, ys) in runs.items()
        )
