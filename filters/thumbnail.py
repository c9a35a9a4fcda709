"""A thumbnail of 1,536 bytes and what differs between two of them: tells copies of a picture from its look-alikes.

A hash of 64 bits cannot see that two slides of one template say different things, that somebody walked into the
scene, or that two balloons have different colours. The thumbnail can. Re-encoding and resizing change a cell by a
grey level or two, a change of tone changes all cells by one curve, and a crop, once it is laid over the original
(filters/registration.py), leaves the errors of interpolation, in proportion to the cell's edges. What remains is a
change of content, and it is local: so the worst place counts, not the mean. Own method.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np

from filters.image import Pixels
from filters.registration import SIDE, Frame, Mask, Plane, inside, warped

COLOUR = 16
"""Side in cells of the two colour planes; the grey plane has 32."""

LEAST_CONTRAST = 6.0
"""A standard deviation below this many grey levels counts as this: coding noise is a level or two in any picture."""

NOISE, TONE, EDGE, EDGE_MOVED, EDGE_MOST = 1.2, 0.08, 0.04, 12.0, 0.2
"""What a cell may change by: grey levels, a share of the contrast (clipping bends the curve of tone), and a share of
its edges, more the further the frame moves its sides, up to a most."""

STILL = 0.006
"""Where no side moves by this much, cells at the rim are compared too; elsewhere a border may blend into them."""

LEAST_SEEN = 500
"""Of 1,024 cells."""

MOST_GAIN = 1.5
"""A stronger contrast also makes colours stronger, up to this factor."""


class Thumbnail(NamedTuple):
    """Opened: grey levels [32, 32], and Cr and Cb less 128, [32, 32] each."""

    grey: Plane
    colours: tuple[Plane, Plane]


def thumbnail(pixels: Pixels, tile: Pixels) -> bytes:
    """Of an RGB image and its 32×32 grey tile: the tile, then 16×16 Cr and 16×16 Cb (128 is grey), row by row."""
    step = max(1, min(pixels.shape[:2]) // 128)  # 8 × 8 samples a cell are enough
    colours = cv2.resize(pixels[::step, ::step], (COLOUR, COLOUR), interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(colours, cv2.COLOR_RGB2YCrCb)[..., 1:].transpose(2, 0, 1)
    return tile.tobytes() + colours.tobytes()


def opened(data: bytes, mirrored: bool = False) -> Thumbnail:
    """A thumbnail's planes, turned round from left to right if `mirrored`."""
    grey = np.frombuffer(data, np.uint8, SIDE * SIDE).reshape(SIDE, SIDE).astype(np.float32)
    colours = np.frombuffer(data, np.uint8, offset=SIDE * SIDE).reshape(2, COLOUR, COLOUR).astype(np.float32) - 128
    step = -1 if mirrored else 1
    red, blue = (cv2.resize(plane[:, ::step], (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) for plane in colours)
    return Thumbnail(np.ascontiguousarray(grey[:, ::step]), (np.asarray(red), np.asarray(blue)))


def differences(whole: Thumbnail, part: Thumbnail, frame: Frame) -> tuple[float, float]:
    """How much the content of two thumbnails differs, and how much their colours, where `frame` lays one in the other.

    Content: the largest change that neither tone nor interpolation explains, of 3×3 cells, in multiples of what they
    do explain; up to 1 is a copy. Colours: the largest difference of Cr or Cb of 3×3 cells, 0 to 255. Both are
    infinite if neither picture lies within the other.
    """
    seen = inside(frame, 0.5 if frame.moves < STILL else 1)
    if not frame.nests or np.count_nonzero(seen) < LEAST_SEEN:
        return math.inf, math.inf
    moved = warped(whole.grey, frame, cv2.INTER_CUBIC)
    mean = Mean(seen)
    slack = EDGE + min(EDGE_MOVED * frame.moves, EDGE_MOST)
    content = min(_change(moved, part.grey, mean, slack), _change(part.grey, moved, mean, slack))
    return content, _recoloured([warped(plane, frame, cv2.INTER_LINEAR) for plane in whole.colours], part.colours, mean)


class Mean:
    """The mean of 3×3 cells, of those that are `seen`."""

    def __init__(self, seen: Mask):
        self.seen = seen
        self._shown = seen.astype(np.float32)
        self._count = np.maximum(self._sum(self._shown), 1)

    def of(self, plane: Plane) -> Plane:
        """Of the seen cells, in one row."""
        return np.asarray((self._sum(plane * self._shown) / self._count)[self.seen])

    def _sum(self, plane: Plane) -> Plane:
        return np.asarray(cv2.boxFilter(plane, -1, (3, 3), normalize=False, borderType=cv2.BORDER_CONSTANT))


def _change(source: Plane, target: Plane, mean: Mean, slack: float) -> float:
    """The largest change of target against source under the best cubic curve of tone, in multiples of what is allowed.

    In one direction only a curve may exist: where the other picture is clipped, the way back is lost.
    """
    toned = _toned(source, target, mean.seen)
    contrast = max(float(target[mean.seen].std()), LEAST_CONTRAST)
    edges = np.maximum(_edges(toned), _edges(target))
    allowed = NOISE + TONE * contrast + slack * mean.of(edges)
    return float((np.abs(mean.of(target - toned)) / allowed).max())


def _toned(source: Plane, target: Plane, seen: Mask) -> Plane:
    tone = (source - 128) / 64
    terms = np.stack([np.ones_like(tone), tone, tone * tone, tone**3])
    known = terms[:, seen].astype(np.float64)
    weights = np.linalg.solve(known @ known.T + 0.01 * np.eye(len(terms)), known @ target[seen])
    return np.tensordot(weights, terms, 1).astype(np.float32)


def _edges(plane: Plane) -> Plane:
    """The largest difference of each cell from its four neighbours."""
    edges = np.zeros_like(plane)
    down, across = np.abs(np.diff(plane, axis=0)), np.abs(np.diff(plane, axis=1))
    for cells, step in ((np.s_[1:], down), (np.s_[:-1], down), (np.s_[:, 1:], across), (np.s_[:, :-1], across)):
        edges[cells] = np.maximum(edges[cells], step)
    return edges


def _recoloured(ones: list[Plane], others: tuple[Plane, Plane], mean: Mean) -> float:
    """The largest difference of colours, in the weaker's levels, once they are made equally strong."""
    pairs = list(zip(ones, others, strict=True))
    shared = 50 + sum(float((one * other)[mean.seen].sum()) for one, other in pairs)
    own = 50 + sum(float((one * one)[mean.seen].sum()) for one, _ in pairs)
    gain = min(max(shared / own, 1 / MOST_GAIN), MOST_GAIN)
    return max(float(np.abs(mean.of(other - gain * one)).max()) for one, other in pairs) / max(1.0, gain)
