"""Rows, columns and stacks: where each box of a template stands. Plain geometry; knows nothing of texts or colours.

The subset of CSS flexbox that templates need, on floats: growing, shrinking, gaps, padding, alignment along and across,
aspect ratios. Ours, because the flexbox engines that packages offer take half a second for a screen when texts
measure themselves. Sizes are pixels; x runs to the right, y down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SLACK = 0.5
"""Pixels by which boxes may stick out before it counts."""

Measure = Callable[[float], tuple[float, float]]
"""Width and height that a leaf wants when it is offered a width."""

Insets = tuple[float, float, float, float]
"""Top, right, bottom, left."""


@dataclass(frozen=True)
class Rect:
    """Left, top, width and height in pixels."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def holds(self, other: Rect, slack: float = SLACK) -> bool:
        """Whether `other` lies inside, up to `slack` pixels."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def inset(self, by: Insets) -> Rect:
        top, right, bottom, left = by
        return Rect(self.x + left, self.y + top, max(0.0, self.w - left - right), max(0.0, self.h - top - bottom))


@dataclass(frozen=True)
class Length:
    """A size: pixels, or with `share` a part (0..1) of what the parent has inside."""

    value: float
    share: bool = False

    def of(self, whole: float) -> float:
        return self.value * whole if self.share else self.value


@dataclass(eq=False)
class Box:
    """One box. `direction`: row, column, stack (children one above the other) or leaf (`measure` says its size).

    `grow`: its part of the room that is left along a row or column. `align` places the children across (start,
    centre, end, stretch), `justify` along (start, centre, end, between, around). `own` overrides the parent's
    `align`; in a stack it places both ways ("top left", "centre", "bottom"), and "fill" covers all of it without asking
    for room. `aspect`: width over height. `rect` is set by `arrange`.
    """

    direction: str = "leaf"
    children: list[Box] = field(default_factory=list)
    measure: Measure | None = None
    width: Length | None = None
    height: Length | None = None
    most_width: float = float("inf")
    least_height: float = 0.0
    aspect: float = 0.0
    grow: float = 0.0
    shrinks: bool = True
    padding: Insets = (0.0, 0.0, 0.0, 0.0)
    gap: float = 0.0
    align: str = "stretch"
    justify: str = "start"
    own: str = ""
    rect: Rect = Rect(0, 0, 0, 0)
    known: dict[float, tuple[float, float]] = field(default_factory=dict, repr=False)

    @property
    def room(self) -> Rect:
        """What is left of `rect` within the padding."""
        return self.rect.inset(self.padding)

    def walk(self) -> Iterator[Box]:
        """This box and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def forget(self, changed: Box) -> bool:
        """Drops the sizes that depend on `changed`, a box below this one or this one; whether it is there."""
        found = changed is self or any(child.forget(changed) for child in self.children)
        if found:
            self.known.clear()
        return found


def arrange(box: Box, rect: Rect) -> None:
    """Gives `box` and everything below it a `rect`. What does not fit sticks out: see `overflowing`."""
    box.rect = rect
    inner = rect.inset(box.padding)
    if box.direction == "row":
        _arrange_row(box, inner)
    elif box.direction == "column":
        _arrange_column(box, inner)
    else:
        for child in box.children:
            arrange(child, _stacked(child, inner))


def overflowing(box: Box) -> Box | None:
    """The first box below `box` that sticks out of its parent or into its padding, None if all is well."""
    for parent in box.walk():
        for child in parent.children:
            if not parent.room.holds(child.rect, 2 * SLACK):
                return child
    return None


def natural(box: Box, offered: float) -> tuple[float, float]:
    """Width and height in pixels that `box` wants when `offered` pixels are there in width."""
    size = box.known.get(offered)
    if size is None:
        size = box.known[offered] = _natural(box, offered)
    return size


def _natural(box: Box, offered: float) -> tuple[float, float]:
    offered = min(box.width.of(offered) if box.width else offered, box.most_width)
    top, right, bottom, left = box.padding
    inner = max(0.0, offered - left - right)
    width, height = _content(box, inner)
    width = offered if box.width else min(width + left + right, box.most_width)
    height += top + bottom
    if box.aspect:
        width = width if box.width or box.measure else offered
        height = width / box.aspect
    if box.height and not box.height.share:
        height = box.height.value
        if box.aspect and not box.width:
            width = height * box.aspect
    return width, max(height, box.least_height)


def _content(box: Box, inner: float) -> tuple[float, float]:
    if box.measure:
        return box.measure(inner)
    if not box.children:
        return 0.0, 0.0
    gaps = box.gap * (len(box.children) - 1)
    if box.direction == "row":
        widths = _row_widths(box, inner)
        heights = [natural(child, width)[1] for child, width in zip(box.children, widths, strict=True)]
        greedy = any(child.grow for child in box.children)
        return (inner if greedy else sum(widths) + gaps), max(heights)
    sizes = [natural(child, inner) for child in box.children if child.own != "fill"] or [(0.0, 0.0)]
    tall = sum(height for _, height in sizes) + gaps if box.direction == "column" else max(h for _, h in sizes)
    return max(width for width, _ in sizes), tall


