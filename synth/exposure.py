"""Which characters each sample must show, so that all are shown often enough, and the table that proves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from synth.characters import levels, standard

PER_SAMPLE = 8
"""Characters a sample has to show. Eight fit into a paragraph of a hundred characters."""

_STREAM = 0x65787073
"""Sets the permutations apart from every other use of the seed."""


def targets(seed: int, index: int) -> tuple[str, ...]:
    """The PER_SAMPLE characters that sample `index` has to show; they depend on (seed, index) only.

    The samples' targets laid end to end are permutations of the 8,105 characters, one after the other, each drawn
    from the seed and its number. A character may be in it twice, where one permutation ends and the next begins.
    """
    first = index * PER_SAMPLE
    return tuple(_at(seed, position) for position in range(first, first + PER_SAMPLE))


def images_needed(exposures: int) -> int:
    """Samples, from index 0 on, after which every character has been a target at least `exposures` times."""
    return -(-len(standard()) * exposures // PER_SAMPLE)


def _at(seed: int, position: int) -> str:
    cycle, place = divmod(position, len(standard()))
    return standard()[_permutation(seed, cycle)[place]]


@lru_cache(maxsize=4)  # the two that meet in a sample, for a worker or two units of work
def _permutation(seed: int, cycle: int) -> list[int]:
    order: list[int] = np.random.default_rng([_STREAM, seed, cycle]).permutation(len(standard())).tolist()
    return order


class Row(NamedTuple):
    """One line of the coverage table: how often a character of the table was shown."""

    character: str
    level: int
    exposures: int


@dataclass(frozen=True)
class Exposure:
    """How often each of the 8,105 characters was shown. Two of them add up, in any order."""

    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Exposure:
        """Counts every occurrence of the table's characters in `texts`; whatever else they hold is passed over."""
        counts = Counter[str]()
        for text in texts:
            counts.update(text)
        known = levels()
        return cls(Counter({character: count for character, count in counts.items() if character in known}))

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(self.counts + other.counts)

    def table(self) -> tuple[Row, ...]:
        """All 8,105 characters, also those never shown, in the order of the standard."""
        return tuple(Row(character, level, self.counts[character]) for character, level in levels().items())

    def least(self) -> int:
        """Exposures of the character that was shown least often."""
        return min(row.exposures for row in self.table())
