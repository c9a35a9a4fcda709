"""Noise of several kinds is found in real photographs; paint, print, fur and grain of the picture itself are kept."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.image import Image, fit
from filters.texture import Texture, complexity

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("people", "nature", "places", "camera", "objects")][::2]
ROUGH = {"wp25_location", "ski_gravel"}
"""Dropped by the defaults: a drawing under grain, rightly, and a photograph of nothing but gravel, wrongly."""

FILTER = Texture()


def encoded(pixels: np.ndarray, quality: int = 90) -> Image:
    buffer = io.BytesIO()
    PIL.Image.fromarray(np.clip(pixels, 0, 255).round().astype(np.uint8)).save(buffer, "JPEG", quality=quality)
    return Image(buffer.getvalue())


def reason(image: Image) -> str | None:
    return FILTER.verdict(FILTER.measure(image))


def noise(shape: tuple[int, ...], deviation: float, smooth: float = 0) -> np.ndarray:
    grains = np.random.default_rng(0).normal(0, 1, shape).astype(np.float32)
    if smooth:
        grains = cv2.GaussianBlur(grains, (0, 0), smooth)
    return grains * (deviation / grains.std())


def salt_and_pepper(photo: np.ndarray) -> np.ndarray:
    chance = noise(photo.shape[:2], 1)[..., None]
    return np.where(chance > 1.65, 255, np.where(chance < -1.65, 0, photo))


@pytest.fixture(scope="module")
def photos() -> list[np.ndarray]:
    return [fit(Image(path.read_bytes()).pixels(), 1024) for path in PHOTOS]


def test_the_demo_is_kept() -> None:
    assert {path.stem for path in FILES if reason(Image(path.read_bytes()))} <= ROUGH


@pytest.mark.parametrize(
    ("make", "least", "signal"),
    [
        (lambda photo: photo + noise(photo.shape, 30), 0.95, "noise"),
        (lambda photo: photo + noise(photo.shape, 50, smooth=1), 0.75, "coarse_noise"),
        (salt_and_pepper, 0.95, "noise"),
        (lambda photo: np.asarray(PIL.Image.fromarray(photo).convert("1").convert("RGB")), 0.9, "noise"),
    ],
    ids=["fine", "coarse", "salt and pepper", "dithered"],
)
def test_noise_is_found(photos: list[np.ndarray], make, least: float, signal: str) -> None:  # type: ignore[no-untyped-def]
    reasons = [reason(encoded(make(photo))) for photo in photos]
    assert len(reasons) >= 15
    assert np.mean([bool(text) for text in reasons]) >= least
    assert sum((text or "").startswith(signal) for text in reasons) >= len(reasons) / 2


def test_noise_is_measured_in_grey_levels() -> None:
    flat = np.full((600, 900, 3), 128.0)
    for deviation in (3, 6, 12):
        grey = noise(flat.shape[:2], deviation)[..., None]
        assert FILTER.measure(encoded(flat + grey, 98))["noise"] == pytest.approx(deviation, rel=0.1)


def test_a_little_noise_is_kept(photos: list[np.ndarray]) -> None:
    assert np.mean([bool(reason(encoded(photo + noise(photo.shape, 4)))) for photo in photos]) <= 0.1


def test_static_is_all_texture() -> None:
    static = np.random.default_rng(0).integers(0, 256, (512, 512), np.uint8)
    assert complexity(static) > FILTER.max_complexity
    assert Texture(max_noise=99, max_coarse_noise=99).verdict(FILTER.measure(encoded(np.dstack([static] * 3))))


def test_a_page_of_small_print_is_kept() -> None:
    page = np.full((1000, 800, 3), 255, np.uint8)
    for row in range(15, 990, 12):
        text = "the quick brown fox jumps over the lazy dog, and so on and so forth, again and again"
        cv2.putText(page, text, (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    assert reason(encoded(page)) is None


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 255))
def test_any_shape_can_be_measured(height: int, width: int, seed: int) -> None:
    chance = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    for pixels in (chance, np.full_like(chance, seed)):
        signals = FILTER.measure(encoded(pixels))
        assert signals.keys() == {signal.name for signal in Texture.signals}
        assert all(0 <= value < 100 for value in signals.values())


@pytest.mark.parametrize("field", ["max_noise", "max_coarse_noise", "max_complexity"])
def test_refuses_a_threshold_out_of_range(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field} is 0 or more"):
        Texture(**{field: -1})
