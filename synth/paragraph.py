"""One paragraph ready to be broken into lines: shaped once, in em, whatever the size and the width."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from synth.bidi import levels
from synth.linebreak import break_offsets
from synth.pairing import Pairing
from synth.shaping import Piece, ideographic, shape, spaced

AUTOSPACE = 0.125
"""Space in em between an ideograph and a Latin letter or a digit, as Chinese typesetting and CSS Text 4 want it."""


@dataclass(frozen=True)
class Paragraph:
    """`pieces` cover `text`. `gaps[i]`: space behind piece i in em, if another follows in the line. `starts[i]`: sum of
    advances and gaps before piece i, with the total at the end. `above[i]` and `below[i]`: reach of the ink of piece i
    towards the line before and the next, in em; 0 without ink.

    `breaks`: pieces before which a line may begin, the end included; `ends`: where the text before each of them ends,
    hanging spaces left out. `before` and `after`: how far ink sticks out of its piece along the line, most of all.
    `level`: 1 if the paragraph runs from right to left.
    """

    text: str
    pieces: tuple[Piece, ...]
    gaps: tuple[float, ...]
    starts: tuple[float, ...]
    above: tuple[float, ...]
    below: tuple[float, ...]
    breaks: tuple[int, ...]
    ends: tuple[float, ...]
    before: float
    after: float
    level: int

    def width(self, first: int, last: int) -> float:
        """Length in em of pieces `first` to `last`, `last` not included, without the gap behind the last."""
        return self.starts[last] - self.starts[first] - self.gaps[last - 1] if last > first else 0.0

    def visible_end(self, first: int, last: int) -> int:
        """`last` less the spaces that hang at the end of the line."""
        while last > first and self.pieces[last - 1].space:
            last -= 1
        return last

    def line_end(self, first: int, room: float) -> int:
        """The piece before which the next line begins if one begins at `first` and `room` em are there; `first` itself
        if not even the first word fits."""
        fitting = bisect_right(self.ends, self.starts[first] + room + 1e-9)
        return max(first, self.breaks[fitting - 1]) if fitting else first


@lru_cache(maxsize=256)
def prepared(text: str, pairing: Pairing, vertical: bool, letter_spacing: float) -> Paragraph:
    """Shapes a paragraph and finds where it may be broken. Kept for the next size or width that is tried.

    Pieces are not shaped anew at a line's end: HarfBuzz joins and kerns across a break only with the hyphen or the
    space that ends the line. Raises Discarded("missing glyph", …).
    """
    pieces = tuple(shape(text, pairing, vertical, ligatures=not letter_spacing))
    gaps = _gaps(pieces, letter_spacing)
    starts = tuple(accumulate((piece.advance + gap for piece, gap in zip(pieces, gaps, strict=True)), initial=0.0))
    index = {piece.start: i for i, piece in enumerate(pieces)}
    breaks = (*(index[offset] for offset in break_offsets(text) if offset in index), len(pieces))
    inks = [piece.ink or (0.0, 0.0, 0.0, 0.0) for piece in pieces]
    return Paragraph(
        text,
        pieces,
        gaps,
        starts,
        tuple(ink[2] for ink in inks),
        tuple(ink[3] for ink in inks),
        breaks,
        tuple(_end(pieces, gaps, starts, at) for at in breaks),
        max([0.0, *(-ink[0] for ink in inks)]),
        max([0.0, *(ink[1] - piece.advance for ink, piece in zip(inks, pieces, strict=True) if piece.ink)]),
        levels(text)[0],
    )


def _end(pieces: tuple[Piece, ...], gaps: tuple[float, ...], starts: tuple[float, ...], at: int) -> float:
    while at and pieces[at - 1].space:
        at -= 1
    return starts[at] - gaps[at - 1] if at else 0.0


def _gaps(pieces: tuple[Piece, ...], letter_spacing: float) -> tuple[float, ...]:
    gaps = [letter_spacing if spaced(piece) else 0.0 for piece in pieces] if letter_spacing else [0.0] * len(pieces)
    for i, (piece, following) in enumerate(pairwise(pieces)):
        if piece.script != following.script and ideographic(piece) != ideographic(following):
            gaps[i] += AUTOSPACE * _meet(piece, following)
    return tuple(gaps)


def _meet(piece: Piece, following: Piece) -> bool:
    """Whether letters or digits stand on both sides, rather than a space or punctuation."""
    return piece.characters[-1][0].isalnum() and following.characters[0][0].isalnum()
