"""Known text is read back from its known boxes, whatever way it lies; what is not known is not judged."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import cv2
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.image import Image
from filters.text_accuracy import Known, TextAccuracy, cut, errors, known_lines

SIZE = (640, 480)
TEXT = "Seven Mile Bridge"


def line(text: str, corners: Any, levels: str = "", **changes: Any) -> dict[str, Any]:
    made = {"text": text, "language": "en", "direction": "horizontal", "quad": np.asarray(corners).ravel().tolist()}
    return made | {"characters": list(text), "levels": levels or "0" * len(text)} | changes


def annotation(*lines: dict[str, Any]) -> str:
    return json.dumps({"synthesis": {"lines": lines}})


def encoded(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def written(text: str = TEXT, size: int = 40, at: tuple[int, int] = (120, 200)) -> tuple[np.ndarray, np.ndarray]:
    """A white picture with black `text`, and the corners of its ink [4, 2]."""
    picture = PIL.Image.new("RGB", SIZE, "white")
    draw = PIL.ImageDraw.Draw(picture)
    font = PIL.ImageFont.load_default(size)
    draw.text(at, text, "black", font=font)
    left, top, right, bottom = draw.textbbox(at, text, font=font)
    return np.asarray(picture), np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def warped(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    pixels, corners = written()
    moved = cv2.perspectiveTransform(corners[None], matrix)[0]
    return cv2.warpPerspective(pixels, matrix, SIZE, borderValue=(255, 255, 255)), moved


def measure(pixels: np.ndarray, *lines: dict[str, Any]) -> dict[str, float]:
    return TextAccuracy().measure(Image(encoded(pixels), annotation(*lines)))


def turn(degrees: float) -> np.ndarray:
    return np.vstack([cv2.getRotationMatrix2D((320, 240), degrees, 1.0), [0, 0, 1]]).astype(np.float32)


SLANT = cv2.getPerspectiveTransform(
    np.array([[0, 0], [640, 0], [640, 480], [0, 480]], np.float32),
    np.array([[60, 90], [560, 20], [620, 470], [10, 380]], np.float32),
)


@pytest.mark.parametrize("matrix", [np.eye(3, dtype=np.float32), turn(30), turn(90), turn(180), SLANT])
def test_a_line_is_read_whatever_way_it_lies(matrix: np.ndarray) -> None:
    pixels, corners = warped(matrix)
    signals = measure(pixels, line(TEXT, corners))
    assert signals["cer"] == 0
    assert signals["lines"] == 1
    assert all(math.isnan(signals[f"cer_level{level}"]) for level in (1, 2, 3))


def test_large_images_are_read_at_their_own_scale() -> None:
    pixels, corners = written()
    large = cv2.resize(pixels, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    assert measure(large, line(TEXT, corners * 5))["cer"] == 0


def test_text_that_is_not_there_is_all_wrong() -> None:
    pixels, corners = written()
    assert measure(pixels, line(TEXT, corners + 150))["cer"] == 1
    assert measure(pixels, line("Seven Mile Bridges", corners))["cer"] == pytest.approx(1 / 16)
    both = measure(pixels, line(TEXT, corners), line(TEXT, corners + 150))
    assert (both["cer"], both["lines"]) == (0.5, 2)


def test_a_column_is_read_downwards() -> None:
    picture = PIL.Image.new("RGB", SIZE, "white")
    draw, font = PIL.ImageDraw.Draw(picture), PIL.ImageFont.load_default(48)
    for at, letter in enumerate("HOTEL"):
        draw.text((300, 60 + 60 * at), letter, "black", font=font, anchor="mt")
    corners = np.array([[275, 55], [325, 55], [325, 345], [275, 345]], np.float32)
    turned = line("HOTEL", corners, direction="vertical")
    made = cut(np.asarray(picture), known_lines(annotation(turned))[0], np.ones(2, np.float32))
    assert made.shape[0] == 48
    assert made.shape[1] > 3 * 48
    upright = cv2.rotate(np.asarray(picture)[55:345, 275:325], cv2.ROTATE_90_COUNTERCLOCKWISE)
    small = cv2.resize(upright, (made.shape[1] - 30, 44), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(made[2:46, 15:-15].ravel(), small.ravel())[0, 1] > 0.8


def test_errors_count_for_the_level_of_the_character() -> None:
    known = Known(tuple("的砼 瀵"), (1, 2, 0, 3), np.zeros((4, 2), np.float32), False)
    found = errors(known, "x的 瀵")
    assert (found.wrong, found.total) == (2, 3)
    assert (found.level_wrong, found.level_total) == ((0, 1, 0), (1, 1, 1))


def test_marks_and_widths_that_look_alike_are_alike() -> None:
    text = "“Ａ，Ｂ” – it’s…"
    known = Known(tuple(text), (0,) * len(text), np.zeros((4, 2), np.float32), False)
    assert errors(known, '"A,B" -it\'s...').wrong == 0


def test_punctuation_of_columns_is_not_compared() -> None:
    known = Known(tuple("字：典。"), (1, 0, 1, 0), np.zeros((4, 2), np.float32), True)
    assert errors(known, "字·典°").wrong == 0
    assert errors(known, "字一典").wrong == 1


@given(st.text(max_size=30), st.text(max_size=30), st.booleans())
def test_errors_are_bounded_and_none_for_the_text_itself(text: str, read: str, vertical: bool) -> None:
    known = Known(tuple(text), (1,) * len(text), np.zeros((4, 2), np.float32), vertical)
    found = errors(known, read)
    assert 0 <= sum(found.level_wrong) <= found.total
    assert sum(found.level_wrong) <= found.wrong
    assert errors(known, text).wrong == 0


@pytest.mark.parametrize(
    "text",
    [None, "{}", "not JSON", '{"caption": "x"}', annotation(), annotation(line("مرحبا", np.zeros(8), language="ar"))],
)
def test_images_without_known_text_pass(text: str | None) -> None:
    stage = TextAccuracy(max_cer=0)
    signals = stage.measure(Image(encoded(written()[0]), text))
    assert set(signals) == {signal.name for signal in stage.signals}
    assert all(map(math.isnan, signals.values()))
    assert stage.verdict(signals) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"synthesis": 1}',
        '{"synthesis": {"lines": [{}]}}',
        annotation(line("ab", np.zeros(7))),
        annotation(line("ab", np.zeros(8), levels="0")),
        annotation(line("ab", [float("nan")] * 8)),
    ],
)
def test_lines_that_say_something_else_fail_the_image(text: str) -> None:
    with pytest.raises(ValueError, match="the annotation's lines cannot be read"):
        known_lines(text)


def test_a_box_without_area_or_far_outside_costs_nothing() -> None:
    pixels, _ = written()
    for corners in (np.zeros(8), np.full(8, 1e4), np.array([0, 0, 9, 9, 9, 9, 0, 0])):
        assert measure(pixels, line("ab", corners))["cer"] >= 0.5


def test_the_threshold_decides() -> None:
    assert TextAccuracy().verdict({"cer": 0.9}) is None
    assert "max_cer 0.1" in (TextAccuracy(max_cer=0.1).verdict({"cer": 0.2}) or "")
    for wrong in (-0.1, math.nan):
        with pytest.raises(ValueError, match="max_cer"):
            TextAccuracy(max_cer=wrong)
