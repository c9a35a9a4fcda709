"""The figures of a synthesised output: computed for one part, summed with `+`, drawn elsewhere.

As in `curation.statistics`: a value whose size does not depend on rows, and whose sum does not depend on order.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from curation.parts import Part, parts
from curation.safe import cut
from curation.shards.unit import hash_key
from curation.statistics import Cause, Histogram, column, floats, summed
from curation.synthesis.signals import CAUSES, FIGURES, OTHER, STAGE, columns
from curation.synthesis.signals import column as discarded
from synth.exposure import Exposure

COLUMNS = ("key", "width", "height", "caption", "annotation")
"""The columns of a shard that are read."""

SHOWN = 24
"""Samples that a report shows, chosen by the hash of their keys."""

LONGEST, LINES = 2000, 120
"""Characters of a caption and lines of text that are kept of a sample that is shown."""


@dataclass(frozen=True)
class Shown:
    """One sample to show. `boxes`: the quads of its lines, in pixels."""

    part: int
    key: str
    width: int
    height: int
    caption: str
    layout: str
    grade: str
    fonts: tuple[str, ...]
    boxes: tuple[tuple[float, ...], ...]

    @property
    def order(self) -> tuple[int, str]:
        return hash_key(self.key), self.key


@dataclass(frozen=True)
class Statistics:
    """Everything the report says in numbers, of any set of parts.

    total: samples asked for; made: those that came out. attempts: made and given up, of all samples; discards: those
    given up, by cause. layouts, grades, languages, shapes, fonts: samples by each (one in two languages counts for
    both). signals: histograms of `FIGURES`. exposure: how often each standard character was drawn. samples: `SHOWN`
    of them; causes: rejects by error.
    """

    total: int = 0
    made: int = 0
    attempts: int = 0
    discards: dict[str, int] = field(default_factory=dict)
    layouts: dict[str, int] = field(default_factory=dict)
    grades: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    shapes: dict[str, int] = field(default_factory=dict)
    fonts: dict[str, int] = field(default_factory=dict)
    signals: dict[str, Histogram] = field(default_factory=dict)
    exposure: Exposure = field(default_factory=Exposure)
    samples: tuple[Shown, ...] = ()
    causes: dict[str, Cause] = field(default_factory=dict)

    @staticmethod
    def of(part: Part) -> Statistics:
        """The statistics of one part."""
        known = [json.loads(row["annotation"])["synthesis"] for row in part.rows]
        failed = np.array([by is not None for by in column(part.signals, "dropped_by")], np.bool_)
        counted = {cause: floats(part.signals, f"{STAGE}.{discarded(cause)}") for cause in (*CAUSES, OTHER)}
        return Statistics(
            total=part.signals.num_rows,
            made=len(part.rows),
            attempts=int(np.nansum(floats(part.signals, f"{STAGE}.attempts"))),
            discards={cause: int(np.nansum(counts)) for cause, counts in counted.items() if np.nansum(counts)},
            layouts=_count(made["layout"] for made in known),
            grades=_count(made["grade"] for made in known),
            languages=_count(name for made in known for name in {line["language"] for line in made["lines"]}),
            shapes=_count(f"{row['width']}×{row['height']}" for row in part.rows),
            fonts=_count(name for made in known for name in made["fonts"]),
            signals={
                s.name: Histogram.of(s.low, s.high, floats(part.signals, f"{STAGE}.{s.name}"), failed) for s in FIGURES
            },
            exposure=Exposure.of(line["text"] for made in known for line in made["lines"]),
            samples=_first(_shown(part.number, row, made) for row, made in zip(part.rows, known, strict=True)),
            causes=_causes(part.rejects),
        )

    @property
    def failed(self) -> int:
        return self.total - self.made

    @property
    def given_up(self) -> int:
        """Attempts that came to nothing."""
        return sum(self.discards.values())

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(
            total=self.total + other.total,
            made=self.made + other.made,
            attempts=self.attempts + other.attempts,
            discards=summed(self.discards, other.discards),
            layouts=summed(self.layouts, other.layouts),
            grades=summed(self.grades, other.grades),
            languages=summed(self.languages, other.languages),
            shapes=summed(self.shapes, other.shapes),
            fonts=summed(self.fonts, other.fonts),
            signals=summed(self.signals, other.signals),
            exposure=self.exposure + other.exposure,
            samples=_first((*self.samples, *other.samples)),
            causes=summed(self.causes, other.causes),
        )


def statistics_of_run(out: str) -> Statistics:
    """The statistics of all parts of an output, one part in memory at a time."""
    return sum(map(Statistics.of, parts(out, columns(), COLUMNS)), Statistics.of(Part()))


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values))


def _first(samples: Iterable[Shown]) -> tuple[Shown, ...]:
    return tuple(heapq.nsmallest(SHOWN, samples, key=lambda sample: sample.order))


def _shown(part: int, row: dict[str, Any], made: dict[str, Any]) -> Shown:
    return Shown(
        part,
        row["key"],
        row["width"],
        row["height"],
        cut(row["caption"], LONGEST),
        made["layout"],
        made["grade"],
        tuple(made["fonts"][:8]),
        tuple(tuple(line["quad"]) for line in made["lines"][:LINES]),
    )


def _causes(rejects: pa.Table) -> dict[str, Cause]:
    causes: dict[str, Cause] = {}
    for key, error, message in zip(*(column(rejects, name) for name in ("key", "error", "message")), strict=True):
        causes = summed(causes, {error: Cause(1, key, None, message)})
    return causes
