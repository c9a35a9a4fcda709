"""What a vision model is told: texts in one language, the schema of its reply, how its reply is sampled.

Two steps after the Qwen-Image report (arXiv 2508.02324): a faithful caption, then the metadata. The texts stand in
`prompt.LANGUAGE.md`, the fields in `schema.json`, which describes the annotation as it is stored.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from annotate.raw_caption import FULL, LIMIT, render

LANGUAGES = ("en", "zh")

TEMPERATURE, TOP_P = 0.2, 0.9
"""Low, because a caption must be faithful; not 0, so that another seed gives another reply."""

_ABOUT = ("$schema", "title", "description")
"""Keywords of the stored schema that mean nothing to a constrained decoder."""


@dataclass(frozen=True)
class Prompt:
    """One prompt. In a message `instructions` stand before the image, where servers can cache them.

    `language`: `en` or `zh`, of the caption. `plain` and `fusing` are what follows the image, without and with a raw
    caption. `temperature` ≥ 0 and `top_p`, 0..1, are the sampling parameters that belong to it.
    """

    language: str
    system: str
    instructions: str
    plain: str
    fusing: str
    temperature: float = TEMPERATURE
    top_p: float = TOP_P

    def fuses(self, raw_caption: str | None) -> bool:
        """Whether a fused caption is asked for: a raw caption came with the image, and something of it is legible."""
        return bool(render(raw_caption))

    def after_image(self, raw_caption: str | None, in_full: bool = False) -> str:
        """What follows the image. A raw caption is quoted as a JSON string, which nothing in it can end.

        `in_full`: it is one of ours, and longer than strangers' may be.
        """
        rendered = render(raw_caption, FULL if in_full else LIMIT)
        if not rendered:
            return self.plain
        return self.fusing.replace("{raw_caption}", json.dumps(rendered, ensure_ascii=False))

    def schema(self, fused: bool) -> dict[str, Any]:
        """The JSON Schema of the reply, with or without `fused_caption`. Shared: not to be changed."""
        return reply_schema(fused)

    @property
    def digest(self) -> str:
        """Hex SHA-256 over the texts, the schema and the sampling parameters: annotations with it are comparable."""
        return _digest(self)


@cache
def load(language: str) -> Prompt:
    """The prompt for captions in `language`. Raises ValueError, one line, for a language there is none for."""
    if language not in LANGUAGES:
        raise ValueError(f"there is no prompt in {language!r}: choose one of {', '.join(LANGUAGES)}")
    parts = _sections(_read(f"prompt.{language}.md"))
    return Prompt(
        language,
        parts["System"],
        parts["Instructions"],
        parts["Without a raw caption"],
        parts["With a raw caption"],
    )


@cache
def stored_schema() -> dict[str, Any]:
    """The JSON Schema of an annotation as it is stored. Shared: not to be changed."""
    schema: dict[str, Any] = json.loads(_read("schema.json"))
    return schema


@cache
def reply_schema(fused: bool) -> dict[str, Any]:
    """The stored schema less provenance, which is ours to write; `fused_caption` is required or unknown."""
    whole = stored_schema()
    fields = {
        name: field
        for name, field in whole["properties"].items()
        if not field.get("readOnly") and (fused or name != "fused_caption")
    }
    rest = {keyword: value for keyword, value in whole.items() if keyword not in _ABOUT}
    return rest | {"properties": fields, "required": list(fields)}


@cache
def _digest(prompt: Prompt) -> str:
    whole = {"prompt": asdict(prompt), "schemas": [reply_schema(False), reply_schema(True)]}
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()  # unsorted: the order of the fields is the model's


def _read(name: str) -> str:
    return resources.files("annotate").joinpath(name).read_text("utf-8")


def _sections(text: str) -> dict[str, str]:
    """The texts under each `# heading`."""
    sections: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("# "):
            sections[line[2:]] = []
        else:
            sections[list(sections)[-1]].append(line)
    return {heading: "\n".join(lines).strip() for heading, lines in sections.items()}
