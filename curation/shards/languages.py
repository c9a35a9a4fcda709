"""The language of the text that an image shows, from what is known of it without looking again.

`none`, `english`, `chinese` or `other`: the splits of the Qwen-Image report's stage 4 (arXiv 2508.02324).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from curation.shards.carried import as_object, column

NONE, ENGLISH, CHINESE, OTHER = "none", "english", "chinese", "other"
LANGUAGES = (NONE, ENGLISH, CHINESE, OTHER)
"""What the stage `language` sorts images into, by the text that OCR reads."""

CODES = {"en": ENGLISH, "zh": CHINESE}

FEW = 3
"""Up to so many characters count as none: they are noise as often as text."""

WIDE = 4
"""What a Chinese, Japanese or Korean character weighs against a letter: most are a syllable, many a word."""


def language(record: Mapping[str, Any]) -> str:
    """One of LANGUAGES, of a row of which `record` has those of `language`, `annotation` and `metadata` that there are.

    Of an image that `curation synth` made its own lines say it, else the stage `language` of an earlier run, else the
    text in the annotation.
    """
    annotation = as_object(record.get("annotation"))
    made = as_object(annotation.get("synthesis")).get("lines")
    sorted_into = record.get("language") or column(record.get("metadata"), "language")
    if not made and sorted_into in LANGUAGES:
        return str(sorted_into)
    return of_lines(_lines(made, "text") if made else _lines(annotation.get("text"), "content"))


def of_lines(lines: Iterable[tuple[str, str]]) -> str:
    """One of LANGUAGES, of lines of text with their BCP-47 languages: what most letters are in.

    Figures count for nothing beside letters; alone they are `other`.
    """
    weights, characters = Counter[str](), 0
    for text, code in lines:
        letters = [letter for letter in text if letter.isalnum()]
        characters += len(letters)
        weights[CODES.get(code, OTHER)] += sum(WIDE if _wide(letter) else letter.isalpha() for letter in letters)
    if characters <= FEW:
        return NONE
    return max((ENGLISH, CHINESE, OTHER), key=lambda name: weights[name]) if weights.total() else OTHER


def _lines(items: Any, name: str) -> Iterator[tuple[str, str]]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping) and isinstance(text := item.get(name), str):
            yield text, str(item.get("language"))


def _wide(letter: str) -> bool:
    return "\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" or "\uf900" <= letter <= "\ufaff"
