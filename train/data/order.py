"""Which row sample number g of a phase is: arithmetic on (seed, g) and the numbers of rows, so that resuming needs g
alone and every rank agrees.

A stream is a source, or one domain of it. Which stream g is of: samples come in rounds, as short as the weights allow,
that hold each stream exactly as often as its weight says, shuffled. Which row of the stream: its units (row groups,
stretches of a tar, parts) are put in another order each epoch, and the rows of a window of neighbouring units are
shuffled. Every row comes once an epoch, and a reader needs one window at a time.

Where rows have weights, each lies on a line as long as its weight, unit after unit. An epoch takes of each unit so many
rows as it weighs, rounded up or down by chance, and parts the unit's line into as many equal pieces, in each of which
one place is drawn (stratified resampling; Kitagawa, Journal of Computational and Graphical Statistics 5, 1996). So
every row comes as often as its weight says, with less spread than by drawing at random whatever the order of the rows;
of a unit only the sum of its weights is known before it is read. The heaviest row comes about once an epoch, or
`REPEATS` times where most are far lighter, so that copies are far apart: an epoch is as much shorter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Places = NDArray[np.float64]

WINDOW = 1024
"""Rows of a window, about: whole units, at least one."""

FINEST = 10_000
"""Weights are kept to a ten-thousandth of their sum."""

BLOCK = 256
"""Samples dealt out at a time, about: whole rounds, at least one."""

REPEATS = 4
"""An epoch with weights takes a row for every `REPEATS` that are read, or more."""

WITHIN = 1 - 2**-30
"""Keeps a place below the sum of a unit's weights, whatever the order in which these are added up."""

_MIX, _UNITS, _ROWS, _PHASE = 1, 2, 3, 6
"""Set the uses of one seed apart."""


