"""Replies of vision models for tests: one written out, and a strategy for all that a schema allows."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from annotate.engine import Reply, Request
from annotate.evidence import Evidence
from annotate.prompt import load

CAFE = {
    "caption": (
        "A narrow brick café stands at the corner of a cobbled street on a wet evening. Above its green door hangs a "
        'round wooden sign with the words "LA PIAZZA" in white capitals, and a chalkboard on the left reads "FRESH '
        'COFFEE DAILY". Two small iron tables with red chairs stand before the window; a grey cat sits on the nearer '
        "one. Warm yellow light falls through the panes onto the stones."
    ),
    "image_type": "photo",
    "image_style": "evening street photograph",
    "watermarks": [],
    "abnormal_elements": "no",
    "objects": [
        {"name": "café", "attributes": ["brick", "narrow"]},
        {"name": "sign", "attributes": ["round", "wooden"]},
        {"name": "cat", "attributes": ["grey", "sitting"]},
    ],
    "relations": [{"subject": "cat", "predicate": "sits on", "object": "table"}],
    "environment": "a cobbled street on a wet evening",
    "text": [{"content": "LA PIAZZA", "language": "it"}, {"content": "FRESH COFFEE DAILY", "language": "en"}],
    "domain": "Nature/cityscape",
}


def reply(value: Any, finish: str = "stop") -> Reply:
    """A reply of `value`, as it is if it is text, else as JSON."""
    return Reply(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), finish, 900, 300)


def request(evidence: Evidence | None = None, raw_caption: str | None = None) -> Request:
    return Request("a.jpg", load("en"), None, evidence, raw_caption, 7, 2048)


def instances(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Every value that a schema of the keywords we use allows, surrogates apart."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True).filter(lambda text: len(text) <= schema["maxLength"])
    if schema["type"] == "string":
        letters = st.characters(exclude_categories=["Cs"])
        return st.text(letters, min_size=schema.get("minLength", 0), max_size=schema["maxLength"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema["type"] == "number":
        return st.floats(schema["minimum"], schema["maximum"])
    if schema["type"] == "array":
        return st.lists(instances(schema["items"]), min_size=schema.get("minItems", 0), max_size=schema["maxItems"])
    fields = {name: instances(field) for name, field in schema["properties"].items()}
    required = {name: field for name, field in fields.items() if name in schema["required"]}
    optional = {name: field for name, field in fields.items() if name not in schema["required"]}
    return st.fixed_dictionaries(required, optional=optional)
