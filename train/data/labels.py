"""What a row is labelled with: text grade, tier and domain, by which sources are chosen.

A synthesised row has columns of its own; where `curation run` or `annotate` went over it since, they lie in the
metadata, and in the annotation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GRADES = ("none", "word", "line", "paragraph")
"""How much text a picture shows, from nothing to all."""

WORD, LINE = 6, 30
"""A picture whose text was read, not made, is graded by its words (a Chinese character counts as one): up to six are a
word, up to thirty a line. Synthesised words are up to three English words or six Chinese characters."""

COLUMNS = ("grade", "tier", "annotation", "metadata")
"""What labels are read from."""


@dataclass(frozen=True)
class Label:
    """`grade`: one of GRADES; `tier` and `domain`: empty where nobody said."""

    grade: str = "none"
    tier: str = ""
    domain: str = ""


def label(record: Mapping[str, Any]) -> Label:
    """The label of a row, of which `record` has those of COLUMNS that there are."""
    annotation = _object(record.get("annotation"))
    made = _object(annotation.get("synthesis"))
    known = {name: record.get(name) or made.get(name) or carried(record.get("metadata"), name) for name in COLUMNS[:2]}
    grade = known["grade"] if known["grade"] in GRADES else _read_grade(annotation)
    return Label(grade, _text(known["tier"]), _text(annotation.get("domain")))


def carried(metadata: Any, name: str) -> str | None:
    """The text `name` in a row's metadata: JSON, in which another job may have put the metadata that it found."""
    found = metadata
    while isinstance(found, str | Mapping):
        content = _object(found)
        if isinstance(value := content.get(name), str):
            return value
        found = content.get("metadata")
    return None


def _read_grade(annotation: Mapping[str, Any]) -> str:
    read = annotation.get("text")
    pieces = read if isinstance(read, list) else []
    texts = [_text(piece.get("content")) for piece in pieces if isinstance(piece, Mapping)]
    words = len(re.findall(r"[⺀-鿿가-힯]|[^\W⺀-鿿가-힯]+", " ".join(texts)))
    return "none" if not words else "word" if words <= WORD else "line" if words <= LINE else "paragraph"


def _object(value: Any) -> Mapping[str, Any]:
    """`value`, or what it is the JSON text of, if that is an object; an empty one else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
