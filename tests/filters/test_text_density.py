"""Text density on rendered pages of known density, on its geometry, and on the demo images as a person sees them."""

import io
import math
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.image import Image
from filters.text_density import TextDensity, covered, smallest
from filters.text_detector import Line

DEMO = Path(__file__).parents[2] / "demo/images"
WORDS = "the keeper of the lighthouse wrote down every ship that passed his window in the long winter nights "


def page(rows: int, points: int, side: int = 640, margin: int = 20) -> Image:
    """A white square with `rows` full lines of text of the given font size, at a pitch of 1.6 font sizes."""
    picture = PIL.Image.new("RGB", (side, side), "white")
    draw, font = PIL.ImageDraw.Draw(picture), PIL.ImageFont.load_default(points)
    for row in range(rows):
        words = WORDS
        while draw.textlength(words, font) > side - 2 * margin:
            words = words[:-1]
        draw.text((margin, margin + row * points * 1.6), words, "black", font)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(buffer.getvalue())


def rectangle(x: float, y: float, width: float, height: float) -> Line:
    corners = np.float32([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
    return Line(corners, max(width, height), min(width, height), 1.0)


@pytest.mark.parametrize(("rows", "points"), [(1, 16), (5, 16), (20, 16), (10, 32), (4, 64), (30, 12)])
def test_a_rendered_page_measures_as_it_was_drawn(rows, points):
    signals = TextDensity().measure(page(rows, points))
    drawn = rows * points * 600 / 640**2
    assert signals["lines"] == rows
    assert signals["area"] == pytest.approx(drawn, rel=0.33)
    assert signals["characters"] == pytest.approx(rows * 600 / points, rel=0.33)
    if rows * 600 / points > 20:
        assert signals["min_line_height"] == pytest.approx(points / 640, rel=0.33)


def test_density_grows_line_by_line():
    grades = [TextDensity().measure(page(rows, 16)) for rows in (0, 3, 6, 12, 23)]
    for name in ("area", "characters", "lines"):
        values = [signals[name] for signals in grades]
        assert values == sorted(set(values)), name


def test_a_full_page_is_dropped_and_a_short_notice_is_kept():
    density = TextDensity()
    assert "area" in (density.verdict(density.measure(page(23, 16))) or "")
    assert "characters" in (density.verdict(density.measure(page(15, 12))) or "")
    assert density.verdict(density.measure(page(6, 24))) is None


def test_small_print_is_dropped_for_its_size():
    density = TextDensity()
    reason = density.verdict(density.measure(page(6, 20, side=2560, margin=300)))
    assert reason is not None
    assert reason.startswith("min_line_height 0.00")


def test_no_text_has_no_line_height():
    signals = TextDensity().measure(page(0, 16))
    assert (signals["area"], signals["characters"], signals["lines"]) == (0, 0, 0)
    assert math.isnan(signals["min_line_height"])


def test_one_tiny_line_does_not_condemn_a_readable_image():
    lines = [rectangle(0.1, y / 10, 0.8, 0.04) for y in range(5)]
    assert smallest([*lines, rectangle(0.1, 0.9, 0.02, 0.004)]) == pytest.approx(0.04)
    assert smallest([*lines, rectangle(0.1, 0.9, 0.8, 0.004)]) == pytest.approx(0.004)


def test_a_huge_word_is_not_dense_text():
    signals = TextDensity().measure(page(1, 200))
    assert signals["lines"] >= 1
    assert signals["area"] < 0.02


unit = st.floats(0, 1, width=32)


@given(unit, unit, unit, unit)
def test_area_of_a_rectangle_is_exact(x, y, width, height):
    width, height = width * (1 - x), height * (1 - y)
    assert covered([rectangle(x, y, width, height)]) == pytest.approx(width * height, abs=0.004)


@given(st.lists(st.tuples(unit, unit, unit, unit), max_size=6))
def test_area_is_a_union(boxes):
    lines = [rectangle(x, y, width * (1 - x), height * (1 - y)) for x, y, width, height in boxes]
    area = covered(lines)
    assert area == covered(lines + lines)
    assert max((covered([line]) for line in lines), default=0) <= area <= min(1, sum(covered([line]) for line in lines))


PAGES = ["lept_1555_003", "lept_arabic", "lept_breviar_38_150", "lept_cat_007", "lept_lucasta_150", "zh_zhlipsum_000"]


def test_dense_pages_of_the_demo_go_and_all_else_stays():
    density = TextDensity()
    may_go = set((DEMO / "document").iterdir()) | {DEMO / "ui/volt_mockup_presentation.png"}
    images = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
    dropped = {path for path in images if density.verdict(density.measure(Image(path.read_bytes())))}
    assert dropped <= may_go
    assert {path for path in images if path.stem in PAGES} <= dropped
