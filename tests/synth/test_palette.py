"""Colours read on each other, whatever chance gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth import palette
from synth.contrast import FLOOR, contrast
from synth.palette import SCHEMES

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from(["", *SCHEMES]))
def test_text_reads_on_every_ground_and_between_them(seed, stops, scheme):
    colours = palette.palette(np.random.default_rng(seed), stops, scheme)
    assert len(colours.grounds) == stops
    steps = palette.ramp(colours.grounds).tolist() if stops > 1 else colours.grounds
    for ink in (colours.ink, colours.accent, colours.soft):
        assert min(contrast(ink, tuple(step)) for step in steps) >= FLOOR


def test_the_same_seed_gives_the_same_palette_and_others_differ():
    made = [palette.palette(np.random.default_rng(seed)) for seed in (*range(40), *range(40))]
    assert made[:40] == made[40:]
    assert len(set(made[:40])) == 40


@given(COLOURS)
@settings(max_examples=80, deadline=None)
def test_colours_come_back_from_oklab(colour):
    assert np.abs(palette.ramp([colour, colour], 2).astype(int) - colour).max() <= 1


def test_a_ramp_starts_and_ends_at_its_stops():
    stops = [(250, 240, 220), (20, 60, 90), (200, 30, 30)]
    steps = palette.ramp(stops, 101)
    assert np.abs(steps[[0, 50, 100]].astype(int) - stops).max() <= 1


@pytest.mark.parametrize(
    ("colour", "called"),
    [((255, 255, 255), "white"), ((0, 0, 0), "black"), ((20, 30, 80), "navy"), ((252, 244, 224), "cream")],
)
def test_names_are_those_that_people_use(colour, called):
    assert palette.name(colour) == called


def test_shades_keep_their_lightness_where_they_lose_chroma():
    levels = np.linspace(0.2, 0.95, 12)
    vivid = palette.shades(levels, 0.3, 145)
    assert np.abs(palette.oklab(vivid)[:, 0] - levels).max() < 0.01
