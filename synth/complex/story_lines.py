"""Finds the texts of a slide among the characters that are drawn on a page, one by one, and says where they are.

Stories and pieces both come in the order of drawing, so that each character is the next one or something is amiss.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from synth.complex.office_fonts import NAME
from synth.complex.render import Box, DrawnLine, reach
from synth.complex.slide_checks import language_of
from synth.complex.slide_stories import Story
from synth.coverage import GRAPHEME, IGNORABLE, coverage
from synth.fonts import Face, opened
from synth.sample import Discarded

if TYPE_CHECKING:
    from synth.complex.pdf_page import Piece

MARK = 4
"""Most characters of a bullet or a number before a paragraph."""

ASIDE = 0.45
"""Widest gap in em between Chinese and other letters of one label, which a chart draws one by one."""

STEP = 0.2
"""How far in em two baselines differ, at least, if they are two lines."""


@dataclass(frozen=True)
class _Mark:
    """A code point of a piece, at its origin; compatibility characters are taken apart, as PDFium does at times."""

    text: str
    x: float
    y: float
    piece: Piece


@dataclass(frozen=True)
class _Ink:
    """How a grapheme cluster was drawn: from `x` on, on the baseline `y`, before its shape was turned."""

    x: float
    y: float
    face: Face
    piece: Piece


@dataclass(frozen=True)
class _Cell:
    """A grapheme cluster; of a space it is not known where it is."""

    text: str
    ink: _Ink | None = None


class Reader:
    """`named`: faces by what the names of the fonts begin with; `asked`: those in which text may be drawn.

    After `read`: `lines`, and by how many pixels the fullest cell of each table must have grown.
    """

    def __init__(self, named: Mapping[str, Face], asked: Collection[Face]):
        self.named, self.asked = named, asked
        self.lines: list[DrawnLine] = []
        self.grown: dict[str, float] = {}

    def read(self, pieces: Iterable[Piece], stories: Iterable[Story]) -> None:
        """Raises Discarded: "missing glyph" (also where another face stepped in), "missing font", "text differs",
        "text does not fit" (a label of a chart is turned)."""
        marks = deque(mark for piece in pieces for mark in _marks(piece))
        for number, story in enumerate(stories):
            name = f"{story.shape} {number}"
            if story.within == "chart":
                self._chart(marks, story, name)
            else:
                self._text(marks, story, name)
        if marks:
            raise Discarded("text differs", f"nobody asked for {marks[0].piece.text[:30]!r}")

    def _text(self, marks: deque[_Mark], story: Story, name: str) -> None:
        inks: list[_Ink] = []
        for paragraph in story.paragraphs:
            self._skip_bullet(marks, paragraph)
            cells = [*self._cells(marks, paragraph, story)]
            rows = [*_rows(cells)]
            for row in rows:
                self.lines.append(_line(story, name, row, row is rows[-1]))
            inks += [cell.ink for cell in cells if cell.ink]
        if story.within == "table":
            needed = _height(inks) + story.insets
            self.grown[story.shape] = max(self.grown.get(story.shape, 0.0), needed - story.frame[3] + story.frame[1])

    def _skip_bullet(self, marks: deque[_Mark], paragraph: str) -> None:
        """A bullet or number stands by itself, left of its paragraph; it is drawn, but no part of the text."""
        first = [mark for mark in marks if mark.piece is marks[0].piece] if marks else []
        if not first or len(first) > MARK or paragraph.lstrip().startswith(first[0].piece.text.strip()):
            return
        following = marks[len(first)] if len(first) < len(marks) else None
        if following and following.x > first[-1].x and abs(following.y - first[0].y) < 0.5 * first[0].piece.size:
            for _ in first:
                mark = marks.popleft()
                self._check(mark.text, self._face(mark.piece))

    def _cells(self, marks: deque[_Mark], text: str, story: Story) -> Iterator[_Cell]:
        """The text with its places, which are those before its shape was turned."""
        for grapheme in GRAPHEME.findall(text):
            due = _plain(grapheme)
            if not due:
                yield _Cell(grapheme)
                continue
            if not any(coverage(face).draws(grapheme) for face in self.asked):
                raise Discarded("missing glyph", f"{grapheme!r} is in no face asked for")
            found = [marks.popleft() for _ in due if marks]
            if _plain("".join(mark.text for mark in found)) != due:
                drawn = "".join(mark.text for mark in [*found, *marks][:20])
                raise Discarded("text differs", f"{drawn!r} for {text[:20]!r}")
            if any(abs((mark.piece.angle - story.angle + 180) % 360 - 180) > 1 for mark in found):
                raise Discarded("text differs", f"{text[:20]!r} is turned")
            face = self._face(found[0].piece)
            if face not in self.asked or any(self._face(mark.piece) != face for mark in found):
                raise Discarded("missing glyph", f"{grapheme!r}: {face.name} stepped in")
            self._check(grapheme, face)
            left = min(found, key=lambda mark: mark.x)
            yield _Cell(grapheme, _Ink(*_unturned(story, left.x, left.y), face, left.piece))

    def _face(self, piece: Piece) -> Face:
        face = self.named.get(piece.font[:NAME])
        if face is None:
            raise Discarded("missing font", f"{piece.text[:20]!r} is drawn in {piece.font or 'no font'}")
        return face

    def _check(self, grapheme: str, face: Face) -> None:
        if not coverage(face).draws(grapheme):
            raise Discarded("missing glyph", f"{grapheme!r} in {face.name}")

    def _chart(self, marks: deque[_Mark], story: Story, name: str) -> None:
        """All that is drawn within the chart's frame until something else is; its text is what the engine says."""
        mine: dict[Piece, None] = {}
        while marks and _within(marks[0], story.frame):
            mine[marks.popleft().piece] = None
        for number, label in enumerate(_labels([*mine])):
            if any(abs(piece.angle) > 1 for piece in label):
                raise Discarded("text does not fit", f"a turned label: {label[0].text[:20]}")
            text = "".join(piece.text for piece in label).strip()
            own = deque(mark for piece in label for mark in _marks(piece))
            self.lines.append(_line(story, f"{name} {number}", [*self._cells(own, text, story)], True))


