"""Text for a terminal: no line too wide, nothing lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.annotation.terminal import columns, labelled, wrap

text = st.text(st.sampled_from("ab .,字。é\u0301\U0001f600\n"), max_size=200)


@given(text, st.integers(2, 30))
def test_lines_fit_and_hold_everything(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(text, st.integers(2, 30))
def test_lines_are_as_full_as_their_words_allow(text: str, width: int) -> None:
    lines = wrap(" ".join(text.split()), width)
    for line, following in pairwise(lines):
        assert columns(line) + 1 + columns(following.split()[0]) > width


def test_indentation_stays_where_it_fits() -> None:
    assert wrap('{\n  "a": 1,\n  "b": 22 333', 10) == ["{", '  "a": 1,', '  "b": 22', "333"]
    assert wrap(" " * 50 + "word", 10) == ["word"]


@pytest.mark.parametrize(("text", "taken"), [("abc", 3), ("字", 2), ("e\u0301", 1), ("", 0), ("Ａ", 2)])
def test_columns(text: str, taken: int) -> None:
    assert columns(text) == taken


def test_a_label_too_long_for_the_margin_stands_alone() -> None:
    assert labelled("name", "value", 6) == ["name  value"]
    assert labelled("a long name", "value", 6) == ["a long name", "      value"]
    assert labelled("name", "", 6) == ["name"]
