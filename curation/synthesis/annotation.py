"""The annotation of a sample: every field of the schema of `annotate`, filled with what is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from annotate.prompt import stored_schema
from curation.synthesis.pieces import pieces, solid
from synth.characters import levels
from synth.pairing import chinese
from synth.sample import Line, Quad, Sample, Wish

MODEL = "synth"

_FIELDS: dict[str, Any] = stored_schema()["properties"]
_TEXT: dict[str, Any] = _FIELDS["text"]
_MOST, _LENGTH = _TEXT["maxItems"], _TEXT["items"]["properties"]["content"]["maxLength"]
_LANGUAGES = tuple(_TEXT["items"]["properties"]["language"]["enum"])
_NAME = _FIELDS["objects"]["items"]["properties"]["name"]["maxLength"]
_ATTRIBUTES = _FIELDS["objects"]["items"]["properties"]["attributes"]


class InvalidAnnotation(ValueError):
    """What a tier made does not fit the schema: one line that says what, and where."""


def annotation(sample: Sample, wish: Wish, tier: str, caption: str, settings_hash: str) -> dict[str, Any]:
    """The annotation of `sample`, valid against `annotate/schema.json`. Raises InvalidAnnotation.

    `settings_hash`, 64 characters, takes the place of a prompt's.
    """
    made = {
        "caption": caption,
        "image_type": sample.image_type,
        "image_style": clip(sample.style, _FIELDS["image_style"]["maxLength"]),
        "watermarks": [],
        "abnormal_elements": "no",
        "objects": [
            {
                "name": clip(name, _NAME),
                "attributes": [clip(words, 30) for words in attributes[: _ATTRIBUTES["maxItems"]]],
            }
            for name, attributes in sample.objects[: _FIELDS["objects"]["maxItems"]]
        ],
        "relations": [
            {"subject": clip(one, _NAME), "predicate": clip(how, _NAME), "object": clip(other, _NAME)}
            for one, how, other in sample.relations[: _FIELDS["relations"]["maxItems"]]
        ],
        "environment": clip(sample.scene, _FIELDS["environment"]["maxLength"]),
        "text": strings([piece.text for piece in pieces(sample)]),
        "domain": sample.domain,
        "model": MODEL,
        "prompt": settings_hash,
        "language": "en",
        "seed": wish.seed,
        "synthesis": synthesis(sample, wish, tier),
    }
    error = next(_validator().iter_errors(made), None)
    if error is not None:
        where = "/".join(map(str, error.instance_path))
        raise InvalidAnnotation(f"{sample.layout}: {where}: {clip(error.message, 200)}")
    return made


def synthesis(sample: Sample, wish: Wish, tier: str) -> dict[str, Any]:
    """The part of an annotation that no model writes: what was drawn, and where."""
    return {
        "tier": tier,
        "layout": sample.layout,
        "grade": wish.grade,
        "seed": wish.seed,
        "index": wish.index,
        "scene": clip(sample.scene, 400),
        "fonts": list(dict.fromkeys(line.font for line in sample.lines)),
        "lines": [_line(line) for line in sample.lines],
    }


def strings(texts: Sequence[str]) -> list[dict[str, str]]:
    """`texts` in as many strings as the schema takes, of the length it takes: long ones cut at sentences or spaces,
    short ones put together if there are too many, one a line."""
    parts = [part for text in texts for part in cut(text, _LENGTH) if solid(part)]
    if len(parts) > _MOST:
        parts = packed(parts, _LENGTH)
    return [{"content": part, "language": spoken(part)} for part in parts]


def cut(text: str, length: int) -> list[str]:
    """`text` in pieces of at most `length` characters, which joined are `text` but for the space between them."""
    found = []
    while len(text) > length:
        ends = [text.rfind(mark, 0, length) + 1 for mark in (". ", "。", "！", "？", "；", "; ", "，", ", ", " ")]
        at = next((end for end in ends if end > length // 3), length)
        found.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*found, text]


def packed(parts: Sequence[str], length: int) -> list[str]:
    """Neighbours of `parts` put together, one a line, as long as they have at most `length` characters."""
    found: list[str] = []
    for part in parts:
        if found and len(found[-1]) + 1 + len(part) <= length:
            found[-1] += "\n" + part
        else:
            found.append(part)
    return found


def spoken(text: str, language: str = "mixed") -> str:
    """`language` if the schema knows it, else that of the text: Chinese, or English for all that is written in Latin
    letters, figures and signs."""
    if language in _LANGUAGES:
        return language
    return "zh" if chinese(text) else "en"


def clip(text: str, length: int) -> str:
    """`text`, its end left out at a space where it has more than `length` characters."""
    if len(text) <= length:
        return text
    kept = text[: length + 1]
    return (kept.rpartition(" ")[0] or kept[:length]).rstrip(" ,;:")


def _line(line: Line) -> dict[str, Any]:
    known = levels()
    return {
        "text": line.text,
        "language": spoken(line.text, line.language),
        "role": line.role,
        "direction": "vertical" if line.vertical else "horizontal",
        "font": clip(line.font, 120),
        "size": round(float(line.size), 2),
        "quad": _rounded(line.quad),
        "characters": [char.text for char in line.chars],
        "quads": [_rounded(char.quad) for char in line.chars],
        "levels": "".join(str(known.get(char.text, 0)) for char in line.chars),
    }


def _rounded(quad: Quad) -> list[float]:
    """To a tenth of a pixel."""
    return [round(float(value), 1) for value in quad]


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(stored_schema())