def _plain(text: str) -> str:
    """What of a text is seen, in a form in which equal text is equal."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not (c.isspace() or IGNORABLE.match(c)))


def _marks(piece: Piece) -> Iterator[_Mark]:
    for character, (x, y) in zip(piece.text, piece.origins, strict=True):
        for part in _plain(character):
            yield _Mark(part, x, y, piece)


def _unturned(story: Story, x: float, y: float) -> tuple[float, float]:
    if not story.angle:
        return x, y
    quad = DrawnLine("", "", "", "", story.frame, story.frame, (), (), 0.0, "", -story.angle, story.centre)
    return quad.quad((x, y, x, y))[:2]


def _within(mark: _Mark, frame: Box) -> bool:
    return frame[0] <= mark.x <= frame[2] and frame[1] <= mark.y <= frame[3] + mark.piece.size


def _labels(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that belong together: one after the other, where the script changes."""
    labels: list[list[Piece]] = [[piece] for piece in pieces[:1]]
    for one, other in pairwise(pieces):
        end = one.origins[-1][0] + one.size * (1.0 if _chinese(one.text[-1]) else 0.6)
        (x, y), changes = other.origins[0], _chinese(one.text.strip()[-1]) != _chinese(other.text.strip()[0])
        if changes and abs(y - one.origins[0][1]) < 1 and -0.5 < (x - end) / one.size < ASIDE:
            labels[-1].append(other)
        else:
            labels.append([other])
    return labels


def _chinese(text: str) -> bool:
    return language_of(text) == "zh"


def _rows(cells: Sequence[_Cell]) -> Iterator[list[_Cell]]:
    """The cells line by line; a space is on the line of what comes before it."""
    row: list[_Cell] = []
    last: _Ink | None = None
    for cell in cells:
        if cell.ink and last and (abs(cell.ink.y - last.y) > STEP * last.piece.size or cell.ink.x < last.x - 1):
            yield row
            row = []
        row.append(cell)
        last = cell.ink or last
    if last:
        yield row


def _height(inks: Sequence[_Ink]) -> float:
    """What the lines of a cell take, from the ascender of the first to the descender of the last."""
    return inks[-1].y - inks[0].y + _extent(inks[0])[0] + _extent(inks[-1])[1]


def _extent(ink: _Ink) -> tuple[float, float]:
    face = opened(ink.face)
    extents, em = face.shaper.get_font_extents("ltr"), ink.piece.size / face.upem
    return extents.ascender * em, -extents.descender * em


def _line(story: Story, name: str, row: Sequence[_Cell], last: bool) -> DrawnLine:
    places = [at for at, cell in enumerate(row) if cell.ink]
    cells = row[places[0] : places[-1] + 1]
    inks = [cell.ink for cell in cells if cell.ink]
    size = max(ink.piece.size for ink in inks)
    texts: dict[Face, str] = {}
    for cell in cells:
        if cell.ink:
            texts[cell.ink.face] = texts.get(cell.ink.face, "") + cell.text
    reaches = [reach(face, text) for face, text in texts.items()]
    top = inks[0].y - size * max(above for above, _ in reaches)
    bottom = inks[0].y + size * max(below for _, below in reaches)
    edges = _edges(cells)
    return DrawnLine(
        shape=story.shape,
        story=name,
        within=story.within,
        text="".join(cell.text for cell in cells),
        frame=story.frame,
        box=(edges[0][0], top, edges[-1][1], bottom),
        cells=tuple((cell.text, (x0, top, x1, bottom)) for cell, (x0, x1) in zip(cells, edges, strict=True)),
        faces=tuple(texts),
        size=size,
        colour=inks[-1].piece.colour,
        angle=story.angle,
        centre=story.centre,
        last=last,
        spaced=places[-1] + 1 < len(row),
    )


def _edges(cells: Sequence[_Cell]) -> list[tuple[float, float]]:
    """Left and right of each cell. Those with one origin (a ligature) share what they take; spaces fill the gaps."""
    spans: list[tuple[float, float]] = []
    groups = [[*group] for _, group in groupby(cells, key=lambda cell: cell.ink and cell.ink.x)]
    for group, following in zip(groups, [*groups[1:], []], strict=True):
        ink, next_ink = group[0].ink, following[0].ink if following else None
        left = ink.x if ink else spans[-1][1]
        right = left + sum(map(_advance, group)) if ink else left
        if next_ink:
            right = max(left, min(right, next_ink.x) if ink else next_ink.x)
        step = (right - left) / len(group)
        spans += [(left + step * index, left + step * (index + 1)) for index in range(len(group))]
    return spans


def _advance(cell: _Cell) -> float:
    if not cell.ink:
        return 0.0
    face = opened(cell.ink.face)
    glyphs = [face.shaper.get_nominal_glyph(ord(character)) for character in cell.text]
    wide = sum(face.shaper.get_glyph_h_advance(glyph) for glyph in glyphs if glyph)
    return float(wide * cell.ink.piece.size / face.upem)
