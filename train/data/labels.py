"""What a row is labelled with, by which sources are chosen: text grade and language, tier, domain, category.

Some rows have columns of their own for it; where other jobs went over them since, those lie in the metadata, and some
in the annotation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from curation.shards.carried import as_object, carried, column
from curation.shards.languages import NONE, language

GRADES = ("none", "word", "line", "paragraph")
"""How much text a picture shows, from nothing to all."""

CATEGORIES = ("general", "portrait", "text")
"""What the stage `category` of a run sorts pictures into."""

WORD, LINE = 6, 30
"""A picture whose text was read, not made, is graded by its words (a Chinese character counts as one): up to six are a
word, up to thirty a line. Synthesised words are up to three English words or six Chinese characters."""

COLUMNS = ("grade", "tier", "language", "category", "annotation", "metadata")
"""What labels are read from."""


@dataclass(frozen=True)
class Label:
    """`grade`: one of GRADES; `tier`, `domain` and `category`: empty where nobody said; `language`: one of LANGUAGES
    of `curation.shards.languages`."""

    grade: str = "none"
    tier: str = ""
    domain: str = ""
    language: str = NONE
    category: str = ""


def label(record: Mapping[str, Any]) -> Label:
    """The label of a row, of which `record` has those of COLUMNS that there are."""
    annotation, metadata = as_object(record.get("annotation")), record.get("metadata")
    made = as_object(annotation.get("synthesis"))
    known = {name: record.get(name) or made.get(name) or carried(metadata, name) for name in COLUMNS[:2]}
    grade = known["grade"] if known["grade"] in GRADES else _read_grade(annotation)
    sorted_into = record.get("category") or column(metadata, "category")
    category = sorted_into if sorted_into in CATEGORIES else ""
    return Label(grade, _text(known["tier"]), _text(annotation.get("domain")), language(record), category)


def _read_grade(annotation: Mapping[str, Any]) -> str:
    read = annotation.get("text")
    pieces = read if isinstance(read, list) else []
    texts = [_text(piece.get("content")) for piece in pieces if isinstance(piece, Mapping)]
    words = len(re.findall(r"[⺀-鿿가-힯]|[^\W⺀-鿿가-힯]+", " ".join(texts)))
    return "none" if not words else "word" if words <= WORD else "line" if words <= LINE else "paragraph"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
