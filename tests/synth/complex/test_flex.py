"""Layout of boxes: nothing overlaps, nothing is lost, what grows fills the room."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.complex.flex import Box, Length, Rect, arrange, natural, overflowing

WHOLE = Rect(10, 20, 400, 300)


def leaf(width: float, height: float, **more: object) -> Box:
    return Box(measure=lambda offered: (min(width, offered), height), **more)  # type: ignore[arg-type]


sizes = st.tuples(st.floats(1, 90), st.floats(1, 60), st.sampled_from((0.0, 0.0, 1.0, 2.0)))


@settings(max_examples=60, deadline=None)
@given(st.lists(sizes, min_size=1, max_size=7), st.sampled_from(("row", "column")), st.floats(0, 12), st.booleans())
def test_children_follow_one_another(
    children: list[tuple[float, float, float]], way: str, gap: float, padded: bool
) -> None:
    box = Box(
        way, [leaf(w, h, grow=g) for w, h, g in children], gap=gap, padding=(5.0, 6.0, 7.0, 8.0) if padded else (0,) * 4
    )
    arrange(box, WHOLE)
    ends = [box.room.x] if way == "row" else [box.room.y]
    for child in box.children:
        start, end = (child.rect.x, child.rect.right) if way == "row" else (child.rect.y, child.rect.bottom)
        assert start >= ends[-1] - 1e-6
        ends.append(end + gap)
    assert (
        ends[-1] - gap <= (box.room.right if way == "row" else box.room.bottom) + 1e-6 or overflowing(box) is not None
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(sizes, min_size=1, max_size=6))
def test_what_grows_fills_the_row(children: list[tuple[float, float, float]]) -> None:
    box = Box("row", [leaf(w, h, grow=g) for w, h, g in children] + [Box(grow=1.0)])
    arrange(box, Rect(0, 0, 900, 50))
    assert box.children[-1].rect.right == pytest.approx(900)


def test_growing_columns_never_give_less_than_the_content() -> None:
    tall, short = leaf(10, 250, grow=1.0), leaf(10, 5, grow=1.0)
    box = Box("column", [tall, short])
    arrange(box, WHOLE)
    assert tall.rect.h == 250
    assert short.rect.h == 50


def test_a_long_leaf_yields_to_a_fixed_one() -> None:
    text, icon = leaf(1000, 10), Box(width=Length(30), height=Length(30), shrinks=False)
    box = Box("row", [text, icon], gap=10)
    arrange(box, WHOLE)
    assert text.rect.w == 360
    assert icon.rect.right == WHOLE.right


@pytest.mark.parametrize(
    ("place", "x", "y"),
    [("centre", 200, 160), ("top left", 10, 20), ("bottom right", 390, 300), ("bottom centre", 200, 300)],
)
def test_stacks_place_by_name(place: str, x: float, y: float) -> None:
    child = Box(width=Length(20), height=Length(20), own=place)
    arrange(Box("stack", [child]), WHOLE)
    assert (child.rect.x, child.rect.y) == (x, y)


def test_shares_and_aspects() -> None:
    half, wide = Box(width=Length(0.5, share=True)), Box(aspect=2.0)
    arrange(Box("column", [half, wide]), WHOLE)
    assert half.rect.w == 200
    assert (wide.rect.w, wide.rect.h) == (400, 200)


def test_what_sticks_out_is_found() -> None:
    box = Box("column", [leaf(10, 200), leaf(10, 200)])
    arrange(box, WHOLE)
    assert overflowing(box) is box.children[1]


def test_a_changed_leaf_is_measured_again() -> None:
    height = [10.0]
    changing = Box(measure=lambda offered: (10.0, height[0]))
    box = Box("column", [Box("row", [changing]), leaf(5, 5)])
    assert natural(box, 100)[1] == 15
    height[0] = 40.0
    assert natural(box, 100)[1] == 15
    assert box.forget(changing)
    assert natural(box, 100)[1] == 45
