"""The thumbnail tells copies of a picture from pictures of the same layout."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.image import Image
from filters.phash import grey_tile
from filters.thumbnail import differences, thumbnail

DEMO = Path(__file__).parents[2] / "demo/images"
PHOTO = Image((DEMO / "nature/budgie_canyon_wren.jpg").read_bytes()).pixels()


def of(pixels: np.ndarray) -> bytes:
    return thumbnail(pixels, grey_tile(pixels))


def slide(text: str, colour: tuple[int, int, int] = (20, 60, 160)) -> np.ndarray:
    page = np.full((540, 960, 3), 255, np.uint8)
    page[:90] = colour
    for line, words in enumerate(["First point of this slide", text, "Third point, as before"]):
        cv2.putText(page, words, (60, 180 + 110 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    return page


def test_layout() -> None:
    data = of(np.full((300, 200, 3), (255, 0, 0), np.uint8))
    assert len(data) == 16 * 16 + 2 * 8 * 8
    assert set(data[:256]) == {76}
    assert set(data[256:320]) == {255}  # Cr
    assert set(data[320:]) == {85}  # Cb


def test_equal_ones_do_not_differ() -> None:
    assert differences(of(PHOTO), of(PHOTO)) == (0.0, 0.0)


def test_smaller_copy_does_not_differ() -> None:
    content, colours = differences(of(PHOTO), of(cv2.resize(PHOTO, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)))
    assert content < 0.1
    assert colours < 6


def test_tone_and_small_crop_are_explained() -> None:
    height, width = PHOTO.shape[:2]
    toned = (255 * (PHOTO / 255) ** 0.8).astype(np.uint8)
    cropped = np.ascontiguousarray(PHOTO[height // 200 : -height // 200, width // 200 : -width // 200])
    assert differences(of(PHOTO), of(toned))[0] < 0.2
    assert differences(of(PHOTO), of(cropped))[0] < 0.3


@pytest.mark.parametrize("text", ["Second line, not the same", "Two", "Something else is said here now"])
def test_other_words_on_the_same_slide_differ(text: str) -> None:
    assert differences(of(slide("Another point of it")), of(slide(text)))[0] > 0.35


def test_other_colours_differ() -> None:
    blue, red = slide("Second point", (60, 60, 200)), slide("Second point", (148, 40, 40))
    assert differences(of(blue), of(red))[1] > 24


@given(st.binary(min_size=384, max_size=384), st.binary(min_size=384, max_size=384))
def test_any_bytes_compare_alike_both_ways(one: bytes, other: bytes) -> None:
    content, colours = differences(one, other)
    assert (content, colours) == differences(other, one)
    assert content >= 0
    assert 0 <= colours <= 255 * 1.4
    assert np.isfinite([content, colours]).all()
