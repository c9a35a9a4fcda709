"""The order in which lines are read."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from filters.text_line import TextLine, in_reading_order

LINE = TextLine("a", 1.0, "en", 0.05, 0.2, 0.5, 0.5, 0.0)


def at(x: float, y: float, text: str, **other: float | str) -> TextLine:
    return replace(LINE, x=x, y=y, text=text, **other)


def order(*lines: TextLine, width: int = 1000, height: int = 1000) -> str:
    return "".join(line.text for line in in_reading_order(lines, width, height))


def test_rows_go_down_and_each_from_left_to_right():
    assert order(at(0.8, 0.3, "d"), at(0.2, 0.31, "c"), at(0.7, 0.1, "b"), at(0.3, 0.11, "a")) == "abcd"


def test_a_line_half_a_height_lower_is_another_row():
    assert order(at(0.7, 0.50, "a"), at(0.2, 0.52, "b")) == "ba"
    assert order(at(0.7, 0.50, "a"), at(0.2, 0.53, "b")) == "ab"


def test_heights_are_shares_of_the_shorter_side():
    lines = at(0.7, 0.50, "a"), at(0.2, 0.515, "b")
    assert order(*lines) == "ba"
    assert order(*lines, height=2000) == "ab"
    assert order(*lines, width=2000) == "ba"


def test_small_print_beside_a_title_is_in_its_row():
    assert order(at(0.7, 0.52, "b", height=0.01), at(0.2, 0.5, "a", height=0.1)) == "ab"


def test_chinese_columns_go_from_right_to_left_and_others_from_left_to_right():
    columns = [at(x, y, str(x), angle=90, length=0.6) for x, y in [(0.1, 0.5), (0.2, 0.45), (0.3, 0.5)]]
    assert order(*columns) == "0.10.20.3"
    assert order(*(replace(column, language="zh") for column in columns)) == "0.30.20.1"


def test_a_column_does_not_join_the_lines_beside_it():
    rows = [at(0.3, 0.2 + 0.1 * row, text) for row, text in enumerate("bcdefg")]
    assert order(at(0.9, 0.45, "a", angle=90, length=0.9), *rows) == "bcdaefg"


@given(st.lists(st.builds(at, st.floats(0, 1), st.floats(0, 1), st.just("a"), angle=st.floats(0, 359)), max_size=12))
def test_every_line_is_read_once_whatever_order_they_come_in(lines):
    assert sorted(in_reading_order(lines, 800, 600), key=repr) == sorted(lines, key=repr)


@given(st.permutations([at(x / 4, y / 10, f"{y}{x}") for y in range(1, 9) for x in range(4)]))
def test_a_grid_is_read_the_same_however_it_was_found(lines):
    assert order(*lines) == "".join(f"{y}{x}" for y in range(1, 9) for x in range(4))
