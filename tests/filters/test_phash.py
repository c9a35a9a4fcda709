"""The perceptual hash is that of the ImageHash library, bit for bit."""

import io
from pathlib import Path

import imagehash
import numpy as np
import PIL.Image
import pytest
import scipy.fftpack
from hypothesis import given
from hypothesis import strategies as st

from filters.image import Image
from filters.phash import distance, grey_tile, hash_bits, low_frequencies, luma, phash

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(p for p in DEMO.rglob("*.*") if p.suffix in (".jpg", ".png", ".webp"))


def library(pixels: np.ndarray) -> str:
    return str(imagehash.phash(PIL.Image.fromarray(pixels)))


def hexadecimal(pixels: np.ndarray) -> str:
    return f"{phash(pixels):016x}"


def test_demo_images() -> None:
    assert len(FILES) > 50
    for file in FILES:
        pixels = Image(file.read_bytes()).pixels()
        assert hexadecimal(pixels) == library(pixels), file


def test_rotated_by_exif() -> None:
    upright = PIL.Image.open(FILES[0]).convert("RGB")
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    stored = io.BytesIO()
    upright.transpose(PIL.Image.Transpose.ROTATE_90).save(stored, "PNG", exif=exif)
    assert hexadecimal(Image(stored.getvalue()).pixels()) == str(imagehash.phash(upright))


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 256]))
def test_random_images(height: int, width: int, seed: int, levels: int) -> None:
    noise = np.random.default_rng(seed).integers(0, levels, (height, width, 3)) * (255 // max(1, levels - 1))
    pixels = noise.astype(np.uint8)
    assert hexadecimal(pixels) == library(pixels)


def ramp(axis: int) -> np.ndarray:
    line = np.linspace(3, 250, 100).astype(np.uint8)
    return np.broadcast_to(line[:, None, None] if axis == 0 else line[None, :, None], (100, 100, 3)).copy()


DEGENERATE = {
    "black": np.zeros((100, 100, 3), np.uint8),
    "white": np.full((64, 31, 3), 255, np.uint8),
    "grey": np.full((7, 500, 3), 119, np.uint8),
    "one pixel": np.full((1, 1, 3), 9, np.uint8),
    "one row": np.arange(3000, dtype=np.uint8).reshape(1, 1000, 3),
    "ramp down": ramp(0),
    "ramp across": ramp(1),
    "one white pixel": np.pad(np.full((1, 1, 3), 255, np.uint8), ((40, 59), (10, 89), (0, 0))),
    "checkers": np.kron(np.indices((10, 10)).sum(axis=0) % 2, np.ones((10, 10)))[..., None]
    .repeat(3, 2)
    .astype(np.uint8)
    * 255,
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_images(name: str) -> None:
    """Where coefficients tie at the median the bits are rounding errors; those too are the library's."""
    assert hexadecimal(DEGENERATE[name]) == library(DEGENERATE[name])


def test_transform_is_scipys() -> None:
    random = np.random.default_rng(0)
    for number in range(2000):
        tile = random.integers(0, 256, (32, 32)).astype(np.uint8)
        if number % 4 == 1:
            tile[:] = tile[0, 0]
        elif number % 4 == 2:
            tile[:] = tile[0]
        elif number % 4 == 3:
            tile = np.where(tile == 0, 255, 0).astype(np.uint8)
        expected = scipy.fftpack.dct(scipy.fftpack.dct(tile, axis=0), axis=1)[:8, :8]
        assert np.array_equal(low_frequencies(tile), expected)


def test_half_of_the_bits_are_set() -> None:
    hashes = [hash_bits(low_frequencies(grey_tile(luma(Image(file.read_bytes()).pixels())))) for file in FILES[:10]]
    assert all(hash.bit_count() == 32 for hash in hashes)


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63)))
def test_distance_counts_flipped_bits(hash: int, flips: set[int]) -> None:
    other = hash
    for bit in flips:
        other ^= 1 << bit
    assert distance(hash, other) == len(flips)
