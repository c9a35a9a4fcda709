"""The figures of an annotated output: computed for one part, summed with `+`, drawn elsewhere.

As in `curation.statistics`: a value of fixed size whose sum does not depend on order or on how the output was cut
into parts. Nothing here knows of HTML, and nothing that draws reads the parts.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from annotate.signals import PROBLEMS, SIGNALS, STAGE, columns
from curation.annotation import vocabulary
from curation.annotation.samples import LIMITS, Fields, Reject, Sample, clipped, first, first_rejects
from curation.assess import DECODE
from curation.parts import Part, parts
from curation.shards.schema import SPLITS
from curation.shards.unit import hash_key
from curation.statistics import Flags, Floats, Histogram, column, floats, summed

COLUMNS = ("key", "caption", "annotation", *SPLITS)
"""The columns of a shard that are read."""

DRAWN = (
    "caption_tokens",
    "repetition",
    "prompt_tokens",
    "completion_tokens",
    "text_confirmed",
    "text_covered",
    "watermark_score",
)
"""The signals that have a histogram."""

TOKENS = ("prompt_tokens", "completion_tokens")
"""The signals whose sums are kept."""

LENGTHS = next((signal.low, signal.high) for signal in SIGNALS if signal.name == "caption_tokens")

CAPTIONS = ("raw", "recaption", "fused")

STRINGS = {"none": 0, "1": 1, "2": 2, "3–4": 4, "5–8": 8, "9–16": 16, "17 or more": None}
"""Classes of the number of strings of text in an image, each with its largest."""

STYLES = 2000
"""Image styles are an open vocabulary, so they are counted on this many images, chosen by hash of their keys: exact
in small outputs, and to 2 percentage points (95 %) in any other."""


@dataclass(frozen=True)
class Problem:
    """How often replies were bad in one way: replies, and the images they were about by what became of these."""

    replies: int = 0
    annotated: int = 0
    rejected: int = 0

    def __add__(self, other: Problem) -> Problem:
        return Problem(self.replies + other.replies, self.annotated + other.annotated, self.rejected + other.rejected)


@dataclass(frozen=True)
class Cause:
    """How many images were rejected with one error at one stage, and a few of them."""

    count: int
    examples: tuple[Reject, ...]

    def __add__(self, other: Cause) -> Cause:
        return Cause(self.count + other.count, first_rejects(self.examples + other.examples))


@dataclass(frozen=True)
class Statistics:
    """Everything the report says in numbers, of any set of parts.

    total: images read; left: those that are not annotated, by `dropped_by` ("decode" or "annotate").
    first: images whose first reply was valid; retried: images that were asked about a second time.
    problems: for each code of `PROBLEMS`.
    signals: histograms of `DRAWN`, "dropped" are the rejected; lengths: tokens of the captions of annotated images.
    tokens: sums of `TOKENS`.
    captions: how many images have each of `CAPTIONS`.
    types, domains, strings, splits: annotated images by image type, domain, number of strings and split.
    languages, language_images: strings, and images with such strings, by language.
    watermarks: annotated images by (whether the model flags one, whether the filter does or None if it was not asked).
    styles: (hash of key, style) of the `STYLES` images whose hash is smallest.
    samples: by kind, see `samples.LIMITS`; causes: rejects by (stage, error).
    """

    total: int = 0
    left: dict[str, int] = field(default_factory=dict)
    first: int = 0
    retried: int = 0
    problems: dict[str, Problem] = field(default_factory=dict)
    signals: dict[str, Histogram] = field(default_factory=dict)
    lengths: Histogram = field(default_factory=lambda: Histogram(*LENGTHS))
    tokens: dict[str, int] = field(default_factory=dict)
    captions: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    domains: dict[str, int] = field(default_factory=dict)
    strings: dict[str, int] = field(default_factory=dict)
    splits: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    language_images: dict[str, int] = field(default_factory=dict)
    watermarks: dict[tuple[bool, bool | None], int] = field(default_factory=dict)
    styles: tuple[tuple[int, str], ...] = ()
    samples: dict[str, tuple[Sample, ...]] = field(default_factory=dict)
    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)

    @staticmethod
    def of(part: Part) -> Statistics:
        """The statistics of one part. Raises ValueError if something else than annotation dropped an image in it."""
        rows = _Rows(part)
        asked, annotated = rows.asked, rows.annotated
        replies = rows.floats("replies")
        return Statistics(
            total=len(asked),
            left=dict(Counter(fate for fate in rows.fates if fate is not None)),
            first=int((annotated & (replies == 1)).sum()),
            retried=int((asked & (replies >= 2)).sum()),
            problems={code: rows.problem(code) for code in PROBLEMS},
            signals={s.name: rows.histogram(s.name, s.low, s.high) for s in SIGNALS if s.name in DRAWN},
            lengths=rows.lengths(),
            tokens={name: int(np.nansum(rows.floats(name)[asked])) for name in TOKENS},
            captions={name: sum(row[f"caption_{name}"] is not None for row in part.rows) for name in CAPTIONS},
            types=_count(vocabulary.image_type(fields.image_type) for fields in rows.fields),
            domains=_count(vocabulary.domain(fields.domain) for fields in rows.fields),
            strings=_count(_class(len(fields.texts)) for fields in rows.fields),
            splits=_count(vocabulary.split(fields.texts) for fields in rows.fields),
            languages=_count(code for fields in rows.fields for code in _languages(fields)),
            language_images=_count(code for fields in rows.fields for code in set(_languages(fields))),
            watermarks=rows.watermarks(),
            styles=_sampled(zip(rows.hashes, map(_style, rows.fields), strict=True)),
            samples=rows.samples(),
            causes=rows.causes(),
        )

    @property
    def unreadable(self) -> int:
        return self.left.get(DECODE, 0)

    @property
    def rejected(self) -> int:
        """Images that were read and could not be annotated."""
        return self.left.get(STAGE, 0)

    @property
    def asked(self) -> int:
        """Images that could be read."""
        return self.total - self.unreadable

    @property
    def annotated(self) -> int:
        return self.asked - self.rejected

    def __add__(self, other: Statistics) -> Statistics:
        return Statistics(
            total=self.total + other.total,
            left=summed(self.left, other.left),
            first=self.first + other.first,
            retried=self.retried + other.retried,
            problems=summed(self.problems, other.problems),
            signals=summed(self.signals, other.signals),
            lengths=self.lengths + other.lengths,
            tokens=summed(self.tokens, other.tokens),
            captions=summed(self.captions, other.captions),
            types=summed(self.types, other.types),
            domains=summed(self.domains, other.domains),
            strings=summed(self.strings, other.strings),
            splits=summed(self.splits, other.splits),
            languages=summed(self.languages, other.languages),
            language_images=summed(self.language_images, other.language_images),
            watermarks=summed(self.watermarks, other.watermarks),
            styles=_sampled((*self.styles, *other.styles)),
            samples={
                kind: first(self.samples.get(kind, ()) + other.samples.get(kind, ()), kind)
                for kind in LIMITS
                if kind in self.samples or kind in other.samples
            },
            causes=summed(self.causes, other.causes),
        )


class _Rows:
    """One part: its signals by columns, and for each annotated image its fields and the row of its signals."""

    def __init__(self, part: Part):
        self.part = part
        self.measured = {signal.name: floats(part.signals, f"{STAGE}.{signal.name}") for signal in SIGNALS}
        self.keys, self.fates = column(part.signals, "key"), column(part.signals, "dropped_by")
        if unknown := set(self.fates) - {DECODE, STAGE, None}:
            raise ValueError(f"part {part.number}: dropped by {min(unknown)}, which is not annotation")
        self.row_of = {key: row for row, key in enumerate(self.keys)}
        self.asked = np.array([fate != DECODE for fate in self.fates], np.bool_)
        self.annotated = np.array([fate is None for fate in self.fates], np.bool_)
        self.rows = [self.row_of[row["key"]] for row in part.rows]
        self.hashes = [hash_key(row["key"]) for row in part.rows]
        self.fields = [Fields.of(row["annotation"]) for row in part.rows]

    def floats(self, signal: str) -> Floats:
        return self.measured[signal]

    def problem(self, code: str) -> Problem:
        replies = np.nan_to_num(self.floats(code))
        struck = replies > 0
        return Problem(int(replies.sum()), int((struck & self.annotated).sum()), int((struck & ~self.annotated).sum()))

    def histogram(self, signal: str, low: float, high: float) -> Histogram:
        return Histogram.of(low, high, self.floats(signal)[self.asked], ~self.annotated[self.asked])

    def lengths(self) -> Histogram:
        values = self.floats("caption_tokens")[self.annotated]
        return Histogram.of(*LENGTHS, values, np.zeros(len(values), np.bool_))

    def watermarks(self) -> dict[tuple[bool, bool | None], int]:
        flagged, agrees = self.floats("watermark_flagged"), self.floats("watermark_agrees")
        return _count(
            (flagged[row] > 0, None if np.isnan(agrees[row]) else bool((flagged[row] > 0) == (agrees[row] > 0)))
            for row in np.flatnonzero(self.annotated & ~np.isnan(flagged))
        )

    def samples(self) -> dict[str, tuple[Sample, ...]]:
        tokens, confirmed, covered = map(self.floats, ("caption_tokens", "text_confirmed", "text_covered"))
        flagged, agrees = self.floats("watermark_flagged"), self.floats("watermark_agrees")
        nought = np.zeros(len(self.keys))
        chosen = {
            "spread": (nought, self.annotated),
            "unconfirmed": (confirmed, confirmed < 1),
            "overlooked": (covered, covered < 1),
            "model_only": (nought, (flagged > 0) & (agrees == 0)),
            "filter_only": (nought, (flagged == 0) & (agrees == 0)),
            "shortest": (tokens, ~np.isnan(tokens)),
            "longest": (-tokens, ~np.isnan(tokens)),
            "retried": (nought, self.floats("replies") >= 2),
        }
        return {kind: self._first(kind, ranks, among) for kind, (ranks, among) in chosen.items()}

    def _first(self, kind: str, ranks: Floats, among: Flags) -> tuple[Sample, ...]:
        """The samples of a kind: those of the flagged rows whose rank [rows] is lowest. No others are made."""
        places = [(ranks[row], self.hashes[at], at) for at, row in enumerate(self.rows) if among[row]]
        return first([self._sample(at, float(rank)) for rank, _, at in heapq.nsmallest(LIMITS[kind], places)], kind)

    def _sample(self, at: int, rank: float) -> Sample:
        row, shard = self.rows[at], self.part.rows[at]
        return Sample(
            self.part.number,
            row,
            shard["key"],
            rank,
            self.fields[at].short(),
            clipped(shard["caption"]) or "",
            clipped(shard["caption_raw"]),
            clipped(shard["caption_fused"]),
            self._value("caption_tokens", row),
            self._value("text_confirmed", row),
            self._value("text_covered", row),
            tuple(code for code in PROBLEMS if self.floats(code)[row] > 0),
        )

    def _value(self, signal: str, row: int) -> float | None:
        value = float(self.floats(signal)[row])
        return None if math.isnan(value) else value

    def causes(self) -> dict[tuple[str, str], Cause]:
        names = ("stage", "error", "key", "source", "message", "reply")
        found: dict[tuple[str, str], list[Reject]] = defaultdict(list)
        for stage, error, key, source, message, reply in zip(
            *(column(self.part.rejects, name) for name in names), strict=True
        ):
            reject = Reject(self.part.number, self.row_of.get(key), key, source, clipped(message) or "", clipped(reply))
            found[stage or "", error or ""].append(reject)
        return {cause: Cause(len(rejects), first_rejects(rejects)) for cause, rejects in found.items()}


def statistics_of_run(out: str) -> Statistics:
    """The statistics of all parts of an annotated output, one part in memory at a time."""
    return sum(map(Statistics.of, parts(out, columns(), COLUMNS)), empty())


def empty() -> Statistics:
    """The statistics of no images: the neutral element of `+`."""
    return Statistics.of(Part())


def wanted(statistics: Statistics) -> list[tuple[int, int, str]]:
    """(part, row, key) of every image the report shows, in order and each once."""
    shown: set[tuple[int, int, str]] = set()
    for samples in statistics.samples.values():
        shown |= {(sample.part, sample.row, sample.key) for sample in samples}
    for (stage, _), cause in statistics.causes.items():
        if stage != DECODE:
            shown |= {(reject.part, reject.row, reject.key) for reject in cause.examples if reject.row is not None}
    return sorted(shown)


def _count(values: Iterable[Any]) -> dict[Any, int]:
    return dict(Counter(values))


def _class(strings: int) -> str:
    return next(name for name, largest in STRINGS.items() if largest is None or strings <= largest)


def _languages(fields: Fields) -> list[str]:
    return [vocabulary.language(code) for _, code in fields.texts]


def _style(fields: Fields) -> str:
    """A style as it is counted: case and white space make no difference."""
    return " ".join(fields.short().image_style.casefold().split())


def _sampled(styles: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    return tuple(heapq.nsmallest(STYLES, styles))
