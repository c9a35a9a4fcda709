"""Pixelated parts are found in real photographs; what repeats in them by itself is not taken for one."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.image import Image
from filters.mosaic import mosaic, pixelated

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("people", "nature", "places", "camera")][::3]


def squared(pixels: np.ndarray, cell: int, region: tuple[slice, slice]) -> np.ndarray:
    """`pixels` with `region` made of squares of `cell` px."""
    part = pixels[region]
    size = part.shape[1] // cell, part.shape[0] // cell
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    squares = small.repeat(cell, 0).repeat(cell, 1)
    made = pixels.copy()
    made[region][: squares.shape[0], : squares.shape[1]] = squares
    return made


def grey(pixels: np.ndarray, quality: int | None = None) -> np.ndarray:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG" if quality else "BMP", quality=quality or 0)
    return Image(buffer.getvalue()).grey(2048)


@pytest.fixture(scope="module")
def photos() -> list[np.ndarray]:
    return [Image(path.read_bytes()).pixels() for path in PHOTOS]


@pytest.mark.parametrize(("quality", "least"), [(None, 0.85), (90, 0.85), (75, 0.75)])
def test_a_hidden_part_is_found(photos: list[np.ndarray], quality: int | None, least: float) -> None:
    assert len(photos) >= 12
    found = []
    for photo in photos:
        cell = max(photo.shape) // 32
        region = slice(cell, 10 * cell), slice(2 * cell, 14 * cell)
        found.append(pixelated(grey(squared(photo, cell, region), quality)) > 0.004)
    assert np.mean(found) >= least


def test_the_share_is_that_of_the_part(photos: list[np.ndarray]) -> None:
    photo = max(photos, key=lambda pixels: pixels.std())
    whole = np.s_[:, :]
    half = np.s_[:, : photo.shape[1] // 2]
    shares = [pixelated(grey(squared(photo, 16, region))) for region in (half, whole)]
    assert 0.2 < shares[0] < 0.6
    assert shares[1] > shares[0] + 0.2


@pytest.mark.parametrize("kind", ["chequer", "stripes", "text", "brick"])
def test_what_repeats_by_itself_is_no_mosaic(kind: str) -> None:
    picture = np.full((480, 640), 200, np.uint8)
    if kind == "chequer":
        picture = np.kron(np.indices((8, 10)).sum(0) % 2 * 200, np.ones((80, 80))).astype(np.uint8)
    elif kind == "stripes":
        picture[:, ::12] = 40
    elif kind == "text":
        for row in range(20, 470, 16):
            cv2.putText(picture, "lorem ipsum dolor sit amet", (5, row), cv2.FONT_HERSHEY_PLAIN, 1, 0, 1, cv2.LINE_AA)
    else:
        for row in range(0, 480, 24):
            picture[row : row + 2] = 90
            picture[row : row + 24, (row // 24 % 2) * 24 :: 48] = 90
    assert pixelated(picture) <= 0.004


def test_the_working_copy_is_measured(photos: list[np.ndarray]) -> None:
    buffer = io.BytesIO()
    whole = squared(photos[0], 12, np.s_[:, :])
    PIL.Image.fromarray(whole.repeat(5, 0).repeat(5, 1)).save(buffer, "BMP")
    assert max(Image(buffer.getvalue()).grey(2048).shape) < 5 * max(whole.shape)
    assert mosaic(Image(buffer.getvalue())) > 0.3


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 40), st.integers(0, 15), st.integers(0, 15))
def test_squares_of_any_side_anywhere(side: int, down: int, right: int) -> None:
    levels = np.random.default_rng(side).integers(0, 256, (20, 24), np.uint8)
    picture = levels.repeat(side, 0).repeat(side, 1)[down:, right:]
    assert pixelated(picture) > 0.6


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 255))
def test_any_shape_can_be_measured(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    assert 0 <= pixelated(noise) <= 1
    assert pixelated(np.full((height, width), seed, np.uint8)) == 0
