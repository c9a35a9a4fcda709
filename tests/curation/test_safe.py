"""Text of others is shown, never obeyed. One-line texts are tested with the report, which shows most of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.safe import cut, prose


@given(st.text(max_size=300), st.integers(1, 100))
def test_prose_has_no_control_or_direction_characters_but_line_ends(text: str, length: int) -> None:
    found = prose(text, length)
    assert all(unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029" for c in found if c != "\n")
    assert "\n\n" not in found


@given(st.text(max_size=300), st.integers(1, 100))
def test_a_cut_text_keeps_both_ends(text: str, length: int) -> None:
    found = cut(text, length)
    assert len(found) <= length
    assert found == text if len(text) <= length else text.startswith(found.partition("…")[0])


@pytest.mark.parametrize(
    ("text", "found"),
    [("a\r\n\r\n  b\n", "a\n  b"), ("a\rb", "a\\rb"), ("", ""), (None, ""), ("\u202ea", "\\u202ea")],
)
def test_lines_stay_lines(text: str | None, found: str) -> None:
    assert prose(text) == found
