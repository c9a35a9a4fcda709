"""A thumbnail of 384 bytes and what differs between two of them: tells copies of a picture from its look-alikes.

A hash of 64 bits cannot see that two slides of one template say different things, or that two balloons have
different colours. The thumbnail can: re-encoding and resizing change its cells by a grey level or two, a change
of tone changes all cells by one curve, a small crop changes cells in proportion to their edges. What remains
after those is a change of content, and it is local. Own method; the edges' part follows Lucas and Kanade, "An
iterative image registration technique", 1981 (one step of a least-squares fit of shift and scale).
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from filters.image import Pixels

GREY, COLOUR = 16, 8
"""Sides in cells of the grey and of the two colour planes."""

LEAST_CONTRAST = 6.0
"""A standard deviation below this many grey levels counts as this: coding noise is a level or two in any picture."""

EDGE = 0.2
"""A cell is an edge if it differs from a neighbour by this share of the contrast."""

SLACK = 2.0
"""A cell may change by this many times what the typical edge cell changes, in proportion to its own edge."""

MOST_GAIN = 1.4
"""A stronger contrast also makes colours stronger, up to this factor."""

Plane = NDArray[np.float32]


def thumbnail(pixels: Pixels, tile: Pixels) -> bytes:
    """Of an RGB image and its 32×32 grey tile: 16×16 grey, then 8×8 Cr and 8×8 Cb (128 is grey), row by row."""
    grey = cv2.resize(tile, (GREY, GREY), interpolation=cv2.INTER_AREA)
    step = max(1, min(pixels.shape[:2]) // 128)  # 16 × 16 samples a cell are enough
    colours = cv2.resize(pixels[::step, ::step], (COLOUR, COLOUR), interpolation=cv2.INTER_AREA)
    colours = cv2.cvtColor(colours, cv2.COLOR_RGB2YCrCb)[..., 1:].transpose(2, 0, 1)
    return grey.tobytes() + colours.tobytes()


def differences(one: bytes, other: bytes) -> tuple[float, float]:
    """How much the content of two thumbnails differs, and how much their colours. Symmetric.

    Content: the largest change of a cell that neither tone nor a small shift or scale explains, as a share of the
    standard deviation of the cells (at least `LEAST_CONTRAST`); 0 for equal ones, 0.35 is visible. Colours: the
    largest difference of a Cr or Cb cell, 0 to 255.
    """
    if one == other:
        return 0.0, 0.0
    pair = [(_grey(data), _colours(data)) for data in sorted((one, other))]
    (flat, dull), (strong, vivid) = sorted(pair, key=lambda planes: planes[0].std())
    contrast = float(strong.std())
    change = np.abs(strong - _explained(flat, strong))
    edges = np.maximum(_edges(flat), _edges(strong))
    firm = edges > EDGE * contrast
    typical = float(np.median(change[firm] / edges[firm])) if firm.any() else 0.0
    content = float((change - SLACK * typical * edges).max())

    gain = min(contrast / max(float(flat.std()), 0.1), MOST_GAIN)
    colours = min(float(np.abs(vivid - dull * scale).max()) for scale in (1.0, gain))
    return max(0.0, content) / max(contrast, LEAST_CONTRAST), colours


def _grey(data: bytes) -> Plane:
    return np.frombuffer(data, np.uint8, GREY * GREY).reshape(GREY, GREY).astype(np.float32)


def _colours(data: bytes) -> Plane:
    return np.frombuffer(data, np.uint8, offset=GREY * GREY).astype(np.float32) - 128


_ACROSS = np.tile(np.linspace(-1, 1, GREY, dtype=np.float32), (GREY, 1))


def _explained(source: Plane, target: Plane) -> Plane:
    """The best fit of target by source under a quadratic tone curve and a small shift and scale along each axis."""
    tone = (source - 128) / 64
    down, across = np.gradient(source)
    terms: list[Any] = [np.ones_like(tone), tone, tone * tone, across, across * _ACROSS, down, down * _ACROSS.T]
    matrix = np.stack(terms, axis=-1).reshape(-1, len(terms))
    ridge = 0.01 * np.eye(len(terms), dtype=np.float32)  # flat pictures have no slopes to fit
    weights = np.linalg.solve(matrix.T @ matrix + ridge, matrix.T @ target.ravel())
    return (matrix @ weights).reshape(source.shape).astype(np.float32)


def _edges(plane: Plane) -> Plane:
    """The largest difference of each cell from its four neighbours."""
    edges = np.zeros_like(plane)
    down, across = np.abs(np.diff(plane, axis=0)), np.abs(np.diff(plane, axis=1))
    for cells, step in ((np.s_[1:], down), (np.s_[:-1], down), (np.s_[:, 1:], across), (np.s_[:, :-1], across)):
        edges[cells] = np.maximum(edges[cells], step)
    return edges
