"""Sizes against the arithmetic of Qwen's processors, pixels against the image they come from."""

import io
import math

import numpy as np
import PIL.Image
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from annotate.picture import fit, picture

SIDES = st.integers(1, 40_000)


def qwen_size(width: int, height: int, least: int, most: int) -> tuple[int, int]:
    """What Qwen's `smart_resize` makes of an image, in tokens: each side rounded, or scaled into the budget."""
    assert max(width, height) <= 200 * min(width, height), "it refuses these"
    columns, rows = round(width / 28), round(height / 28)
    if columns * rows > most:
        scale = math.sqrt(most * 784 / (width * height))
        return max(1, math.floor(width * scale / 28)), max(1, math.floor(height * scale / 28))
    if columns * rows < least:
        scale = math.sqrt(least * 784 / (width * height))
        return math.ceil(width * scale / 28), math.ceil(height * scale / 28)
    return columns, rows


def decoded(jpeg: bytes) -> np.ndarray:
    return np.asarray(PIL.Image.open(io.BytesIO(jpeg)).convert("RGB"), np.uint8)


@given(SIDES, SIDES)
@example(1, 1)
@example(1, 40_000)
@example(40_000, 200)
def test_a_size_is_in_whole_tokens_within_the_budget(width, height):
    wide, high = fit(width, height)
    assert wide % 28 == high % 28 == 0
    assert 256 <= wide * high // 28**2 <= 1280
    assert max(wide, high) <= 200 * min(wide, high)


@given(SIDES, SIDES, st.integers(4, 2000))
def test_any_budget_is_kept(width, height, most):
    wide, high = fit(width, height, most)
    assert 0 < wide * high // 28**2 <= most
    assert wide * high // 28**2 >= min(256, most) or most < 300


@given(SIDES, SIDES)
@example(40_000, 1)
def test_the_server_takes_the_size_as_it_is(width, height):
    wide, high = fit(width, height)
    assert qwen_size(wide, high, 4, 16384) == (wide // 28, high // 28)


@given(SIDES, SIDES)
def test_the_shape_is_kept_no_worse_than_qwen_keeps_it(width, height):
    assume(max(width, height) <= 200 * min(width, height))
    columns, rows = qwen_size(width, height, 256, 1280)
    assume(256 <= columns * rows <= 1280 and max(columns, rows) <= 200 * min(columns, rows))
    assert distortion(fit(width, height), width / height) <= distortion((columns, rows), width / height) + 1e-9


@given(st.integers(2, 80), st.integers(256, 1280))
def test_a_size_within_the_budget_stays_as_it_is(rows, tokens):
    columns = tokens // rows
    assume(columns * rows >= 256 and columns <= 200 * rows)
    assert fit(28 * columns, 28 * rows) == (28 * columns, 28 * rows)


@given(SIDES, SIDES)
def test_portrait_is_landscape_turned(width, height):
    assume(width != height)
    assert fit(height, width) == fit(width, height)[::-1]


def distortion(size: tuple[int, int], ratio: float) -> float:
    return abs(math.log(size[0] / size[1] / ratio))


@pytest.mark.parametrize("size", [(1600, 1200), (300, 200), (560, 560), (4000, 20), (1, 1)])
def test_the_picture_shows_the_image(size):
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 200, width), np.linspace(0, 120, height))
    pixels = np.dstack([x, y, np.full_like(x, 240)]).astype(np.uint8)  # red grows to the right, green downwards
    made = picture(pixels)
    shown = decoded(made.jpeg)
    assert shown.shape == (made.height, made.width, 3)
    assert (made.width, made.height) == fit(width, height)
    assert made.tokens == made.width * made.height // 784
    expected = np.asarray(PIL.Image.fromarray(pixels).resize((made.width, made.height), PIL.Image.Resampling.BILINEAR))
    assert np.abs(shown.astype(int) - expected).mean() < 4


def test_small_print_survives_a_picture_that_is_only_re_encoded():
    pixels = np.random.default_rng(0).integers(0, 2, (56, 56), np.uint8).repeat(10, 0).repeat(10, 1) * 255
    made = picture(np.dstack([pixels] * 3))
    assert (made.width, made.height) == (560, 560)
    assert np.abs(decoded(made.jpeg)[..., 0].astype(int) - pixels).mean() < 3
