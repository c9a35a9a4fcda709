import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from filters.entropy import Entropy, entropy
from filters.image import Image


def png(pixels: np.ndarray) -> Image:
    return Image(cv2.imencode(".png", pixels)[1].tobytes())


def bits(pixels: np.ndarray) -> float:
    return Entropy().measure(png(pixels))["bits"]


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=20)))
def test_is_shannons_formula(pixels):
    shares = [np.mean(pixels == level) for level in np.unique(pixels)]
    assert entropy(pixels) == pytest.approx(-sum(p * np.log2(p) for p in shares), abs=1e-9)


@given(st.integers(0, 8))
def test_equally_common_levels_hold_their_logarithm(power):
    assert entropy(np.arange(2**power, dtype=np.uint8)[None]) == pytest.approx(power)


@given(arrays(np.uint8, (8, 8)), st.randoms(use_true_random=False))
def test_depends_on_the_histogram_alone(pixels, random):
    order = random.sample(range(64), 64)
    assert entropy(pixels.ravel()[order].reshape(8, 8)) == pytest.approx(entropy(pixels))


@pytest.mark.parametrize("level", [0, 90, 255])
@pytest.mark.parametrize("size", [(40, 60), (1, 1), (1200, 900)])
def test_flat_images_are_dropped(level, size):
    filter = Entropy()
    signals = filter.measure(png(np.full((*size, 3), level, np.uint8)))
    assert signals == {"bits": 0.0}
    assert filter.verdict(signals) == "bits 0 is below min_bits 0.7: it is nearly empty"


def test_a_lens_cap_with_sensor_noise_is_dropped():
    noise = np.abs(np.random.default_rng(0).normal(1, 3, (1000, 1500, 3))).astype(np.uint8)
    assert entropy(noise) > 2  # the plain histogram is fooled
    assert Entropy().verdict({"bits": bits(noise)})


def test_a_page_of_text_is_kept():
    page = np.full((800, 600, 3), 255, np.uint8)
    for row in range(60, 760, 40):
        cv2.putText(page, "a line of plain text", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    assert Entropy().verdict({"bits": bits(page)}) is None


def test_holds_for_any_resolution():
    scene = np.random.default_rng(1).integers(0, 256, (12, 18, 3), dtype=np.uint8)
    sizes = [(400, 267), (900, 600), (3000, 2000)]
    measured = [bits(cv2.resize(scene, size, interpolation=cv2.INTER_CUBIC)) for size in sizes]
    assert max(measured) - min(measured) < 0.2


def test_refuses_a_threshold_out_of_range():
    with pytest.raises(ValueError, match="between 0 and 8"):
        Entropy(min_bits=9)
