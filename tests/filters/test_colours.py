"""Names of colours on plain, mixed and real images."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.colours import FAMILIES, MIN_SHARE, SURVEY, lab, main_colours, nearest
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"


def encoded(pixels: np.ndarray) -> Image:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "PNG")
    return Image(buffer.getvalue())


def stripes(*colours: tuple[str, int]) -> Image:
    """Vertical stripes: colour and width."""
    columns = [np.full((60, width, 3), list(bytes.fromhex(code)), np.uint8) for code, width in colours]
    return encoded(np.concatenate(columns, axis=1))


def test_every_prototype_has_its_own_name_and_every_name_a_family():
    for index, codes in enumerate(SURVEY.values()):
        for code in codes.split():
            assert nearest(np.array([[list(bytes.fromhex(code))]], np.uint8)) == [index]
    assert {name.split()[-1] for name in SURVEY} == set(FAMILIES)


def test_neutral_greys_never_get_a_hue():
    levels = np.arange(256, dtype=np.uint8)
    names = [list(SURVEY)[index] for index in nearest(np.stack([levels] * 3, 1)[None])]
    assert set(names) == {"black", "dark grey", "grey", "light grey", "white"}
    assert names == sorted(names, key=["black", "dark grey", "grey", "light grey", "white"].index)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ff0000", "red"),
        ("00ff00", "green"),
        ("0000ff", "blue"),
        ("ffff00", "yellow"),
        ("ffa500", "orange"),
        ("ffc0cb", "light pink"),
        ("8b4513", "brown"),
        ("f5deb3", "beige"),
        ("40e0d0", "turquoise"),
        ("000080", "dark blue"),
        ("228b22", "green"),
        ("87ceeb", "light blue"),
        ("808080", "grey"),
        ("fafafa", "white"),
    ],
)
def test_colours_that_everybody_names_alike(code, name):
    """The CSS colours red, lime, blue, yellow, orange, pink, saddlebrown, wheat, turquoise, navy, forestgreen, …"""
    assert main_colours(stripes((code, 60))) == ((name, 1.0),)


def test_shares_are_areas_largest_first():
    colours = main_colours(stripes(("ff0000", 10), ("ffffff", 32), ("0000ff", 18)))
    assert [name for name, _ in colours] == ["white", "blue", "red"]
    assert [share for _, share in colours] == pytest.approx([32 / 60, 18 / 60, 10 / 60], abs=0.01)


def test_shades_of_one_colour_are_named_once():
    colours = main_colours(stripes(("000080", 14), ("0000ff", 16), ("ffffff", 30)))
    assert [name for name, _ in colours] == ["white", "blue"]
    assert dict(colours)["blue"] == pytest.approx(0.5, abs=0.02)


def test_traces_are_no_main_colour():
    assert [name for name, _ in main_colours(stripes(("ffffff", 58), ("ff0000", 2)))] == ["white"]


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("places/wp24_green_staircase.jpg", "green"),
        ("nature/budgie_saturnian_profile.jpg", "black"),
        ("document/zh_ctex_058.jpg", "white"),
        ("slides/zh_heavenlyclouds_sample_001.jpg", "beige"),
        ("texture/ski_gravel.png", "grey"),
        ("art_photo/wp25_marshland_birds_square.webp", "dark orange"),
    ],
)
def test_real_images(name, colour):
    assert main_colours(Image((DEMO / name).read_bytes()))[0][0] == colour


@settings(max_examples=40)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 6), st.integers(0, 10**6))
def test_any_image_has_distinct_families_and_shares(width, height, tones, seed):
    random = np.random.default_rng(seed)
    palette = random.integers(0, 256, (tones, 3), np.uint8)
    colours = main_colours(encoded(palette[random.integers(0, tones, (height, width))]))
    shares = [share for _, share in colours]
    assert sum(shares) <= 1 + 1e-9
    assert shares == sorted(shares, reverse=True)
    assert all(share >= MIN_SHARE for share in shares)
    assert len({name.split()[-1] for name, _ in colours}) == len(colours)


def test_lab_of_known_colours():
    """White is L 100; sRGB red as CIE 1976 has it under D65."""
    assert lab(np.full((1, 1, 3), 255, np.uint8))[0, 0] == pytest.approx([100, 0, 0], abs=0.1)
    assert lab(np.array([[[255, 0, 0]]], np.uint8))[0, 0] == pytest.approx([53.24, 80.09, 67.20], abs=0.2)
