"""Brightness, contrast, saturation and flatness on images where they are known, and on real ones."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from filters.image import Image
from filters.tone import Tone, flatness, measure, saturation

DEMO = Path(__file__).parents[2] / "demo/images"


def encoded(pixels: np.ndarray) -> Image:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "PNG")
    return Image(buffer.getvalue())


def demo(name: str) -> Tone:
    return measure(Image((DEMO / name).read_bytes()))


def test_a_plain_surface():
    assert measure(encoded(np.full((50, 70, 3), 90, np.uint8))) == Tone(90, 0, 0, 1)


def test_a_single_pixel():
    assert measure(encoded(np.full((1, 1, 3), 200, np.uint8))) == Tone(200, 0, 0, 1)


def test_percentiles_of_a_ramp():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2).repeat(20, axis=0)
    tone = measure(encoded(ramp))
    assert tone.brightness == pytest.approx(127, abs=1)
    assert tone.contrast == pytest.approx(0.9 * 255, abs=2)
    assert tone.flatness == 0


def test_saturation_is_that_of_hsv():
    assert saturation(np.array([[[255, 0, 0]]], np.uint8)) == 1
    assert saturation(np.array([[[200, 100, 100], [50, 50, 50]]], np.uint8)) == pytest.approx(0.25, abs=0.01)


def test_flatness_counts_equal_neighbours():
    """A vertical edge in 11 × 11: of 100 pixels with both neighbours the 10 left of the edge differ."""
    pixels = np.zeros((11, 11, 3), np.uint8)
    pixels[:, 5:, 2] = 1
    assert flatness(pixels) == pytest.approx(0.9)
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    assert flatness(noise) < 0.001


def test_drawings_and_screens_are_flat_photographs_are_not():
    flat = ["design/oc_ahead_only.png", "ui/volt_sign_in.jpg", "slides/zh_xiaoshan_sample_000.jpg"]
    rough = ["nature/skl_flower.jpg", "places/skl_china.jpg", "art/wp21_daffodils.jpg"]
    assert min(demo(name).flatness for name in flat) > 0.8
    assert max(demo(name).flatness for name in rough) < 0.2


def test_night_and_fog():
    night, fog = demo("science/sig_hubble_ultra_deep_field.jpg"), demo("nature/es_fog0.jpg")
    assert night.brightness < 20
    assert fog.brightness > 200
    assert demo("texture/ski_gravel.png").saturation < 0.02 < 0.5 < demo("nature/skl_flower.jpg").saturation
