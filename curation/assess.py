"""Runs stages over rows: what each image measured, and which stage dropped it, if any.

Rows go through in waves of a few images: decoded once, measured stage by stage, networks fed with what is left of
the wave. Only the current wave is in memory.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curation.shards.schema import Row
from filters.base import BatchFilter, Filter, Signals
from filters.image import Image

WAVE = 8
"""Images held decoded at once, each less than 2048 px a side: 100 MB. Larger batches gain the networks nothing."""

DECODE = "decode"
"""Stands in `dropped_by` of an image that cannot be read."""


@dataclass(frozen=True)
class Outcome:
    """All that is known of one row: a row of the signals table, and why it failed if it did.

    `signals` are by column name, `stage.signal`. `failed` is (stage or "decode", error class, message); `reply` what
    a model wrote, where that is why.
    """

    key: str
    source: str
    size: int | None = None
    width: int | None = None
    height: int | None = None
    format: str | None = None
    sha256: str | None = None
    signals: dict[str, float] = field(default_factory=dict)
    dropped_by: str | None = None
    reason: str | None = None
    duplicate_of: str | None = None
    failed: tuple[str, str, str] | None = None
    reply: str | None = None

    @property
    def kept(self) -> bool:
        return self.dropped_by is None

    def drop(self, stage: str, reason: str) -> Outcome:
        return replace(self, dropped_by=stage, reason=reason)

    def fail(self, stage: str, error: Exception) -> Outcome:
        what = "cannot be read" if stage == DECODE else f"cannot be measured by {stage}"
        return self.reject(stage, what, type(error).__name__, str(error) or type(error).__name__)

    def reject(self, stage: str, what: str, code: str, message: str) -> Outcome:
        """Failed at `stage`. `what` became of the image, `code` is the class of the error that `message` describes."""
        return replace(self, dropped_by=stage, reason=f"{what}: {message}", failed=(stage, code, message))


@dataclass
class Candidate:
    """A row on its way through the stages. `note` is what `at_opening` made of the full image."""

    row: Row
    outcome: Outcome
    image: Image | None = None
    note: Any = None


def assess(
    rows: Iterable[tuple[Row, Outcome | None]],
    stages: Sequence[Filter],
    at_opening: Callable[[Image], Any] | None = None,
    decide: bool = True,
) -> Iterator[Candidate]:
    """Each row through `stages` with early exit, in order; unless they `decide`, none drops an image.

    A row comes with the outcome of an earlier pass or None; one that is already dropped passes untouched, undecoded.
    `at_opening` sees each image once with all its pixels.
    """
    for wave in waves(rows):
        candidates = [_open(row, outcome, at_opening) for row, outcome in wave]
        for stage in stages:
            _apply(stage, [c for c in candidates if c.outcome.kept], decide)
        for candidate in candidates:
            candidate.image = None
            yield candidate


def waves(rows: Iterable[tuple[Row, Outcome | None]]) -> Iterator[list[tuple[Row, Outcome | None]]]:
    """`rows` in lists of `WAVE`."""
    iterator = iter(rows)
    while wave := list(itertools.islice(iterator, WAVE)):
        yield wave


def _open(row: Row, outcome: Outcome | None, at_opening: Callable[[Image], Any] | None) -> Candidate:
    candidate = Candidate(row, outcome or first_look(row))
    if not candidate.outcome.kept:
        return candidate
    try:
        if row.error is not None:
            raise row.error
        assert row.data is not None
        image = candidate.image = Image(row.data, row.annotation, row.caption)
        seen = candidate.outcome
        candidate.outcome = replace(seen, width=image.width, height=image.height, format=image.format)
        candidate.note = at_opening(image) if at_opening else None
        image.shrink()
    except Exception as error:  # an Unreadable says what; anything else of one image must not end the run either
        candidate.outcome = candidate.outcome.fail(DECODE, error)
    return candidate


def first_look(row: Row) -> Outcome:
    """What is known of a row before its image is opened."""
    if row.data is None:
        return Outcome(row.key, row.source)
    return Outcome(row.key, row.source, len(row.data), sha256=hashlib.sha256(row.data).hexdigest())


def _apply(stage: Filter, candidates: list[Candidate], decide: bool) -> None:
    for candidate, measured in zip(candidates, _measure(stage, candidates), strict=True):
        if isinstance(measured, Exception):
            candidate.outcome = candidate.outcome.fail(stage.name, measured)
            continue
        named = {f"{stage.name}.{name}": value for name, value in measured.items()}
        candidate.outcome = replace(candidate.outcome, signals=candidate.outcome.signals | named)
        if decide and (reason := stage.verdict(measured)):
            candidate.outcome = candidate.outcome.drop(stage.name, reason)


def _measure(stage: Filter, candidates: list[Candidate]) -> list[Signals | Exception]:
    if isinstance(stage, BatchFilter) and len(candidates) > 1:
        try:
            return list(stage.measure_batch([stage.prepare(_image(c)) for c in candidates]))
        except Exception:
            pass  # one image spoils the batch: measured one by one below, it alone fails
    return [_measure_one(stage, candidate) for candidate in candidates]


def _measure_one(stage: Filter, candidate: Candidate) -> Signals | Exception:
    try:
        return stage.measure(_image(candidate))
    except Exception as error:  # one image that a stage cannot take costs one row in rejects, not the run
        return error


def _image(candidate: Candidate) -> Image:
    assert candidate.image is not None
    return candidate.image


def columns(stages: Iterable[Filter]) -> list[str]:
    """The signal columns of these stages, in order."""
    return [f"{stage.name}.{signal.name}" for stage in stages for signal in stage.signals]


def known(value: float | None) -> float | None:
    """A signal as the table holds it: null where it does not apply."""
    return None if value is None or math.isnan(value) else float(value)
