"""The language of the text in an image, by which images are sorted: English, Chinese, other, none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from filters import text_detector, text_reader
from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image
from filters.language import DENSE, LETTERS_A_WORD, SCRIPTS, SURE, UNKNOWN, latin, script
from filters.text_line import TextLine

SPLITS = {"en": "english", "zh": "chinese"}
"""The languages that have a signal of their own."""

FEW = 3
"""Up to so many characters count as no text: they are noise as often as text."""


@dataclass(frozen=True)
class TextLanguage(Filter):
    """Sorts images by the language of their text; drops none unless the recipe asks.

    Signals: `characters`, how many letters, Chinese characters and digits `filters.text_reader` read. `english`,
    `chinese` and `other`, which share of the text is in which: a line is in one language, a Chinese character weighs as
    much as LETTERS_A_WORD letters. They add up to 1; without text all are 0. `other` holds what is neither, a language
    that is not known, and bare figures.

    Parts, the splits of stage 4 of the report: `none` up to FEW characters, which are noise as often as text, else
    `english`, `chinese` or `other`, whichever most of the text is in. A run writes the part of each image into the
    column `language` of its shards, by which the trainer chooses (`languages: [chinese]` of a source). For one part
    alone, or those that are hardly mixed, there are bounds: `{min_characters: 4, min_chinese: 0.6}`.

    Of the 91 demo images without print two have 1 and 2 characters, the others none (one is a sheet of handwritten
    formulae, which the reader does not see). Of the 25 with print 24 are in the right part (8 English, 9 Chinese, 7
    other), by eye, and none is mixed: the share of their language is 0.82 or more. A slide that says no more than
    "简介" counts as none. That is a small set, and FEW was chosen with it in view.
    Short text that is not sure to be English is `other`: of phrases of our own, cut into pieces of one word 3 of 50 are
    English, of two words 11 of 23, of three 14 of 15; of 208 such pieces of French, German and Spanish none is.
    The reader knows no Cyrillic, Hangul or Arabic: Russian comes out as Latin letters, hence as `other` (one page
    tried), the rest may come out as nothing. Where "no text" must be sure, ask `text_density: {max_area: …}` too.

    Cost: where there is no text 0.05 to 0.1 s, the detector's pass, shared with `text_density` and `watermark`; slides
    and forms 0.1 to 0.6 s, full pages and screens up to 1.3 s on one thread.

    Source: PP-OCRv5 and py3langid; Qwen-Image Technical Report, arXiv 2508.02324, 2025, stage 4.
    """

    min_characters: int = 0
    max_characters: int = 10_000
    min_english: float = 0.0
    min_chinese: float = 0.0
    min_other: float = 0.0

    name: ClassVar[str] = "language"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("characters", 0, 500, "letters, Chinese characters and digits that were read"),
        Signal("english", 0, 1, "share of the text that is English"),
        Signal("chinese", 0, 1, "share of the text that is Chinese"),
        Signal("other", 0, 1, "share of the text that is neither"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtLeast("characters", "min_characters", "it shows too little text"),
        AtMost("characters", "max_characters", "it shows text"),
        AtLeast("english", "min_english", "its text is not English"),
        AtLeast("chinese", "min_chinese", "its text is not Chinese"),
        AtLeast("other", "min_other", "its text is English or Chinese"),
    )

    parts: ClassVar[tuple[str, ...]] = ("none", "english", "chinese", "other")

    def __post_init__(self) -> None:
        if not 0 <= self.min_characters <= self.max_characters:
            raise ValueError(
                f"min_characters {self.min_characters} and max_characters {self.max_characters} leave no number over"
            )
        for field in ("min_english", "min_chinese", "min_other"):
            if not 0 <= getattr(self, field) <= 1:
                raise ValueError(f"{field} lies between 0 and 1, not {getattr(self, field)}")

    def measure(self, image: Image) -> Signals:
        lines = text_reader.read(image)
        characters = sum(character.isalnum() for line in lines for character in line.text)
        return {"characters": float(characters), **shares(lines)}

    def part(self, signals: Mapping[str, float | None]) -> str:
        if (signals["characters"] or 0) <= FEW:
            return "none"
        return max(self.parts[1:], key=lambda name: signals[name] or 0)

    def model_files(self) -> list[Path]:
        return [text_detector.model_file(), text_reader.model_file(), text_reader.characters_file()]


def shares(lines: Sequence[TextLine]) -> Signals:
    """The signals `english`, `chinese` and `other` of the lines of one image: they add up to 1, or are 0 without any.

    A line is in one language. All that are in Latin script are in the same one: single words ("Transactions") are
    too short to be told apart by their letters.
    """
    common = _language_of_all([line.text for line in lines if script(line.text) == "Latn"])
    weights = {"english": 0, "chinese": 0, "other": 0}
    for line in lines:
        code = common if script(line.text) == "Latn" else line.language
        weights[SPLITS.get(code, "other")] += letters(line.text)
    whole = sum(weights.values())
    if not whole:
        return {"english": 0.0, "chinese": 0.0, "other": float(bool(lines))}
    return {name: weight / whole for name, weight in weights.items()}


def letters(text: str) -> int:
    """Letters in `text`; a Chinese, Japanese or Korean character counts as LETTERS_A_WORD."""
    counts = {name: len(found.findall(text)) for name, found in SCRIPTS.items()}
    return sum(count * (LETTERS_A_WORD if name in DENSE else 1) for name, count in counts.items())


def _language_of_all(texts: list[str]) -> str:
    code, probability = latin(" ".join(texts)) if texts else (UNKNOWN, 0.0)
    return code if probability >= SURE else UNKNOWN
