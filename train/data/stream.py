"""What the loader draws from: rows of one source, or of one domain of it, unit by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from train.data.labels import Label


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


class Shards(Protocol):
    """Rows in units. `counts`: of each unit the rows that are chosen. `in_order`: the first epoch follows the units."""

    counts: NDArray[np.int64]
    in_order: bool

    def read(self, unit: int, rows: Collection[int]) -> dict[int, Item]:
        """The items of so many chosen rows of a unit, by their numbers among the chosen ones; all are there.

        Raises DataError, NotYet.
        """
        ...


@dataclass(frozen=True)
class Choice:
    """Which rows are taken: those whose label has one of `grades` and of `tiers`, all where empty, and is of `domain`
    or of its family."""

    grades: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    domain: str | None = None

    @property
    def all(self) -> bool:
        """Whether every row is taken, whatever its label."""
        return not self.grades and not self.tiers and self.domain is None

    def takes(self, row: Label) -> bool:
        """Whether a row with this label is."""
        grade, tier = not self.grades or row.grade in self.grades, not self.tiers or row.tier in self.tiers
        return grade and tier and (self.domain is None or self.domain in (row.domain, row.domain.partition("/")[0]))


def count(labels: Sequence[Counter[Label]], choice: Choice) -> NDArray[np.int64]:
    """Of each unit, whose rows have these labels so often, the rows that `choice` takes."""
    return np.array([sum(n for known, n in unit.items() if choice.takes(known)) for unit in labels], np.int64)


@dataclass(frozen=True)
class Stream:
    """Shards of which a share of the samples is drawn. `captions`: shares of the columns that a caption is from."""

    shards: Shards
    weight: float
    captions: Mapping[str, float]
