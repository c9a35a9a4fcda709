"""Contrast is that of the guidelines, for colours, for pixels, and for all inks at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.contrast import contrast, contrast_with, luminance, luminances, ratio, ratios

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((119, 119, 119), (255, 255, 255), 4.48),  # the grey that just fails level AA
        ((118, 118, 118), (255, 255, 255), 4.54),
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((10, 20, 30), (10, 20, 30), 1.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.006)
    assert contrast(other, one) == contrast(one, other)


@given(st.integers(0, 2**32), COLOURS)
@settings(max_examples=60, deadline=None)
def test_contrast_with_pixels_never_says_more_than_the_worst_of_them(seed, colour):
    pixels = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), np.uint8)
    worst = min(contrast(colour, tuple(pixel)) for pixel in pixels.reshape(-1, 3).tolist())
    assert contrast_with(pixels, colour) <= worst + 1e-9


@given(COLOURS, COLOURS)
@settings(max_examples=60, deadline=None)
def test_contrast_with_a_plain_ground_is_exact(ground, colour):
    pixels = np.full((5, 7, 4), (*ground, 255), np.uint8)
    assert contrast_with(pixels, colour) == pytest.approx(contrast(ground, colour))


@given(st.lists(COLOURS, min_size=1, max_size=6), st.lists(COLOURS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_all_inks_at_once_are_as_each_by_itself(inks, grounds):
    found = ratios(np.array(inks, np.uint8), np.array([luminance(ground) for ground in grounds]))
    assert found == pytest.approx([min(contrast(ink, ground) for ground in grounds) for ink in inks])


@given(st.lists(COLOURS, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_pixels_have_the_luminance_of_their_colours(colours):
    found = luminances(np.array([colours], np.uint8))
    assert found.dtype == np.float32
    assert found[0] == pytest.approx([luminance(colour) for colour in colours], abs=1e-6)
    assert ratio(float(found[0, 0]), luminance(colours[0])) == pytest.approx(1, abs=1e-4)
