from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from train.data.buckets import buckets, nearest
from train.data.picture import ORIENTATION, decode, resized

PHOTOS = sorted((Path(__file__).parents[3] / "demo/images/nature").glob("*.jpg"))


def encoded(image: PIL.Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture(width: int = 96, height: int = 64) -> PIL.Image.Image:
    """Red to the right, green downwards."""
    rows, columns = np.mgrid[:height, :width]
    blue = np.full((height, width), 90)
    return PIL.Image.fromarray(np.stack((columns * 255 // width, rows * 255 // height, blue), 2).astype(np.uint8))


@settings(max_examples=50)
@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([16, 32, 64]))
def test_any_shape_comes_out_in_its_bucket(width: int, height: int, size: int) -> None:
    pixels = decode(encoded(PIL.Image.new("RGB", (width, height), (10, 120, 200))), size)
    assert pixels.dtype == np.uint8
    assert pixels.shape[1::-1] == nearest(width, height, size)
    assert (pixels == (10, 120, 200)).all()


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("shape", [(96, 64), (300, 100)])
def test_pictures_are_upright(turn: int, shape: tuple[int, int]) -> None:
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = turn
    turned = encoded(picture(*shape), exif=exif)
    upright = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(turned)))
    found, wanted = decode(turned, 64), decode(encoded(upright), 64)
    assert found.shape == wanted.shape
    assert np.abs(found.astype(int) - wanted).max() <= 2


def test_the_middle_is_kept_and_covers_the_bucket() -> None:
    wide = picture(400, 100)  # 4:1, cut to 3:1
    pixels = decode(encoded(wide), 64)
    assert pixels.shape == (32, 96, 3)
    shown = 96 / 32 * 100  # columns of 400 that are left
    left, right = pixels[:, 0, 0].mean() / 255 * 400, pixels[:, -1, 0].mean() / 255 * 400
    assert left == pytest.approx((400 - shown) / 2, abs=6)
    assert right == pytest.approx((400 + shown) / 2, abs=6)


def test_transparency_shows_white() -> None:
    clear = PIL.Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (32, 0, 64, 64))
    for image in (clear, clear.quantize(8)):
        pixels = decode(encoded(image), 64)
        assert (pixels[:, :30] == 255).all()
        assert (pixels[:, 34:] == (200, 0, 0)).all()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_other_modes_become_rgb(mode: str) -> None:
    grey = np.tile(np.linspace(0, 255, 64, dtype=np.uint8), (64, 1))
    image = PIL.Image.fromarray(grey if mode != "I;16" else grey.astype(np.uint16) * 257)
    image = image if mode == "I;16" else image.convert("RGB").convert(mode)
    pixels = decode(encoded(image, "TIFF" if mode == "CMYK" else "PNG"), 64)
    assert pixels.shape == (64, 64, 3)
    assert np.abs(pixels.mean(2).mean(0) - grey[0]).mean() < 12  # a bilevel picture is dithered
    assert pixels[:, -8:].mean() > 220 > 35 > pixels[:, :8].mean()


def test_fine_patterns_turn_grey_instead_of_false_ones() -> None:
    rows, columns = np.mgrid[:512, :512]
    checks = PIL.Image.fromarray(((rows + columns) % 2 * 255).astype(np.uint8))
    assert decode(encoded(checks), 64).std() < 3


def test_a_jpeg_read_small_looks_as_if_read_whole() -> None:
    data = PHOTOS[0].read_bytes()
    whole = PIL.Image.open(io.BytesIO(data)).convert("RGB")
    small = decode(data, 64).astype(float)
    assert np.abs(small - decode(encoded(whole), 64)).mean() < 2.5


def test_the_filter_is_that_of_pillow() -> None:
    whole = PIL.Image.open(PHOTOS[0]).convert("RGB")
    size = buckets(256)[1]
    theirs = np.asarray(whole.resize(size, PIL.Image.Resampling.BICUBIC)).astype(int)
    assert np.abs(resized(np.asarray(whole), size) - theirs).max() <= 2


def test_broken_pictures_raise() -> None:
    data = PHOTOS[0].read_bytes()
    for broken in (data[: len(data) // 2], b"", b"<html>", encoded(PIL.Image.new("F", (8, 8)), "TIFF")):
        with pytest.raises((OSError, ValueError, SyntaxError)):
            decode(broken, 64)
