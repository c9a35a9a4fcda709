"""Lines and boxes out of what a browser says of where it put each character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from synth.complex.setting import Cluster, Setting
from synth.complex.words import Words
from synth.layout import BAND, Box
from synth.sample import Char, Line
from synth.text import quad

NEXT = 0.3
"""Step across the line in em from which on a character stands in another line."""

Place = Sequence[float]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cluster and its place."""

    cluster: Cluster
    place: Place


def lines(words: Words, how: Setting, places: Sequence[Place | None]) -> tuple[Line, ...]:
    """The lines of a text whose clusters stand at `places`; line ends and collapsed spaces have none.

    A line's box holds its advances and its ink, spaces at its end left out; each character's cell is its advance along
    the line and the line's box across it, as in `synth.text`. A line round the letters counts as ink.
    """
    return tuple(_line(words, how, cells) for cells in _broken(how, places, words.set_in.vertical) if cells)


def _broken(how: Setting, places: Sequence[Place | None], vertical: bool) -> Iterator[list[_Cell]]:
    """Cells by line, without the spaces at the line's end."""
    line: list[_Cell] = []
    for cluster, place in zip(how.clusters, places, strict=True):
        if place is None or cluster.face is None:
            continue
        if line and abs(_across(place, vertical) - _across(line[-1].place, vertical)) > NEXT * how.size:
            yield _stripped(line)
            line = []
        line.append(_Cell(cluster, place))
    yield _stripped(line)


def _across(place: Place, vertical: bool) -> float:
    return place[0] + place[2] / 2 if vertical else place[1]


def _stripped(line: list[_Cell]) -> list[_Cell]:
    while line and line[-1].cluster.text.isspace():
        line.pop()
    return line


def _line(words: Words, how: Setting, cells: list[_Cell]) -> Line:
    style, em = words.set_in, how.size
    vertical, at = style.vertical, 1 if style.vertical else 0
    seen = sorted(cells, key=lambda cell: cell.place[at])  # from left to right, whichever way they are read
    low = min(cell.place[at] - cell.cluster.before * em for cell in seen) - words.outline * em
    ends = (c.place[at] + c.place[at + 2] + (c.cluster.after - style.letter_spacing) * em for c in seen)
    high = max(ends) + words.outline * em
    starts = [low, *(cell.place[at] for cell in seen[1:])]
    spans = dict(zip(map(id, seen), pairwise([*starts, high]), strict=True))
    across = _reach(cells, words.outline, em, vertical)

    def box(span: tuple[float, float]) -> Box:
        return (across[0], span[0], across[1], span[1]) if vertical else (span[0], across[0], span[1], across[1])

    return Line(
        "".join(cell.cluster.text for cell in cells),
        words.language,
        quad(box((low, high))),
        tuple(Char(cell.cluster.text, quad(box(spans[id(cell)]))) for cell in cells),
        style.pairing.name,
        em,
        words.role,
        vertical,
    )


def _reach(cells: list[_Cell], outline: float, em: float, vertical: bool) -> tuple[float, float]:
    """From where to where a line's ink reaches across it: from top to bottom, or from left to right if `vertical`."""
    band = (BAND / 2, BAND / 2) if vertical else (BAND, 0.0)
    above = em * (max(band[0], *(cell.cluster.above for cell in cells)) + outline)
    below = em * (max(band[1], *(cell.cluster.below for cell in cells)) + outline)
    if vertical:
        middle = _across(cells[0].place, vertical)
        return middle - below, middle + above
    baseline = cells[0].place[1] + cells[0].place[3]
    return baseline - above, baseline + below
