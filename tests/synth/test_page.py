"""The moves that pages are made of."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth import palette
from synth.font_packages import find_faces
from synth.layout import flow, lay_out
from synth.page import SMALLEST, Page
from synth.rect import Rect
from synth.room import narrowed, rows, rows_high
from synth.sample import LANGUAGES, Discarded, Wish
from synth.source import TextSource
from synth.voices import choose_voices


@lru_cache(maxsize=1)
def source() -> TextSource:
    return TextSource()


def page(seed: int, language: str = "en", width: int = 1024, height: int = 1024) -> Page:
    rng = np.random.default_rng(seed)
    voices = choose_voices(rng, find_faces(), language, ("serif", "sans"))
    wish = Wish(1, seed, width, height, language)
    return Page(rng, wish, source().for_sample(1, seed), voices, palette.palette(rng))


@given(st.floats(0, 50), st.floats(60, 900), st.integers(1, 5), st.floats(0, 10))
def test_columns_are_equal_and_fill_the_rectangle(left, width, count, gutter):
    boxes = Rect(left, 5, left + width, 50).columns(count, gutter)
    assert boxes[0].left == left
    assert boxes[-1].right == pytest.approx(left + width)
    assert max(box.width for box in boxes) == pytest.approx(min(box.width for box in boxes))
    for one, following in pairwise(boxes):
        assert following.left - one.right == pytest.approx(gutter, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_prose_has_the_length_that_was_asked_for(language):
    """So that text fits at the first attempt, and pages are not half empty."""
    filled, fits = [], 0
    for seed in range(12):
        made = page(seed, language)
        style, box = made.style(), made.margin
        lines = len(lay_out(made.prose([box], style, 2, (0.6, 0.85)), style, box.width).lines)
        filled.append(lines / rows(box, style))
        fits += filled[-1] <= 1
    assert fits >= 11
    assert 0.5 < np.mean(filled) < 0.9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 14))
def test_rows_high_is_the_least_height_that_takes_so_many_rows(seed, count):
    made = page(seed)
    style = made.style()
    assert rows(Rect(0, 0, 500, rows_high(count, style) + 1e-6), style) == count
    assert rows(Rect(0, 0, 500, rows_high(count, style) - 1), style) == count - 1


@pytest.mark.parametrize("seed", range(8))
def test_levelled_columns_end_on_about_the_same_line(seed):
    made = page(seed, LANGUAGES[seed % 3])
    style, boxes = made.style(20), made.margin.columns(2, 40)
    texts = made.prose(boxes, style, 2, (0.4, 0.7))
    cut = made.levelled(texts, style, boxes, 2)
    assert {box.bottom for box in cut} == {cut[0].bottom}
    first, second = (len(layout.lines) for layout in flow(texts, style, cut))
    assert abs(first - second) <= 4
    assert cut[0].bottom < boxes[0].bottom


@pytest.mark.parametrize("seed", range(8))
def test_a_narrowed_heading_keeps_its_lines_and_its_side(seed):
    made = page(seed, LANGUAGES[seed % 3])
    for align in ("left", "centre", "right"):
        style, box = made.style(60, pitch=1.2, align=align), made.margin
        text = made.source.line(made.rng, made.wish.language, (12, 30))
        narrow = narrowed(text, style, box)
        assert len(lay_out(text, style, narrow.width).lines) == len(lay_out(text, style, box.width).lines)
        assert box.left <= narrow.left + 1e-6
        assert narrow.right <= box.right + 1e-6
        edge = {"left": (narrow.left, box.left), "right": (narrow.right, box.right)}
        edge["centre"] = (narrow.left + narrow.right, box.left + box.right)
        assert edge[align][0] == pytest.approx(edge[align][1])


def test_text_that_does_not_fit_is_never_cut():
    made = page(0)
    with pytest.raises(Discarded, match="does not fit"):
        made.pour(made.prose([made.margin], made.style()), made.style(), [Rect(50, 50, 300, 120)])
    assert made.blocks == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_pages_have_type_that_can_be_read(language):
    made = page(1, language, 256, 256)
    assert made.body >= SMALLEST[language]
    assert made.style(3.0).size == SMALLEST[language]


def test_only_the_blocks_from_a_number_on_are_moved():
    made = page(2)
    made.put("A line", made.style(), made.margin)
    made.put("Another line", made.style(), made.margin.below(300))
    before = [block.layout.bounds for block in made.blocks]
    moved = made.lower(1, made.margin.bottom)
    assert made.blocks[0].layout.bounds == before[0]
    assert made.blocks[1].layout.bounds[3] == pytest.approx(made.margin.bottom, abs=0.5)
    assert made.blocks[1].layout.bounds[3] == pytest.approx(before[1][3] + moved)


@pytest.mark.parametrize("vertical", [False, True])
def test_ruling_keeps_to_every_line(vertical):
    for seed in range(6):
        made = page(seed, "zh")
        style = made.style(vertical=vertical)
        made.pour(made.prose([made.margin], style, 1), style, [made.margin])
        made.ruled()
        assert made.grid is not None
        layout = made.blocks[-1].layout
        for number, line in enumerate(layout.lines):
            place = made.grid.start + number * made.grid.pitch * (-1 if vertical else 1)
            if vertical:
                middle = layout.x + (line.box[0] + line.box[2]) / 2
                assert middle == pytest.approx(place - made.grid.pitch / 2, abs=0.2 * style.size)
            else:
                assert layout.y + line.glyphs[0].ys[0] == pytest.approx(place, abs=1)
