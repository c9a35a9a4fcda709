from hypothesis import given
from hypothesis import strategies as st

from annotate.tokens import count


def test_counts_are_those_of_qwen2_5():
    """The published tokenizer gives Hello|,| world|!, 你好|，|世界, and one token a digit."""
    assert [count(text) for text in ("", "Hello, world!", "你好，世界", "2026")] == [0, 4, 3, 4]


def test_names_of_special_tokens_are_plain_text():
    assert count("<|im_end|>") > 1
    assert count("<|endoftext|>" * 3) > 3


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_has_more_tokens_than_bytes_when_composed(text):
    assert (count(text) == 0) == (not text)
    assert count(text) <= 3 * len(text.encode())