class Mixture:
    """Deals samples out to streams by their weights."""

    def __init__(self, weights: Sequence[float], seed: int):
        self._round = _round(weights)
        self._rounds = max(1, BLOCK // int(self._round.sum()))
        self.counts = self._round * self._rounds
        self._seed = seed
        self._dealt = lru_cache(maxsize=64)(self._deal)

    def place(self, sample: int) -> tuple[int, int]:
        """(stream, how many samples of that stream come before this one)."""
        block, at = divmod(sample, int(self.counts.sum()))
        streams, before, _ = self._dealt(block)
        stream = int(streams[at])
        return stream, block * int(self.counts[stream]) + int(before[at])

    def samples(self, stream: int, numbers: Numbers) -> Numbers:
        """The way back: the samples that are the stream's `numbers`, ascending."""
        blocks, within = np.divmod(numbers, self.counts[stream])
        places = np.concatenate([self._dealt(int(block))[2][stream] for block in np.unique(blocks)])
        first = within[0] if len(within) else 0
        return blocks * self.counts.sum() + places[first : first + len(numbers)]

    def _deal(self, block: int) -> tuple[Numbers, Numbers, list[Numbers]]:
        """Of a block: the stream of each place, how often it came before, and the places of each stream."""
        rounds = np.tile(np.repeat(np.arange(len(self.counts)), self._round), (self._rounds, 1))
        streams = np.random.default_rng([_MIX, self._seed, block]).permuted(rounds, axis=1).ravel()
        places = [np.flatnonzero(streams == stream) for stream in range(len(self.counts))]
        before = np.empty_like(streams)
        for own in places:
            before[own] = np.arange(len(own))
        return streams, before, places


def _round(weights: Sequence[float]) -> Numbers:
    """How often each stream comes in a round: whole numbers in the ratio of the weights, as small as can be."""
    shares = np.asarray(weights, np.float64) / np.sum(weights) * FINEST
    counts = np.floor(shares).astype(np.int64)
    rest = FINEST - int(counts.sum())
    counts[np.argsort(counts - shares, kind="stable")[:rest]] += 1
    counts = np.maximum(counts, 1)
    return counts // np.gcd.reduce(counts)


@dataclass(frozen=True)
class Window:
    """Neighbouring units. Its samples are the stream's `numbers`; `numbers[i]` is at `places[i]` of `units[i]`."""

    numbers: Numbers
    units: Numbers
    places: Places


class Order:
    """The rows of a stream, epoch after epoch. `counts`: the rows of each unit, some above 0; `masses`: the sums of
    their weights, None where all weigh the same, of which `most` is the largest.

    `in_order`: the first epoch takes the units as they come, in windows of a sixteenth of them or less, for a producer
    that is writing them. `length`: samples of an epoch.
    """

    def __init__(
        self,
        counts: Sequence[int] | Numbers,
        seed: int,
        stream: int,
        in_order: bool,
        window: int = WINDOW,
        masses: Sequence[float] | Places | None = None,
        most: float = 1.0,
    ):
        rows = int(np.sum(counts))
        whole = np.asarray(counts if masses is None else masses, float)
        self._filled = np.flatnonzero(whole)
        self._masses = whole[self._filled]
        self._weighed = masses is not None
        self.length = max(1, round(max(math.fsum(self._masses) / most, rows / REPEATS))) if self._weighed else rows
        self._seed = seed, stream
        self._in_order = in_order
        first = min(window, self.length // 16) if in_order else window
        self._widths = [max(1, round(some * len(self._masses) / self.length)) for some in (first, window)]
        self._epoch = lru_cache(maxsize=3)(self._shuffled_units)
        self._window = lru_cache(maxsize=8)(self._shuffled_rows)

    def find(self, number: int) -> tuple[int, int]:
        """(epoch, window) that sample `number` of the stream lies in."""
        epoch, at = divmod(number, self.length)
        firsts = self._epoch(epoch)[1][:: self._width(epoch)]
        return epoch, int(np.searchsorted(firsts, at, "right")) - 1

    def window(self, epoch: int, index: int) -> Window:
        """A window of an epoch; it may be empty where units weigh little."""
        return self._window(epoch, index)

    def after(self, epoch: int, index: int) -> tuple[int, int]:
        """The window that follows."""
        last = index + 1 == math.ceil(len(self._masses) / self._width(epoch))
        return (epoch + 1, 0) if last else (epoch, index + 1)

    def _width(self, epoch: int) -> int:
        """Units of a window."""
        return self._widths[min(epoch, 1)]

    def _shuffled_units(self, epoch: int) -> tuple[Numbers, Numbers]:
        """(units in the epoch's order, of each the number within the epoch of its first sample)."""
        units = np.arange(len(self._masses))
        if epoch or not self._in_order:
            units = np.random.default_rng([_UNITS, *self._seed, epoch]).permutation(units)
        ends = np.cumsum(self._masses[units])
        phase = np.random.default_rng([_PHASE, *self._seed, epoch]).random() if self._weighed else 0.0
        starts = (ends - self._masses[units]) * (self.length / ends[-1])
        return units, np.ceil(starts - phase).clip(0, self.length).astype(np.int64)

    def _shuffled_rows(self, epoch: int, index: int) -> Window:
        units, firsts = self._epoch(epoch)
        width = self._width(epoch)
        start = index * width
        bounds = np.append(firsts[start : start + width + 1], self.length)[: width + 1]
        taken = np.diff(bounds)
        of = np.repeat(np.arange(len(taken)), taken)
        numbers = np.arange(bounds[0], bounds[-1])
        rng = np.random.default_rng([_ROWS, *self._seed, epoch, index])
        order = rng.permutation(len(numbers))
        chance = rng.random(len(numbers)) if self._weighed else 0.0
        here = units[start : start + width][of]
        masses = self._masses[here]
        places = (masses * (numbers - bounds[of] + chance) / taken[of]).clip(None, masses * WITHIN)
        return Window(epoch * self.length + numbers, self._filled[here][order], places[order])
