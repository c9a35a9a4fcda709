"""The recogniser on rendered text, on slides and photographs, and the geometry that brings lines to it."""

import io
import math
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import text_detector, text_reader
from filters.image import Image
from filters.text_detector import Line

DEMO = Path(__file__).parents[2] / "demo/images"
WORDS = [
    "Please keep your ticket until",
    "the end of the journey.",
    "Opening hours: 9:30 to 17:45",
    "FRESH BREAD & COFFEE",
]
SLIDE = DEMO / "slides/zh_heavenlyclouds_sample_004.jpg"
VERSES = ["飞驰的骏马像疾风一样", "一望无际的原野随你去流浪", "你的心海和大地一样宽广"]


def encoded(picture: PIL.Image.Image) -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(buffer.getvalue())


def texts(picture: PIL.Image.Image) -> list[str]:
    return [line.text for line in text_reader.read(encoded(picture))]


def page(points: int, paper: PIL.Image.Image | None = None, words: list[str] = WORDS) -> PIL.Image.Image:
    """`words` in black with a white rim, one below the other, on `paper` or on a plain page."""
    picture = paper.copy() if paper else PIL.Image.new("RGB", (900, 600), "ivory")
    draw = PIL.ImageDraw.Draw(picture)
    for row, text in enumerate(words):
        position = 60, 60 + 2 * row * points
        draw.text(position, text, "black", PIL.ImageFont.load_default(points), stroke_width=2, stroke_fill="white")
    return picture


@pytest.mark.parametrize("points", [16, 28, 52])
def test_english_is_read_line_by_line(points):
    assert texts(page(points)) == WORDS


def test_english_is_read_on_a_photograph():
    photograph = PIL.Image.open(DEMO / "places/skl_china.jpg").resize((960, 640))
    assert texts(page(32, photograph)) == WORDS


def test_chinese_is_read_off_a_slide():
    lines = text_reader.read(Image(SLIDE.read_bytes()))
    assert [line.text for line in lines][-3:] == VERSES
    assert all(line.language == "zh" for line in lines)


def test_a_line_says_where_it_stands():
    image = encoded(page(40, words=["Lighthouse keepers"]))
    (line,) = text_reader.read(image)
    (box,) = text_detector.detect(image).lines
    assert (line.height, line.length) == (box.height, box.length)
    assert (line.x, line.y) == pytest.approx((0.27, 0.14), abs=0.02)
    assert min(line.angle, 360 - line.angle) < 2
    assert (line.language, line.score > 0.9) == ("en", True)


@pytest.mark.parametrize("turn", [12, 30, 75, 90, 180, 270])
def test_a_turned_line_is_read(turn):
    picture = page(32, PIL.Image.new("RGB", (760, 760), "white"), ["Keep your ticket, please"])
    turned = picture.rotate(-turn, expand=True, fillcolor="white", resample=PIL.Image.BICUBIC)
    (line,) = text_reader.read(encoded(turned))
    assert line.text == "Keep your ticket, please"
    assert abs((line.angle - turn + 180) % 360 - 180) < 3


def test_a_column_of_upright_characters_is_read_downwards():
    slide = PIL.Image.open(SLIDE)
    column = PIL.Image.new("RGB", (200, 600), slide.getpixel((169, 354)))
    for at in range(len(VERSES[0])):  # the first verse starts at (169, 354), its characters 35.8 px apart
        left = 169 + round(35.8 * at)
        column.paste(slide.crop((left, 354, left + 36, 390)), (80, 80 + 38 * at))
    (line,) = text_reader.read(encoded(column))
    assert (line.text, line.is_column, line.language) == (VERSES[0], True, "zh")
    assert line.angle == pytest.approx(90, abs=2)


def test_text_that_runs_upwards_is_read():
    """Even where it makes other words in the opposite direction."""
    upwards = page(32, words=["Opening hours on Sunday"]).rotate(90, expand=True)
    (line,) = text_reader.read(encoded(upwards))
    assert line.text == "Opening hours on Sunday"
    assert line.angle == pytest.approx(270, abs=2)


@pytest.mark.parametrize("name", ["nature/es_forest1.jpg", "places/wp24_museum.jpg", "texture/ski_brick.png"])
def test_nothing_is_read_where_there_is_no_text(name):
    assert text_reader.read(Image((DEMO / name).read_bytes())) == ()


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 3000), (31, 33)])
def test_extreme_shapes_have_no_text(size):
    assert text_reader.read(encoded(PIL.Image.new("RGB", size, "red"))) == ()


