"""Quality is read off the file exactly; blocks are found in pixels, whatever the file is now."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.compression import Compression, blocking, quality, tables
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("people", "nature", "places", "camera", "art")][::3]
REGULAR = {"wp25_book_image"}
"""Dropped by the default, wrongly: a drawing of something that repeats every eight pixels."""

FILTER = Compression()


def saved(pixels: np.ndarray, format: str = "BMP", **options: object) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()


def spoilt(pixels: np.ndarray, quality: int) -> np.ndarray:
    """What JPEG makes of them."""
    return Image(saved(pixels, "JPEG", quality=quality)).pixels()


def reason(data: bytes) -> str | None:
    return FILTER.verdict(FILTER.measure(Image(data)))


@pytest.fixture(scope="module")
def photos() -> list[np.ndarray]:
    return [Image(path.read_bytes()).pixels() for path in PHOTOS]


def test_the_demo_is_kept() -> None:
    assert {path.stem for path in FILES if reason(path.read_bytes())} <= REGULAR


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_quality_is_exact(mode: str) -> None:
    picture = PIL.Image.effect_noise((64, 48), 40).convert(mode)
    for wanted in range(1, 101):
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=wanted, progressive=bool(wanted % 2))
        assert quality(Image(buffer.getvalue())) == wanted


def test_quality_of_other_tables_is_the_nearest() -> None:
    table = [max(1, value + (at % 3) - 1) for at, value in enumerate(tables()[59].tolist())]
    assert quality(Image(saved(np.zeros((64, 64, 3), np.uint8), "JPEG", qtables=[table, table]))) == 60


@pytest.mark.parametrize("format", ["PNG", "WEBP", "BMP", "GIF"])
def test_other_formats_have_no_quality(format: str) -> None:
    assert math.isnan(quality(Image(saved(np.zeros((64, 64, 3), np.uint8), format))))


def test_a_low_quality_is_dropped_by_its_table_alone() -> None:
    flat = np.full((64, 64, 3), 90, np.uint8)
    assert (reason(saved(flat, "JPEG", quality=29)) or "").startswith("quality 29 is below min_quality 30")
    assert reason(saved(flat, "JPEG", quality=30)) is None


@pytest.mark.parametrize(("level", "least"), [(10, 0.95), (20, 0.9)])
def test_blocks_are_found_in_what_was_saved_again(photos: list[np.ndarray], level: int, least: float) -> None:
    lossless = [reason(saved(spoilt(photo, level))) for photo in photos]
    cropped = [reason(saved(spoilt(photo, level)[3:, 5:], "JPEG", quality=95)) for photo in photos]
    assert len(photos) >= 12
    for reasons in (lossless, cropped):
        assert np.mean([bool(text) for text in reasons]) >= least
        assert all(text is None or text.startswith("blocking") for text in reasons)


def test_a_good_quality_is_kept(photos: list[np.ndarray]) -> None:
    assert not any(reason(saved(spoilt(photo, 75))) for photo in photos)


def test_large_images_are_measured_after_halving(photos: list[np.ndarray]) -> None:
    scene = max(photos, key=len)
    large = np.vstack([np.hstack([scene, scene[:, ::-1]] * 2)] * 2)[:2000, :2400]
    assert max(large.shape) > 2048
    clean, bad = (FILTER.measure(Image(saved(spoilt(large, level))))["blocking"] for level in (90, 10))
    assert clean < 0.3
    assert bad > FILTER.max_blocking
    assert math.isnan(blocking(np.zeros((300, 300), np.uint8), 2))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.integers(4, 40))
def test_the_grid_is_found_wherever_it_begins(down: int, right: int, spread: int) -> None:
    levels = np.random.default_rng(spread).integers(100 - spread, 100 + spread, (24, 24))
    blocks = levels.repeat(8, 0).repeat(8, 1).astype(np.uint8)[down:, right:]
    assert 0.2 * spread < blocking(blocks) < spread
    assert blocking(np.full_like(blocks, spread)) == 0


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 120), st.integers(1, 120), st.integers(0, 255))
def test_any_shape_can_be_measured(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    signals = FILTER.measure(Image(saved(noise)))
    assert signals.keys() == {signal.name for signal in Compression.signals}
    assert signals["blocking"] >= 0 or min(height, width) < 24


def test_refuses_thresholds_out_of_range() -> None:
    for wrong in ({"min_quality": 101}, {"max_blocking": -1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Compression(**wrong)  # type: ignore[arg-type]
