"""Flat pictures are stored without loss, all others with their colours at full resolution."""

import io

import numpy as np
import PIL.Image
import pytest

from synth.encode import encode, flatness


def flat() -> np.ndarray:
    pixels = np.full((120, 200, 3), (250, 243, 221), np.uint8)
    pixels[40:60, 30:150] = (150, 22, 48)
    return pixels


def grained() -> np.ndarray:
    return np.random.default_rng(0).integers(90, 160, (120, 200, 3), np.uint8)


def test_flat_pictures_come_back_as_they_were():
    data, kind = encode(flat())
    image = PIL.Image.open(io.BytesIO(data))
    assert (kind, image.format) == ("png", "PNG")
    assert np.array_equal(np.asarray(image.convert("RGB")), flat())


def test_grain_becomes_jpeg_with_all_of_its_colour():
    data, kind = encode(grained())
    image = PIL.Image.open(io.BytesIO(data))
    assert (kind, image.format) == ("jpeg", "JPEG")
    assert all(layer[1:3] == (1, 1) for layer in image.layer)  # sampling factors of each channel
    assert np.abs(np.asarray(image).astype(int) - grained()).mean() < 4


@pytest.mark.parametrize("picture", [flat, grained])
def test_the_same_pixels_give_the_same_bytes(picture):
    assert encode(picture()) == encode(picture())


def test_flatness_counts_pixels_equal_to_the_one_on_their_left():
    assert flatness(flat()) > 0.95
    assert flatness(grained()) < 0.05
    assert flatness(np.zeros((5, 1, 3), np.uint8)) == 1.0


def test_narrow_pictures_are_stored_too():
    assert encode(np.zeros((3, 1, 3), np.uint8))[1] == "png"
