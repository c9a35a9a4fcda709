"""The words that annotations are counted by, and the mix of domains they are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from annotate.prompt import stored_schema

TARGETS = {"Nature": 0.55, "Design": 0.27, "People": 0.13, "Synthetic": 0.05}
"""Shares of the training mix by class of domain (Qwen-Image technical report, arXiv 2508.02324, section 3.1)."""

OTHER = "other"
"""Counts what is not in the schema of this version."""

TEXT_SPLITS = ("no text", "English", "Chinese", "other language")
"""The splits of the text-rendering stage (the same report, stage 4)."""

LANGUAGE_NAMES = {
    "en": "English",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "ru": "Russian",
    "ar": "Arabic",
    "other": "another language",
    "und": "none to be told",
}

_FIELDS: Mapping[str, Any] = stored_schema()["properties"]
IMAGE_TYPES: tuple[str, ...] = tuple(_FIELDS["image_type"]["enum"])
DOMAINS: tuple[str, ...] = tuple(_FIELDS["domain"]["enum"])
LANGUAGES: tuple[str, ...] = tuple(_FIELDS["text"]["items"]["properties"]["language"]["enum"])


def image_type(word: str) -> str:
    """`word` if the schema knows it, else `other`: what is counted stays bounded whatever a shard holds."""
    return word if word in IMAGE_TYPES else OTHER


def domain(word: str) -> str:
    """`word` if the schema knows it, else `other` of its class, else `other/other`."""
    if word in DOMAINS:
        return word
    top = word.partition("/")[0]
    return f"{top}/{OTHER}" if top in TARGETS else f"{OTHER}/{OTHER}"


def language(code: str) -> str:
    """`code` if the schema knows it, else `other`."""
    return code if code in LANGUAGES else OTHER


def split(texts: Sequence[tuple[str, str]]) -> str:
    """The split of an image with `texts`, (content, language) each: that of most of its characters.

    Where two are equal the earlier of `TEXT_SPLITS` has it. Text of no language (figures) counts as another language.
    """
    characters: Counter[str] = Counter()
    for content, code in texts:
        characters[{"en": "English", "zh": "Chinese"}.get(code, "other language")] += len(content)
    return max(TEXT_SPLITS, key=lambda name: characters[name]) if characters else "no text"
