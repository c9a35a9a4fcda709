"""Levels and order of Annex 9; python-bidi's own display is the check on the order."""

from bidi.algorithm import get_display
from hypothesis import given
from hypothesis import strategies as st

from synth.bidi import levels, visual_order


def displayed(text: str) -> str:
    return "".join(text[i] for i in visual_order(levels(text)[1]))


def test_numbers_and_latin_inside_hebrew() -> None:
    assert levels("אב 12 ab") == (1, [1, 1, 1, 2, 2, 1, 2, 2])
    assert displayed("אב 12 ab") == "ab 12 בא"


def test_left_to_right_needs_no_algorithm() -> None:
    assert levels("abc 中文") == (0, [0] * 6)


@given(st.text(st.sampled_from("אבג ابت 12.,-ab"), min_size=1, max_size=30))
def test_order_is_that_of_the_library(text: str) -> None:
    assert displayed(text) == get_display(text)


@given(st.lists(st.integers(0, 4), max_size=12))
def test_order_is_a_permutation(found: list[int]) -> None:
    assert sorted(visual_order(found)) == list(range(len(found)))
