"""Suggested thresholds: exact for the values they were made from."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.profiling.suggest import SHARES, bound_for
from filters.base import AtLeast
from filters.blur import Blur
from filters.resolution import Resolution
from filters.rotation import Rotation

(SHARPNESS,) = Blur.limits
SHORT = next(limit for limit in Resolution.limits if limit.field == "min_short_side")
ASPECT = next(limit for limit in Resolution.limits if limit.field == "max_aspect")
TURN = next(limit for limit in Rotation.limits if limit.field == "max_turn")

VALUES = st.lists(st.one_of(st.floats(0.001, 100), st.integers(1, 5).map(float)), min_size=1, max_size=300)


@pytest.mark.parametrize(("stage", "limit"), [(Blur(), SHARPNESS), (Resolution(), ASPECT)])
@given(values=VALUES, share=st.sampled_from(SHARES))
def test_a_threshold_drops_its_share_and_of_ties_fewer(stage, limit, values, share) -> None:
    bound = bound_for(stage, limit, np.array([*values, math.nan]), share)
    most = math.floor(share * len(values))
    if bound is None:
        own = sum(limit.crossed(value, getattr(stage, limit.field)) for value in values)
        tied = sorted(values, reverse=not isinstance(limit, AtLeast))[most] in sorted(values)[:1] + sorted(values)[-1:]
        assert most == 0 or (tied and own <= most)
        return
    dropped = sum(limit.crossed(value, bound.value) for value in values)
    assert dropped == round(bound.drops * len(values)) <= most
    if len(set(values)) == len(values):
        assert dropped == most


def test_of_the_thresholds_that_drop_the_same_it_is_the_shortest() -> None:
    values = np.linspace(10, 20, 1001)
    values[10] = 10.123456789
    bound = bound_for(Blur(), SHARPNESS, values, 0.01)
    assert bound is not None
    assert bound.value == 10.1 or 10.09 < bound.value <= 10.123456789
    assert len(str(bound.value)) <= 5


def test_a_field_of_whole_numbers_gets_one() -> None:
    bound = bound_for(Resolution(), SHORT, np.arange(200.0) + 0.5, 0.05)
    assert bound is not None
    assert bound.value == 10
    assert isinstance(bound.value, int)
    assert bound.drops == 10 / 200


def test_ties_do_not_tighten_what_drops_nothing_but_loosen_what_drops_much() -> None:
    upright = np.zeros(100)
    assert bound_for(Rotation(), TURN, upright, 0.05) is None
    half = np.repeat([0.0, 90.0], 50)
    bound = bound_for(Rotation(), TURN, half, 0.05)
    assert bound is not None
    assert (bound.value, bound.drops) == (90, 0)
    assert dataclasses.replace(Rotation(), max_turn=bound.value).verdict({"turn": 90.0}) is None


def test_a_share_of_less_than_an_image_has_no_threshold() -> None:
    assert bound_for(Blur(), SHARPNESS, np.arange(99.0), 0.01) is None
    assert bound_for(Blur(), SHARPNESS, np.arange(100.0), 0.01) is not None
    assert bound_for(Blur(), SHARPNESS, np.full(500, math.nan), 0.05) is None
