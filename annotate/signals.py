"""The numbers kept for ever of each annotated image, as columns `annotate.NAME` of the signals table."""

from __future__ import annotations

from dataclasses import dataclass

STAGE = "annotate"


@dataclass(frozen=True)
class Signal:
    """`low` and `high` bound the histogram of the report; `about` is one phrase for people, with the unit."""

    name: str
    low: float
    high: float
    about: str


PROBLEMS = {
    "truncated": "cut off at the bound of tokens",
    "loop": "repeats itself",
    "not_json": "no JSON",
    "wrong_schema": "JSON that the schema refuses",
    "refusal": "declined to describe",
    "too_short": "a caption with too few tokens",
    "too_long": "a caption with too many tokens",
    "text_missing": "a caption that lacks text which is known to stand in the image",
    "contradicted": "quotes text, but none of what OCR reads for certain",
}
"""What can be wrong with a reply: the codes of `annotate.checks`. All but `contradicted` make a second a reject."""

SIGNALS = (
    Signal("replies", 0, 2, "replies asked for: 1, or 2 after a retry"),
    Signal("prompt_tokens", 0, 4096, "tokens of the prompt, image included"),
    Signal("completion_tokens", 0, 4096, "tokens written, all replies together"),
    Signal("caption_tokens", 0, 1024, "length of the caption in tokens of Qwen2.5"),
    Signal("repetition", 0, 1, "share of the caption's word 4-grams that occurred before in it"),
    Signal("text_strings", 0, 32, "strings of visible text in the annotation"),
    Signal("text_confirmed", 0, 1, "share of the annotation's strings that OCR confirms"),
    Signal("text_covered", 0, 1, "share of the text OCR is sure of that the annotation holds"),
    Signal("watermark_flagged", 0, 1, "1 if the annotation lists a watermark"),
    Signal("watermark_score", 0, 1, "the watermark filter's score"),
    Signal("watermark_agrees", 0, 1, "1 if the annotation and the watermark filter agree"),
    *(Signal(code, 0, 2, f"replies that were bad: {words}") for code, words in PROBLEMS.items()),
)
"""Null where a number does not apply: no OCR was asked for, no text is there, the image could not be read."""


def columns() -> list[str]:
    """The names of the columns, in order."""
    return [f"{STAGE}.{signal.name}" for signal in SIGNALS]
