"""A line of text that was read, and the order in which people read several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class TextLine:
    """One line of text and where it stands.

    `text`: as read, single spaces between words, at least one letter or digit. `score`: mean probability of its
    characters, 0..1. `language`: BCP-47, see `filters.language`. `height`, `length`: of the rotated rectangle around
    it, as shares of the image's shorter side; a column of upright characters is as high as one of them. `x`, `y`: its
    centre, as shares of the image's width and height, 0..1. `angle`: degrees clockwise by which its direction of
    reading is turned from left to right, 0 <= angle < 360; a column of upright characters has about 90.
    """

    text: str
    score: float
    language: str
    height: float
    length: float
    x: float
    y: float
    angle: float

    @property
    def is_column(self) -> bool:
        """Whether it runs more down (or up) than across."""
        return 45 < self.angle % 180 < 135


def in_reading_order(lines: Iterable[TextLine], width: int, height: int) -> tuple[TextLine, ...]:
    """`lines` of an image of `width` × `height` pixels: top to bottom, those side by side from left to right.

    Columns side by side are a row of their own, from right to left where they are Chinese or Japanese. Text set in
    several columns of lines is read across them: there is no analysis of the page.
    """
    unit = min(width, height) / height  # a share of the shorter side, as a share of the height
    lines = list(lines)
    level = _rows([line for line in lines if not line.is_column], lambda line: line.height * unit / 2)
    upright = _rows([line for line in lines if line.is_column], lambda line: line.length * unit / 2)
    rows = sorted(level + [_columns(row) for row in upright], key=lambda row: min(line.y for line in row))
    return tuple(line for row in rows for line in row)


def _rows(lines: list[TextLine], half: Callable[[TextLine], float]) -> list[list[TextLine]]:
    """Lines grouped by height on the image, each row from left to right. `half` is half of what a line spans there."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.y):
        if rows and _side_by_side(rows[-1][-1], line, half):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x) for row in rows]


def _side_by_side(one: TextLine, other: TextLine, half: Callable[[TextLine], float]) -> bool:
    """Whether they share at least half of what the smaller of them spans from top to bottom."""
    shared = min(one.y + half(one), other.y + half(other)) - max(one.y - half(one), other.y - half(other))
    return shared >= min(half(one), half(other))


def _columns(row: list[TextLine]) -> list[TextLine]:
    east_asian = sum(line.language in ("zh", "ja") for line in row)
    return row[::-1] if 2 * east_asian > len(row) else row