@pytest.mark.parametrize("points", [18, 30])
def test_tiny_images_are_read(points):
    picture = PIL.Image.new("RGB", (4 * points, 2 * points), "white")
    PIL.ImageDraw.Draw(picture).text((points // 2, points // 2), "Light", "black", PIL.ImageFont.load_default(points))
    assert texts(picture) == ["Light"]


def test_one_reading_serves_all_who_ask(monkeypatch):
    image = encoded(page(28))
    first = text_reader.read(image)
    monkeypatch.setattr(text_reader, "session", None)
    assert text_reader.read(image) is first


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_any_quadrilateral_of_any_pixels_can_be_read(width, height, seed):
    chance = np.random.default_rng(seed)
    noise = chance.integers(0, 256, (height, width, 3), np.uint8)
    _, score, angle = text_reader.read_line(noise, chance.random((4, 2), np.float32))
    assert 0 <= score <= 1
    assert 0 <= angle < 360


def rectangle(x: float, y: float, length: float, height: float, degrees: float) -> np.ndarray:
    """Corners [4, 2] of a rectangle around (x, y) whose `length` is turned clockwise by `degrees`, from top left."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    ends = np.array([(-length, -height), (length, -height), (length, height), (-length, height)]) / 2
    return (ends @ np.array([(cos, sin), (-sin, cos)]) + (x, y)).astype(np.float32)


@given(
    st.floats(50, 500),
    st.floats(50, 500),
    st.floats(1.6, 30),
    st.floats(5, 60),
    st.floats(-44, 134),
    st.integers(0, 3),
    st.booleans(),
)
def test_a_rectangle_is_levelled_whichever_corner_comes_first(x, y, aspect, height, degrees, first, backwards):
    if abs(degrees - 45) < 1:  # there the direction changes from right to down
        return
    corners = np.roll(rectangle(x, y, aspect * height, height, degrees), first, axis=0)
    centre, along, across = text_reader.level(corners[::-1] if backwards else corners)
    assert centre == pytest.approx((x, y), abs=0.01)
    turn = math.radians(degrees)
    assert along / (aspect * height) == pytest.approx((math.cos(turn), math.sin(turn)), abs=0.01)
    assert across / height == pytest.approx((-math.sin(turn), math.cos(turn)), abs=0.01)


@pytest.mark.parametrize("degrees", [-40, 0, 40, 50, 90, 130])
def test_a_box_that_is_nearly_square_is_taken_to_be_level(degrees):
    _, along, across = text_reader.level(rectangle(100, 100, 44, 40, degrees))
    assert along[0] > abs(along[1])
    assert across[1] > abs(across[0])


@given(
    st.floats(110, 140),
    st.floats(110, 140),
    st.floats(2, 6),
    st.floats(4, 24),
    st.floats(0, 359),
)
def test_what_is_cut_is_what_lies_under_the_rectangle(x, y, aspect, height, degrees):
    """Of an image whose colour is the place, each pixel of the cut must have the colour of where it was."""
    columns, rows = np.meshgrid(np.arange(256), np.arange(256))
    places = np.stack([columns, rows, np.zeros_like(rows)], axis=-1).astype(np.uint8)
    centre, along, across = text_reader.level(rectangle(x, y, aspect * height, height, degrees))
    crop = text_reader.cut(places, centre, along, across)
    longer = along * (1 + text_reader.LONGER * height / np.linalg.norm(along))
    higher = across * (1 + text_reader.TALLER)
    u = (np.arange(crop.shape[1]) + 0.5) / crop.shape[1] - 0.5
    v = (np.arange(crop.shape[0]) + 0.5) / crop.shape[0] - 0.5
    expected = centre - 0.5 + u[None, :, None] * longer + v[:, None, None] * higher
    assert crop.shape[0] == text_reader.HEIGHT
    assert crop.shape[1] % text_reader.STRIDE == 0
    assert np.abs(crop[..., :2] - expected).max() < 1.2


def test_a_high_line_is_averaged_not_sampled():
    stripes = np.zeros((400, 2000, 3), np.uint8)
    stripes[::2] = 255
    crop = text_reader.cut(stripes, *text_reader.level(rectangle(1000, 200, 1200, 240, 0)))
    assert np.abs(crop.astype(int) - 127).max() < 40


@given(st.lists(st.tuples(st.integers(1, 18383), st.integers(1, 3), st.integers(1, 2)), max_size=12))
def test_the_best_path_is_decoded(path):
    """Each character is held for some steps and followed by some blanks."""
    steps = [index for character, held, blanks in path for index in [character] * held + [0] * blanks]
    probabilities = np.full((len(steps) + 1, 18385), 0.0, np.float32)
    probabilities[np.arange(len(steps) + 1), [0, *steps]] = 0.75
    text = "".join(text_reader.characters()[character] for character, _, _ in path)
    assert text_reader.decode(probabilities) == (" ".join(text.split()), 0.75 if path else 0.0)


def test_the_network_knows_as_many_characters_as_the_list():
    (probabilities,) = text_reader.session().run(None, {"x": np.zeros((1, 3, text_reader.HEIGHT, 16), np.float32)})
    assert probabilities.shape == (1, 2, len(text_reader.characters()))
    assert text_reader.characters()[-1] == " "


def box(length: float, height: float) -> Line:
    return Line(rectangle(0.5, 0.5, 0.1, 0.1, 0), length, height, 1.0)


def test_the_largest_lines_are_read():
    lines = [box(0.1, 0.01 + 0.0001 * size) for size in range(100)]
    chosen = text_reader.largest(lines)
    assert chosen == lines[: -text_reader.MAX_LINES - 1 : -1]
    assert len(chosen) == text_reader.MAX_LINES


@given(st.lists(st.builds(box, st.floats(0.1, 2), st.floats(0.005, 0.1)), max_size=80))
def test_what_is_read_is_bounded(lines):
    chosen = text_reader.largest(lines)
    assert len(chosen) <= text_reader.MAX_LINES
    assert sum(line.length / line.height for line in chosen) <= text_reader.MAX_CHARACTERS + 1e-6


@pytest.mark.parametrize("text", ["", "—·–", "GGGGGGGGGGGG", "G2G2G2G2G2G2G252I"])
def test_ornaments_are_no_text(text):
    assert not text_reader.is_text(text)


@pytest.mark.parametrize("text", ["7", "福", "aaaa", "Mississippi"])
def test_words_and_numbers_are_text(text):
    assert text_reader.is_text(text)
