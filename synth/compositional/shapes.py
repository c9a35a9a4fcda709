"""Outlines: polygons [n, 2] in pixels, clockwise, with points close enough together to be bent."""

from __future__ import annotations

import numpy as np

from synth.compositional.view import Points

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""


def rectangle(box: Rectangle, radius: float = 0.0) -> Points:
    """A rectangle, its corners rounded by `radius`."""
    left, top, right, bottom = box
    if radius <= 0:
        return dense(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float))
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    centres = [(right - radius, top + radius), (right - radius, bottom - radius),
               (left + radius, bottom - radius), (left + radius, top + radius)]  # fmt: skip
    parts = [
        arc(centre, radius, -np.pi / 2 + turn * np.pi / 2, turn * np.pi / 2) for turn, centre in enumerate(centres)
    ]
    return dense(np.concatenate(parts))


def arc(centre: tuple[float, float], radius: float, start: float, end: float, count: int = 9) -> Points:
    """Points on a circle, angles in radians from the x axis towards y."""
    angles = np.linspace(start, end, count)
    return np.array(centre) + radius * np.stack([np.cos(angles), np.sin(angles)], 1)


def circle(centre: tuple[float, float], radius: float) -> Points:
    return arc(centre, radius, 0, 2 * np.pi, 25)[:-1]


def dense(polygon: Points, step: float = 24.0) -> Points:
    """The same polygon with a point at least every `step` pixels."""
    parts = []
    for one, other in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        count = max(1, int(np.hypot(*(other - one)) / step))
        parts.append(one + (other - one) * (np.arange(count) / count)[:, None])
    return np.concatenate(parts)


def inset(box: Rectangle, by: float, down: float | None = None) -> Rectangle:
    """A rectangle smaller by `by` on the left and right, by `down` (or the same) above and below."""
    down = by if down is None else down
    return box[0] + by, box[1] + down, box[2] - by, box[3] - down


def turned(polygon: Points, centre: tuple[float, float], angle: float) -> Points:
    """The polygon rotated by `angle` radians."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array(centre) + (polygon - np.array(centre)) @ np.array([[c, s], [-s, c]])
