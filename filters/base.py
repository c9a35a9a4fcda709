"""What a filter is: it measures signals, its limits decide.

A filter is one frozen dataclass in one file. Its dataclass fields are its thresholds, so a line of a recipe
is its constructor. `measure` turns an image into numbers, `limits` say which number is held against which
field, and `verdict` reads them. It keeps no state, opens no file and knows no other filter.

After huggingface/datatrove's filters (one file a filter, a verdict with a reason) with one change: measuring
is kept apart from deciding, so that a threshold can move later without touching pixels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from filters.image import Image

Signals = dict[str, float]


@dataclass(frozen=True)
class Signal:
    """A number a filter measures. Kept for ever in the signals table as the column `stage.name`.

    `low` and `high` bound the histogram of the report (values outside go into its end bins); `about` is one
    phrase for people, with the unit.
    """

    name: str
    low: float
    high: float
    about: str


@dataclass(frozen=True)
class Limit:
    """One threshold: the signal it reads, the recipe's field it stands in, and why crossing it is bad.

    A missing or NaN signal never crosses a limit: what was not measured is not judged.
    """

    signal: str
    field: str
    why: str

    words: ClassVar[str]

    def crossed(self, value: float, bound: float) -> bool:
        raise NotImplementedError

    def reason(self, value: float, bound: float) -> str:
        """One sentence with the number and the threshold, e.g. "sharpness 3.2 is below min_sharpness 12: …"."""
        shown = figure(value) if figure(value) != figure(bound) else repr(value)
        return f"{self.signal} {shown} is {self.words} {self.field} {figure(bound)}: {self.why}"


class AtLeast(Limit):
    """Values below the bound are dropped."""

    words = "below"

    def crossed(self, value: float, bound: float) -> bool:
        return value < bound


class AtMost(Limit):
    """Values above the bound are dropped."""

    words = "above"

    def crossed(self, value: float, bound: float) -> bool:
        return value > bound


def figure(value: float) -> str:
    """A number as a person writes it: four significant digits, no trailing zeros."""
    return f"{value:.4g}"


@dataclass(frozen=True)
class Filter:
    """Base of all filters. Subclasses are frozen dataclasses that set the three class variables.

    `name` is the stage's name in recipes and columns, `signals` what `measure` returns, `limits` what decides. `parts`
    are what the images that are kept are sorted into, of a filter that does: `part` says which.
    """

    name: ClassVar[str]
    signals: ClassVar[tuple[Signal, ...]]
    limits: ClassVar[tuple[Limit, ...]]
    parts: ClassVar[tuple[str, ...]] = ()

    def measure(self, image: Image) -> Signals:
        """Every signal of one image, by name. NaN where a signal does not apply (no text, so no line height)."""
        raise NotImplementedError

    def verdict(self, signals: Mapping[str, float | None]) -> str | None:
        """The reason to drop the image, one sentence with number and threshold, or None to keep it."""
        for limit in self.limits:
            value, bound = signals.get(limit.signal), getattr(self, limit.field)
            if value is not None and not math.isnan(value) and limit.crossed(value, bound):
                return limit.reason(value, bound)
        return None

    def part(self, signals: Mapping[str, float | None]) -> str:
        """The one of `parts` that an image belongs to: it stands in the column of the filter's name in the shards."""
        raise NotImplementedError

    def model_files(self) -> list[Path]:
        """Weights this filter reads; their hashes stand in the run's manifest."""
        return []


class BatchFilter(Filter):
    """A filter that gains from batches: a network. One input an image is prepared, then they are measured together."""

    def prepare(self, image: Image) -> Any:
        """The network's input for one image; small, because a batch of them is held at once."""
        raise NotImplementedError

    def measure_batch(self, prepared: Sequence[Any]) -> list[Signals]:
        """The signals of each prepared input, in order."""
        raise NotImplementedError

    def measure(self, image: Image) -> Signals:
        return self.measure_batch([self.prepare(image)])[0]
