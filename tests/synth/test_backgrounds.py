"""Grounds are clean: near their colours, the same for the same seed, at any size."""

import time

import cv2
import numpy as np
import pytest

from synth import backgrounds, palette
from synth.backgrounds import GROUNDS
from synth.contrast import FLOOR, contrast_with

SIZES = ((640, 640), (333, 777), (1030, 210), (64, 64))


def painted(name: str, seed: int, width: int, height: int):
    ground = GROUNDS[name]
    rng = np.random.default_rng(seed)
    colours = palette.palette(rng, ground.stops, ground.schemes[seed % len(ground.schemes)] if ground.schemes else "")
    return ground.paint(rng, width, height, colours.grounds), colours


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize("size", SIZES)
def test_a_ground_has_its_size_and_repeats(name, size):
    pixels, _ = painted(name, 5, *size)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, painted(name, 5, *size)[0])
    assert not np.array_equal(pixels, painted(name, 6, *size)[0])


@pytest.mark.parametrize("name", GROUNDS)
def test_text_reads_on_nearly_all_of_them(name):
    """A page whose ground leaves too little is given up: that must be rare."""
    ratios = []
    for seed in range(12):
        pixels, colours = painted(name, seed, 300, 300)
        ratios.append(min(contrast_with(pixels, ink) for ink in (colours.ink, colours.accent, colours.soft)))
    assert sum(ratio >= FLOOR for ratio in ratios) >= 11


@pytest.mark.parametrize("name", [name for name, ground in GROUNDS.items() if ground.stops == 1])
def test_a_texture_is_quiet_about_its_colour(name):
    pixels, colours = painted(name, 3, 512, 512)
    mean = pixels.reshape(-1, 3).mean(axis=0)
    assert np.abs(mean - colours.grounds[0]).max() < 20
    assert cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).std() < 14


@pytest.mark.parametrize("name", [name for name, ground in GROUNDS.items() if ground.stops == 1 and name != "plain"])
def test_a_texture_can_be_seen(name):
    assert painted(name, 3, 512, 512)[0].std(axis=(0, 1)).max() > 0.4


@pytest.mark.parametrize("angle", [0.0, 0.4, np.pi / 2, 2.0, 4.0])
def test_a_gradient_runs_through_all_levels_one_way(angle):
    field = backgrounds.linear(200, 150, angle).astype(int)
    assert field.min() <= 1
    assert field.max() >= 254
    assert (np.diff(field, axis=1) * np.sign(np.cos(angle) + 1e-12)).min() >= -1


def test_a_glow_is_darkest_at_its_middle():
    field = backgrounds.radial(240, 160, 0.25, 0.5)
    y, x = np.unravel_index(field.argmin(), field.shape)
    assert abs(x - 60) < 9
    assert abs(y - 80) < 9
    assert field.max() >= 250


def test_grounds_take_six_milliseconds_at_most():
    """The median over all kinds, so that a busy machine does not fail it."""
    spent = []
    for name in GROUNDS:
        colours = ((240, 235, 220),) * 3
        GROUNDS[name].paint(np.random.default_rng(0), 1024, 1024, colours)
        began = time.process_time()
        GROUNDS[name].paint(np.random.default_rng(0), 1024, 1024, colours)
        spent.append(time.process_time() - began)
    assert np.median(spent) < 0.006
