"""What a row that `curation synth` made knows of its text, read back from its annotation."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from annotate.evidence import Reading
from annotate.prompt import stored_schema


@dataclass(frozen=True)
class Synthesis:
    """`synthesis`: the property of that name, valid by the schema; `rest`: the annotation without it, as JSON text."""

    synthesis: dict[str, Any]
    rest: str

    @property
    def tier(self) -> str:
        return str(self.synthesis["tier"])

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines, in reading order."""
        return tuple(line["text"] for line in self.synthesis["lines"])

    def readings(self, width: int, height: int) -> tuple[Reading, ...]:
        """The lines as if OCR had read them without a doubt, of an image of `width` × `height` pixels."""
        return tuple(_reading(line, width, height) for line in self.synthesis["lines"])


@lru_cache(maxsize=64)  # asked several times of one row, of as many rows at once as are in flight
def of(annotation: str | None) -> Synthesis | None:
    """What the annotation of a row, JSON text, says of its synthesis. None if it says nothing that the schema knows."""
    if annotation is None or '"synthesis"' not in annotation:
        return None
    try:
        read = json.loads(annotation)
    except ValueError:
        return None
    if not isinstance(read, dict) or not _validator().is_valid(made := read.pop("synthesis", None)):
        return None
    return Synthesis(made, json.dumps(read, ensure_ascii=False))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(stored_schema()["properties"]["synthesis"])


def _reading(line: dict[str, Any], width: int, height: int) -> Reading:
    xs, ys = line["quad"][::2], line["quad"][1::2]
    across, down = math.dist(*zip(xs[:2], ys[:2], strict=True)), math.dist(*zip(xs[1:3], ys[1:3], strict=True))
    thickness = (across if line["direction"] == "vertical" else down) / min(width, height)
    return Reading(line["text"], 1.0, line["language"], thickness, sum(xs) / 4 / width, sum(ys) / 4 / height)
