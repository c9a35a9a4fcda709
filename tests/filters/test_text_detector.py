"""The detector on rendered text, real images and impossible shapes."""

import io
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import text_detector
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"


def encoded(picture: PIL.Image.Image) -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(buffer.getvalue())


def page(size: tuple[int, int], lines: list[tuple[int, int, int, str]]) -> PIL.Image.Image:
    """A white picture with black lines of text, each (x, y, font size, words)."""
    picture = PIL.Image.new("RGB", size, "white")
    draw = PIL.ImageDraw.Draw(picture)
    for x, y, points, words in lines:
        draw.text((x, y), words, "black", PIL.ImageFont.load_default(points))
    return picture


@pytest.mark.parametrize("points", [10, 16, 24, 40, 64])
def test_every_line_is_found_with_the_height_of_its_font(points):
    drawn = [(20, y, points, "Harbour light gypsy") for y in range(20, 600 - points, points * 2)]
    lines = text_detector.detect(encoded(page((640, 640), drawn))).lines
    assert len(lines) == len(drawn)
    heights = np.array([line.height for line in lines]) * 640
    assert np.all((heights > 0.75 * points) & (heights < 1.3 * points))


def test_a_line_lies_where_it_was_drawn():
    picture = page((800, 400), [(200, 100, 40, "Lighthouse")])
    left, top, right, bottom = PIL.ImageDraw.Draw(picture).textbbox(
        (200, 100), "Lighthouse", PIL.ImageFont.load_default(40)
    )
    (line,) = text_detector.detect(encoded(picture)).lines
    x, y = (line.corners * [800, 400]).T
    assert [x.min(), y.min(), x.max(), y.max()] == pytest.approx([left, top, right, bottom], abs=10)
    assert line.length == pytest.approx((right - left) / 400, rel=0.1)
    assert line.score > 0.8


def test_a_rotated_line_keeps_its_height():
    picture = page((640, 640), [(150, 300, 32, "Lighthouse keeper")])
    level = text_detector.detect(encoded(picture)).lines
    turned = text_detector.detect(encoded(picture.rotate(30, fillcolor="white", resample=PIL.Image.BICUBIC))).lines
    assert len(level) == len(turned) == 1
    assert turned[0].height == pytest.approx(level[0].height, rel=0.2)
    assert turned[0].length == pytest.approx(level[0].length, rel=0.1)


def test_lines_do_not_depend_on_the_resolution():
    small = page((640, 480), [(100, 200, 32, "Lighthouse keeper")])
    large = small.resize((1920, 1440), PIL.Image.LANCZOS)
    (one,), (other,) = (text_detector.detect(encoded(picture)).lines for picture in (small, large))
    assert np.abs(one.corners - other.corners).max() < 0.01


@pytest.mark.parametrize("size", [(1, 1), (30000, 1), (1, 30000), (31, 33), (3000, 2)])
def test_extreme_shapes_have_no_text(size):
    assert text_detector.detect(encoded(PIL.Image.new("RGB", size, "red"))).lines == ()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_any_pixels_give_lines_within_the_image(width, height, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    for line in text_detector.read(noise).lines:
        assert line.corners.min() >= 0
        assert line.corners.max() <= 1
        assert 0 < line.height <= line.length
        assert text_detector.SCORE <= line.score <= 1


def test_one_pass_serves_all_who_ask(monkeypatch):
    image = encoded(page((640, 480), [(100, 200, 32, "Lighthouse keeper")]))
    first = text_detector.detect(image)
    monkeypatch.setattr(text_detector, "session", None)
    assert text_detector.detect(image) is first


def test_chinese_is_found():
    slides = sorted((DEMO / "slides").glob("*.jpg"))
    assert slides
    for slide in slides:
        assert text_detector.detect(Image(slide.read_bytes())).lines, slide.name
