from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.data.buckets import RATIOS, buckets, nearest


@pytest.mark.parametrize("size", [32, 64, 256, 640, 1328])
def test_sides_are_whole_tokens_and_areas_alike(size: int) -> None:
    for width, height in buckets(size):
        assert width % 16 == height % 16 == 0
        assert abs(math.log2(width * height / size**2)) < 16 / size * 1.7


@pytest.mark.parametrize("size", [256, 640, 1328])
def test_every_ratio_has_a_bucket_that_is_near_it(size: int) -> None:
    assert len(buckets(size)) == len(RATIOS)
    for (width, height), (wide, high) in zip(buckets(size), RATIOS, strict=True):
        assert width / height == pytest.approx(wide / high, rel=0.03)


def test_little_is_cut_off_even_of_the_smallest_pictures() -> None:
    for wide, high in RATIOS:
        width, height = nearest(wide, high, 64)
        assert abs(math.log(width / height * high / wide)) < 0.11


def test_the_sizes_of_the_first_stage() -> None:
    assert buckets(256)[:3] == ((256, 256), (208, 320), (320, 208))


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.sampled_from([16, 64, 256, 1328]))
def test_no_bucket_is_nearer(width: int, height: int, size: int) -> None:
    chosen = nearest(width, height, size)
    distances = {bucket: abs(math.log(bucket[0] / bucket[1] * height / width)) for bucket in buckets(size)}
    assert distances[chosen] == pytest.approx(min(distances.values()))
