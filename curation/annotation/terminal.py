"""Text for a terminal of 80 columns, in scripts whose characters take two of them as well."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WIDTH = 80


def columns(text: str) -> int:
    """How many columns `text` takes: two for wide characters (UAX 11), none for combining marks."""
    return sum(_width(character) for character in text)


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """The lines of `text`, each of at most `width` ≥ 2 columns, what is indented indented where it fits.

    They are broken at white space, beside wide characters, and within words that are wider than a line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, before = "", len(lines)
        for piece in _pieces(paragraph, width):
            if line and columns(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            stripped = not line and (len(lines) > before or columns(piece) > width)
            line += piece.lstrip() if stripped else piece
        lines.append(line.rstrip())
    return lines


def labelled(label: str, text: str, margin: int = 11) -> list[str]:
    """`text` wrapped beside `label`, in a column that begins at `margin`, or below it where the label is longer."""
    wrapped = wrap(text, WIDTH - margin)
    if columns(label) >= margin:
        return [label, *(" " * margin + line for line in wrapped)]
    first = label + " " * (margin - columns(label)) + wrapped[0]
    return [first.rstrip(), *((" " * margin + line).rstrip() for line in wrapped[1:])]


def _width(character: str) -> int:
    if not character:
        return 0
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str, width: int) -> Iterator[str]:
    """What a line may be made of, in order: words with the white space before them, wide characters one by one."""
    for word in re.findall(r"\s*\S+|\s+", text):
        piece = ""
        for character in word:
            taken = _width(character)
            breaks = taken == 2 or _width(piece[-1:]) == 2 or columns(piece.lstrip()) + taken > width
            if piece.strip() and taken and breaks:
                yield piece
                piece = ""
            piece += character
        yield piece
