"""From the flat raster of a carrier to the image: bending, perspective, area averaging. Points go exactly as pixels do.

Coordinates are continuous: the pixel in column 0 reaches from 0 to 1, its middle is 0.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.view import Matrix, Points, inverse, moved
from synth.sample import Quad

SUPER = 2
"""Samples a pixel in each direction, then averaged."""

CELL = 8
"""The map is computed for every eighth sample and interpolated: it bends less than 0.01 pixel in between."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in whole pixels."""


@dataclass(frozen=True)
class Bend:
    """A sheet that is not flat: y moves by a wave of x, then x by a wave of the new y; each step can be undone exactly.

    Each wave: height and length in pixels, and phase in radians.
    """

    down: tuple[float, float, float] = (0.0, 1.0, 0.0)
    across: tuple[float, float, float] = (0.0, 1.0, 0.0)

    def bent(self, points: Points) -> Points:
        """Points [n, 2] of the flat sheet, on the bent one."""
        x, y = points[:, 0], points[:, 1]
        y = y + wave(x, self.down)
        return np.stack([x + wave(y, self.across), y], 1)

    def flat(self, x: Points, y: Points) -> tuple[Points, Points]:
        """Where points of the bent sheet lie on the flat one."""
        x = x - wave(y, self.across)
        return x, y - wave(x, self.down)

    def slopes(self, x: Points, y: Points) -> tuple[Points, Points]:
        """Steepness of the two waves at points of the flat sheet."""
        return steepness(x, self.down), steepness(y, self.across)


def wave(at: Points, shape: tuple[float, float, float]) -> Points:
    high, long, phase = shape
    return high * np.sin(at * (2 * np.pi / long) + phase)


def steepness(at: Points, shape: tuple[float, float, float]) -> Points:
    high, long, phase = shape
    return high * 2 * np.pi / long * np.cos(at * (2 * np.pi / long) + phase)


@dataclass(frozen=True)
class Warp:
    """A bend and then a homography, from raster to image coordinates."""

    matrix: Matrix
    bend: Bend = Bend()

    @cached_property
    def back(self) -> Matrix:
        """From the image to the bent raster."""
        return inverse(self.matrix)

    def points(self, points: Points) -> Points:
        """Points [n, 2] of the raster in the image."""
        return moved(self.matrix, self.bend.bent(np.asarray(points, float)))

    def source(self, x: Points, y: Points) -> tuple[Points, Points]:
        """Where points of the image lie in the raster."""
        h = self.back
        depth = h[2, 0] * x + h[2, 1] * y + h[2, 2]
        return self.bend.flat(
            (h[0, 0] * x + h[0, 1] * y + h[0, 2]) / depth, (h[1, 0] * x + h[1, 1] * y + h[1, 2]) / depth
        )

    def scale(self, at: Points) -> float:
        """The least enlargement at a point [2] of the raster, image pixels a raster pixel."""
        step = self.points(np.asarray(at) + np.array([[0, 0], [1, 0], [0, 1.0]]))
        return float(np.linalg.svd(np.stack([step[1] - step[0], step[2] - step[0]]), compute_uv=False)[1])

    def maps(self, box: Box, samples: int) -> NDArray[np.float32]:
        """Raster coordinates of every sample of the image's `box`, float32 [h·samples, w·samples, 2], for remap."""
        left, top, right, bottom = box
        width, height = (right - left) * samples, (bottom - top) * samples
        columns, rows = -(-width // CELL) + 2, -(-height // CELL) + 2
        x = left + ((np.arange(columns) - 0.5) * CELL) / samples  # middle of the cell, one cell more on each side
        y = top + ((np.arange(rows) - 0.5) * CELL) / samples
        grid = np.stack(self.source(x[None], y[:, None]), 2).astype(np.float32) - np.float32(0.5)
        fine = cv2.resize(grid, (columns * CELL, rows * CELL), interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine[CELL : CELL + height, CELL : CELL + width], np.float32)

    def render(self, raster: NDArray[np.uint8], box: Box, samples: int = SUPER) -> NDArray[np.uint8]:
        """The raster (uint8 [h, w] or [h, w, c], transparent or 0 outside) as it looks in the image's `box`."""
        x, y = cv2.split(self.maps(box, samples))
        fine = cv2.remap(raster, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        if samples == 1:
            return np.asarray(fine, np.uint8)
        size = (box[2] - box[0], box[3] - box[1])
        return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), np.uint8)

    def quads(self, boxes: Points) -> list[Quad]:
        """Rectangles of the raster, [n, 4] (left, top, right, bottom), as quads of the image."""
        corners = np.asarray(boxes, float)[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
        return [as_quad(four) for four in self.points(corners).reshape(-1, 4, 2)]


def as_quad(points: Points) -> Quad:
    """Four points [4, 2] as eight plain numbers."""
    a, b, c, d, e, f, g, h = np.round(points.ravel(), 3).tolist()
    return a, b, c, d, e, f, g, h


def around(quad: Quad, quads: list[Quad]) -> Quad:
    """`quad` of a line, its edges moved out until no character of `quads` sticks out: a bent line is not straight."""
    ends, points = np.array(quad).reshape(4, 2), np.array(quads).reshape(-1, 2)
    along = np.roll(ends, -1, 0) - ends
    outward = np.stack([along[:, 1], -along[:, 0]], 1)
    outward /= np.hypot(outward[:, 0], outward[:, 1])[:, None]
    outward *= np.sign((outward * (ends - ends.mean(0))).sum(1))[:, None]
    reach = np.maximum((points @ outward.T).max(0), (ends * outward).sum(1))  # each edge: outward · point = reach
    before, limit = np.roll(outward, 1, 0), np.roll(reach, 1)
    met = np.linalg.solve(np.stack([before, outward], 1), np.stack([limit, reach], 1)[..., None])
    return as_quad(met[..., 0])
