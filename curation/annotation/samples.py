"""The few annotations that a report shows. Which they are depends on the rows alone, not on their order or cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from curation.safe import cut
from curation.shards.unit import hash_key

LIMITS = {
    "spread": 12,
    "unconfirmed": 6,
    "overlooked": 6,
    "model_only": 4,
    "filter_only": 4,
    "shortest": 4,
    "longest": 4,
    "retried": 6,
}
"""How many are kept of each kind: chosen by hash of the key; with the least text confirmed, or covered, by OCR; in
which only the model, or only the filter, sees a watermark; with the shortest and the longest captions; retried."""

REJECTED = 3
"""How many rejects are kept of each cause."""

LENGTH, STRING, STRINGS = 2000, 200, 24
"""Characters kept of a caption or a reply, and of a string of text; how many strings are kept."""


@dataclass(frozen=True)
class Fields:
    """What the statistics read of an annotation. `texts` are (content, language)."""

    image_type: str
    image_style: str
    domain: str
    texts: tuple[tuple[str, str], ...]
    watermarks: tuple[str, ...]

    @staticmethod
    def of(annotation: str) -> Fields:
        """Reads the JSON text of an annotation. Raises ValueError if it is none."""
        read: Mapping[str, Any] = json.loads(annotation)
        return Fields(
            read.get("image_type", ""),
            read.get("image_style", ""),
            read.get("domain", ""),
            tuple((text["content"], text["language"]) for text in read.get("text", ())),
            tuple(read.get("watermarks", ())),
        )

    def short(self) -> Fields:
        """The same, of bounded size."""
        return Fields(
            cut(self.image_type, STRING),
            cut(self.image_style, STRING),
            cut(self.domain, STRING),
            tuple((cut(content, STRING), cut(language, STRING)) for content, language in self.texts[:STRINGS]),
            tuple(cut(words, STRING) for words in self.watermarks[:STRINGS]),
        )


@dataclass(frozen=True)
class Sample:
    """One annotated image to show. `rank` orders those of its kind, the first shown smallest; `order` breaks ties."""

    part: int
    row: int
    key: str
    rank: float
    fields: Fields
    caption: str
    raw: str | None
    fused: str | None
    tokens: float | None
    confirmed: float | None
    covered: float | None
    problems: tuple[str, ...]

    @property
    def order(self) -> tuple[float, int, str, int, int]:
        return self.rank, hash_key(self.key), self.key, self.part, self.row


@dataclass(frozen=True)
class Reject:
    """One image without an annotation. `row` is None if the signals do not hold its key; `reply` is the last one."""

    part: int
    row: int | None
    key: str
    source: str | None
    message: str
    reply: str | None

    @property
    def order(self) -> tuple[int, str, int, str]:
        return hash_key(self.key), self.key, self.part, self.message


def first(samples: Iterable[Sample], kind: str) -> tuple[Sample, ...]:
    """Those that are shown of all `samples` of a kind."""
    return tuple(sorted(samples, key=lambda sample: sample.order)[: LIMITS[kind]])


def first_rejects(rejects: Iterable[Reject]) -> tuple[Reject, ...]:
    """Those that are shown of all `rejects` with one cause."""
    return tuple(sorted(rejects, key=lambda reject: reject.order)[:REJECTED])


def clipped(text: str | None) -> str | None:
    """A caption or a reply as samples hold it, its middle left out where it is long."""
    return None if text is None else cut(text, LENGTH)