def _row_widths(box: Box, inner: float) -> list[float]:
    """Widths of a row's children: their own, less or more until the row is full."""
    gaps = box.gap * (len(box.children) - 1)
    room = inner - gaps
    widths = [
        min(child.width.of(inner), child.most_width)
        if child.width
        else (0.0 if child.grow else natural(child, max(0.0, room))[0])
        for child in box.children
    ]
    free = room - sum(widths)
    if free > 0:
        return _shared_out(box, widths, free)
    yielding = [w if child.shrinks and not child.width else 0.0 for w, child in zip(widths, box.children, strict=True)]
    if sum(yielding) > 0:
        keep = max(0.0, 1 + free / sum(yielding))
        widths = [w * keep if y else w for w, y in zip(widths, yielding, strict=True)]
    return widths


def _shared_out(box: Box, widths: list[float], free: float) -> list[float]:
    parts = sum(child.grow for child in box.children)
    if not parts:
        return widths
    return [w + free * child.grow / parts for w, child in zip(widths, box.children, strict=True)]


def _arrange_row(box: Box, inner: Rect) -> None:
    widths = _row_widths(box, inner.w)
    at, gap = _along(box, inner.x, inner.w, sum(widths))
    for child, width in zip(box.children, widths, strict=True):
        how = child.own or box.align
        height = child.height.of(inner.h) if child.height else natural(child, width)[1]
        if how == "stretch" and not child.height and not child.aspect:
            height = inner.h
        arrange(child, Rect(at, inner.y + _across(how, inner.h - height), width, height))
        at += width + gap


def _arrange_column(box: Box, inner: Rect) -> None:
    heights = _column_heights(box, inner)
    at, gap = _along(box, inner.y, inner.h, sum(heights))
    for child, height in zip(box.children, heights, strict=True):
        how = child.own or box.align
        width = inner.w if how == "stretch" and not child.width else natural(child, inner.w)[0]
        width = min(child.width.of(inner.w) if child.width else width, child.most_width)
        if child.aspect and not child.width and child.height:
            width = height * child.aspect
        arrange(child, Rect(inner.x + _across(how, inner.w - width), at, width, height))
        at += height + gap


def _column_heights(box: Box, inner: Rect) -> list[float]:
    """Heights of a column's children. Those that grow share what is left, but none gets less than its content."""
    heights = [child.height.of(inner.h) if child.height else natural(child, inner.w)[1] for child in box.children]
    free = inner.h - box.gap * (len(heights) - 1) - sum(heights)
    growing = [at for at, child in enumerate(box.children) if child.grow]
    if free <= 0 or not growing:
        return heights
    room = free + sum(heights[at] for at in growing)
    while growing:  # as flexbox does: whoever needs more than its share is settled first
        parts = sum(box.children[at].grow for at in growing)
        greedy = [at for at in growing if heights[at] > room * box.children[at].grow / parts]
        if not greedy:
            for at in growing:
                heights[at] = room * box.children[at].grow / parts
            break
        room -= sum(heights[at] for at in greedy)
        growing = [at for at in growing if at not in greedy]
    return heights


def _along(box: Box, start: float, room: float, used: float) -> tuple[float, float]:
    """Where the first child starts, and the distance from one to the next."""
    count = len(box.children)
    free = room - used - box.gap * (count - 1)
    if free <= 0 or box.justify == "start":
        return start, box.gap
    if box.justify == "between" and count > 1:
        return start, box.gap + free / (count - 1)
    if box.justify == "around":
        return start + free / (2 * count), box.gap + free / count
    return start + (free if box.justify == "end" else free / 2), box.gap


def _across(how: str, free: float) -> float:
    if how == "end":
        return free
    return free / 2 if how == "centre" else 0.0


def _stacked(child: Box, inner: Rect) -> Rect:
    """Where a child of a stack stands: all over it, or in the corner or edge that `own` names."""
    if not child.own or child.own == "fill":
        return inner
    width, height = natural(child, inner.w)
    if child.height and child.height.share:
        height = child.height.of(inner.h)
    wide = "left" not in child.own and "right" not in child.own and "centre" not in child.own and not child.width
    width = inner.w if wide else min(width, inner.w)
    x = inner.x + _across(
        "end" if "right" in child.own else "start" if "left" in child.own else "centre", inner.w - width
    )
    y = inner.y + _across(
        "end" if "bottom" in child.own else "start" if "top" in child.own else "centre", inner.h - height
    )
    return Rect(x, y, width, height)
