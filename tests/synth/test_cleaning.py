import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.cleaning import clean, drawable


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a  b\t\nc\u3000d", "a b c d"),
        ("中文\n换行，和 English 一起", "中文换行，和 English 一起"),
        ("<p>See <b>this</b>.</p><br/>And that", "See this. And that"),
        ("[the docs](http://x.example/y) say **so**", "the docs say so"),
        ("# A heading", "A heading"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("e\u0301", "\u00e9"),
        ("a\u0000b\u200ec\u00add", "abcd"),
        ("3 < 4 and 5 > 2, snake_case, 2*3*4", "3 < 4 and 5 > 2, snake_case, 2*3*4"),
    ],
)
def test_markup_goes_and_writing_stays(raw, text):
    assert clean(raw) == text


@given(st.text())
def test_is_one_normal_line(raw):
    text = clean(raw)
    assert text == unicodedata.normalize("NFC", text).strip()
    assert not {"\n", "\t", "\u3000", "\u00a0", "\x00"} & set(text)
    assert "  " not in text


@pytest.mark.parametrize("text", ["a\ufffdb", "\ue000", "\U000e0080", "\ud800"])
def test_what_means_nothing_cannot_be_drawn(text):
    assert not drawable(text)


def test_words_of_any_script_can():
    assert drawable("naïve 中文 𬉼 🙂 “x”")
