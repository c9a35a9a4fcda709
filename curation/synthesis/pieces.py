"""The text of a sample as a person would name it: its strings in reading order, what each is, where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth.sample import Line, Sample


@dataclass(frozen=True)
class Piece:
    """`text`: one paragraph, as it was chosen. `role` of its lines, empty where they are not known. `x`, `y`: centre
    of its lines as shares of width and height, 0..1."""

    text: str
    role: str = ""
    x: float = 0.5
    y: float = 0.5


def pieces(sample: Sample) -> tuple[Piece, ...]:
    """The paragraphs of `sample`, each with what its lines say of it.

    Lines are the paragraphs broken up, so that both hold the same letters in the same order.
    """
    height, width = sample.pixels.shape[:2]
    left = list(sample.lines)
    found = []
    for paragraph in sample.paragraphs:
        lines = _lines_of(paragraph, left)
        del left[: len(lines)]
        found.append(_piece(paragraph, lines, width, height))
    return tuple(found)


def _lines_of(paragraph: str, lines: Sequence[Line]) -> list[Line]:
    """The first of `lines` that make up the paragraph; none where they do not."""
    rest, taken = solid(paragraph), []
    for line in lines:
        text = solid(line.text)
        if not rest or not rest.startswith(text):
            break
        rest = rest[len(text) :]
        taken.append(line)
    return taken if not rest else []


def _piece(text: str, lines: Sequence[Line], width: int, height: int) -> Piece:
    if not lines:
        return Piece(text)
    xs = [x for line in lines for x in line.quad[::2]]
    ys = [y for line in lines for y in line.quad[1::2]]
    return Piece(text, lines[0].role, (min(xs) + max(xs)) / 2 / width, (min(ys) + max(ys)) / 2 / height)


def solid(text: str) -> str:
    """`text` without white space and soft hyphens: lines end where these stood."""
    return "".join(text.replace("\u00ad", "").split())
