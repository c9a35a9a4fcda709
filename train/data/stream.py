"""What the loader draws from: rows of one source, or of one domain of it, unit by unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from train.data.labels import Label
from train.data.weighing import Tally, same


@dataclass(frozen=True)
class Picture:
    """A row with its encoded image. `captions`: those that it has, by column."""

    key: str
    data: bytes
    captions: Mapping[str, str]


@dataclass(frozen=True)
class Encoded:
    """A row that was encoded before: `latents` and `text` as in an Example, in the numbers they were kept in."""

    key: str
    latents: Tensor
    text: Tensor


@dataclass(frozen=True)
class Bad:
    """A row that cannot be used, and why, in a few words."""

    key: str
    cause: str


Item = Picture | Encoded | Bad


class NotYet(Exception):
    """A unit that a producer has still to write: its path, and what is known of the producer."""


@dataclass(frozen=True)
class Amounts:
    """What is chosen of each unit: so many `rows`. `masses`: the sums of their weights, None where all weigh the same;
    `most`: the largest weight of all."""

    rows: NDArray[np.int64]
    masses: NDArray[np.float64] | None = None
    most: float = 1.0


class Shards(Protocol):
    """Rows in units. `in_order`: the first epoch follows the units."""

    amounts: Amounts
    in_order: bool

    def read(self, unit: int, places: Collection[float]) -> dict[float, Item]:
        """The items at these places of a unit; all are there.

        Its chosen rows lie on a line, each as long as its weight, or 1 where all weigh the same: a row is at every
        place from where it begins to where the next one does. Raises DataError, NotYet.
        """
        ...


@dataclass(frozen=True)
class Choice:
    """Which rows are taken: those whose label has one of `grades`, of `tiers`, of `languages` and of `categories`, any
    where empty, and is of `domain` or of its family."""

    grades: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    domain: str | None = None
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Whether every row is taken, whatever its label."""
        return not self.names

    @property
    def names(self) -> tuple[str, ...]:
        """All that a row must be of."""
        return self.grades + self.tiers + self.languages + self.categories + ((self.domain,) if self.domain else ())

    def takes(self, row: Label) -> bool:
        """Whether a row with this label is."""
        pairs = (
            (row.grade, self.grades),
            (row.tier, self.tiers),
            (row.language, self.languages),
            (row.category, self.categories),
        )
        domains = None, row.domain, row.domain.partition("/")[0]
        return self.domain in domains and all(not wanted or value in wanted for value, wanted in pairs)


def amounts(tallies: Sequence[Mapping[Label, Tally]], choice: Choice) -> Amounts:
    """What `choice` takes of each unit, whose rows with each label were tallied."""
    chosen = [[tally for known, tally in unit.items() if choice.takes(known)] for unit in tallies]
    rows, masses = ([sum(getattr(tally, name) for tally in unit) for unit in chosen] for name in ("rows", "mass"))
    most = max((tally.most for unit in chosen for tally in unit), default=0.0)
    return Amounts(np.array(rows, np.int64), None if same(masses, rows, most) else np.array(masses, float), most)


@dataclass(frozen=True)
class Stream:
    """Shards of which a share of the samples is drawn. `captions`: shares of the columns that a caption is from."""

    shards: Shards
    weight: float
    captions: Mapping[str, float]
