"""A caption that came with an image, made safe to stand in a prompt: it was written by anybody on the web."""

from __future__ import annotations

import unicodedata

LIMIT = 600
"""Characters of a raw caption that go into a prompt."""

FULL = 2000
"""The same of one that we wrote ourselves, and that names text which a caption must hold."""

_READ = 20 * LIMIT
"""Characters looked at: a web page taken for a caption costs no more than this."""

_JOINERS = "\u200c\u200d"
"""Format characters that words are spelt with (Persian, emoji sequences); all others only hide things."""


def render(raw_caption: str | None, limit: int = LIMIT) -> str:
    """`raw_caption` as the prompt quotes it: one line of at most `limit` characters, empty if nothing is left.

    Control, format and surrogate characters go. `<|` is broken up, since servers read Qwen's special tokens
    (`<|im_end|>`, `<|image_pad|>`) in any text they are sent.
    """
    words = "".join(map(_visible, (raw_caption or "")[:_READ])).split()
    return " ".join(words).replace("<|", "< |")[:limit].rstrip()


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") and character not in _JOINERS
    return "" if hidden else character
