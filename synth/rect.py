"""Upright rectangles in pixels, and how they are cut up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Rect(NamedTuple):
    """An upright rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def inset(self, across: float, down: float) -> Rect:
        """Smaller by that much at each side; negative for larger."""
        return Rect(self.left + across, self.top + down, self.right - across, self.bottom - down)

    def below(self, y: float) -> Rect:
        """What lies below `y`."""
        return self._replace(top=y)

    def columns(self, count: int, gutter: float) -> list[Rect]:
        """`count` columns of equal width with `gutter` between two."""
        wide = (self.width - gutter * (count - 1)) / count
        lefts = [self.left + index * (wide + gutter) for index in range(count)]
        return [Rect(left, self.top, left + wide, self.bottom) for left in lefts]

    def middle(self, width: float) -> Rect:
        """The middle `width` of it."""
        return self.inset(max(0.0, (self.width - width) / 2), 0)


def around(boxes: Sequence[tuple[float, float, float, float]]) -> Rect:
    """The smallest rectangle around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Rect(min(lefts), min(tops), max(rights), max(bottoms))
