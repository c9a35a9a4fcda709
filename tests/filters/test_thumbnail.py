"""The thumbnail tells copies of a picture from pictures of the same layout and from another moment of the scene."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.image import Image
from filters.phash import grey_tile, luma
from filters.registration import Frame, framed, register
from filters.thumbnail import differences, opened, thumbnail

DEMO = Path(__file__).parents[2] / "demo/images"
PHOTO = Image((DEMO / "nature/budgie_canyon_wren.jpg").read_bytes()).rgb()
HEIGHT, WIDTH = PHOTO.shape[:2]


def of(pixels: np.ndarray) -> bytes:
    pixels = np.ascontiguousarray(pixels)
    return thumbnail(pixels, grey_tile(luma(pixels)))


def differ(one: np.ndarray, other: np.ndarray, frame: Frame | None = None) -> tuple[float, float]:
    """In a frame, or in that which the search finds."""
    whole, part = opened(of(one)), opened(of(other))
    return differences(whole, part, frame or register(whole.grey, part.grey, Frame()))


def slide(text: str, colour: tuple[int, int, int] = (20, 60, 160)) -> np.ndarray:
    page = np.full((540, 960, 3), 255, np.uint8)
    page[:90] = colour
    for line, words in enumerate(["First point of this slide", text, "Third point, as before"]):
        cv2.putText(page, words, (60, 180 + 110 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 3)
    return page


def test_layout() -> None:
    data = of(np.full((300, 200, 3), (255, 0, 0), np.uint8))
    assert len(data) == 32 * 32 + 2 * 16 * 16
    assert set(data[:1024]) == {76}
    assert set(data[1024:1280]) == {255}  # Cr
    assert set(data[1280:]) == {85}  # Cb


def test_opened_the_other_way_round() -> None:
    turned, mirrored = opened(of(PHOTO), mirrored=True), opened(of(PHOTO[:, ::-1]))
    assert np.abs(turned.grey - mirrored.grey).max() <= 1
    assert np.abs(np.array(turned.colours) - np.array(mirrored.colours)).max() < 8  # samples are taken from the left


def test_equal_ones_do_not_differ() -> None:
    content, colours = differ(PHOTO, PHOTO, Frame())
    assert content < 0.01
    assert colours == 0


@pytest.mark.parametrize("factor", [0.4, 1.5])
def test_copy_of_another_size_does_not_differ(factor: float) -> None:
    content, colours = differ(PHOTO, cv2.resize(PHOTO, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
    assert content < 0.3
    assert colours < 6


@pytest.mark.parametrize("gamma", [0.8, 1.25])
def test_tone_is_explained(gamma: float) -> None:
    assert differ(PHOTO, (255 * (PHOTO / 255) ** gamma).astype(np.uint8))[0] < 0.7


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1])
def test_a_crop_is_explained_by_its_frame(share: float) -> None:
    down, across = round(HEIGHT * share / 2), round(WIDTH * share / 2)
    crop = PHOTO[down:-down, across:-across]
    assert differ(PHOTO, crop)[0] < 0.7
    assert differ(crop, PHOTO)[0] < 0.7
    half = share / 2
    assert differ(PHOTO, crop, framed(half, half, 1 - half, 1 - half))[0] < 0.7


def test_a_border_is_explained_by_its_frame() -> None:
    framed_photo = cv2.copyMakeBorder(PHOTO, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    assert differ(framed_photo, PHOTO)[0] < 1


@pytest.mark.parametrize("place", [(0.1, 0.1), (0.5, 0.3), (0.7, 0.75)])
def test_something_new_in_the_scene_differs(place: tuple[float, float]) -> None:
    """A sixth of the shorter side, cut from elsewhere in the same picture."""
    side = HEIGHT // 6
    y, x = round(place[0] * HEIGHT), round(place[1] * WIDTH)
    other = PHOTO.copy()
    other[y : y + side, x : x + side] = PHOTO[HEIGHT - y - side : HEIGHT - y, WIDTH - x - side : WIDTH - x]
    assert differ(PHOTO, other)[0] > 1.5


@pytest.mark.parametrize("text", ["Second line, not the same", "Two", "Something else is said here now"])
def test_other_words_on_the_same_slide_differ(text: str) -> None:
    assert differ(slide("Another point of it"), slide(text))[0] > 1


def test_other_colours_differ() -> None:
    blue, red = slide("Second point", (60, 60, 200)), slide("Second point", (148, 40, 40))
    assert differ(blue, red)[1] > 18


def test_pictures_that_do_not_nest_are_not_compared() -> None:
    assert differ(PHOTO, PHOTO, framed(0.1, 0.0, 1.1, 1.0)) == (math.inf, math.inf)


@given(st.binary(min_size=1536, max_size=1536), st.binary(min_size=1536, max_size=1536))
def test_any_bytes_compare(one: bytes, other: bytes) -> None:
    content, colours = differences(opened(one), opened(other), Frame())
    assert content >= 0
    assert 0 <= colours <= 255 * 1.5
    assert np.isfinite([content, colours]).all()
