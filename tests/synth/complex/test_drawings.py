"""Icons, pictures, charts and ornaments: each draws something, inside its box only, and the same again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import skia
from numpy.typing import NDArray

from synth.complex import charts, devices, icons, ornaments, pictures
from synth.complex.flex import Rect
from synth.complex.theme import theme
from synth.text import canvas

PLACE = Rect(30, 20, 90, 60)
THEME = theme(np.random.default_rng(3), "screen", ("light",))


def painted(draw: Callable[[skia.Canvas], None]) -> NDArray[np.uint8]:
    pixels = np.full((100, 150, 4), 255, np.uint8)
    pixels[..., 1] = 0
    draw(canvas(pixels))
    return pixels


def assert_inside(pixels: NDArray[np.uint8]) -> None:
    touched = (pixels != (255, 0, 255, 255)).any(axis=2)
    assert touched.any()
    inside = np.zeros_like(touched)
    inside[19:82, 29:122] = True
    assert not (touched & ~inside).any()


@pytest.mark.parametrize("picture", pictures.names())
def test_pictures(picture: str) -> None:
    def draw(seed: int) -> NDArray[np.uint8]:
        return painted(lambda on: pictures.paint(on, PLACE, picture, np.random.default_rng(seed)))

    assert_inside(draw(1))
    assert draw(1).tobytes() == draw(1).tobytes()
    assert draw(1).tobytes() != draw(2).tobytes()


@pytest.mark.parametrize("chart", charts.names())
def test_charts(chart: str) -> None:
    rng = np.random.default_rng(1)
    assert_inside(painted(lambda on: charts.paint(on, PLACE, chart, 7, THEME["accent"], THEME, rng)))


@pytest.mark.parametrize("ornament", ornaments.names())
def test_ornaments(ornament: str) -> None:
    rng = np.random.default_rng(1)
    assert_inside(painted(lambda on: ornaments.paint(on, PLACE, ornament, THEME["accent"], THEME, rng)))


@pytest.mark.parametrize("icon", icons.names())
def test_icons(icon: str) -> None:
    paint = skia.Paint(AntiAlias=True, Color=skia.ColorBLACK)
    assert_inside(painted(lambda on: icons.draw(on, icon, (45, 20, 60), paint)))


@pytest.mark.parametrize(("width", "height"), [(1024, 1024), (592, 1776), (1360, 768), (256, 256)])
def test_phones_stand_apart_inside_the_picture(width: int, height: int) -> None:
    for seed in range(20):
        phones = devices.places(np.random.default_rng(seed), width, height)
        assert phones
        assert all(Rect(0, 0, width, height).holds(phone) for phone in phones)
        for at, one in enumerate(phones):
            for other in phones[at + 1 :]:
                assert one.right < other.x or other.right < one.x or one.bottom < other.y or other.bottom < one.y
