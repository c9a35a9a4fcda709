"""Which row sample number g of a phase is: arithmetic on (seed, g) and the numbers of rows, so that resuming needs g
alone and every rank agrees.

A stream is a source, or one domain of it. Which stream g is of: samples come in rounds, as short as the weights allow,
that hold each stream exactly as often as its weight says, shuffled. Which row of the stream: its units (row groups,
stretches of a tar, parts) are put in another order each epoch, and the rows of a window of neighbouring units are
shuffled. Every row comes once an epoch, and a reader needs one window at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

WINDOW = 1024
"""Rows of a window, about: whole units, at least one."""

FINEST = 10_000
"""Weights are kept to a ten-thousandth of their sum."""

BLOCK = 256
"""Samples dealt out at a time, about: whole rounds, at least one."""

_MIX, _UNITS, _ROWS = 1, 2, 3
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
    """Neighbouring units. Its rows are the stream's `numbers`; sample `numbers[i]` is row `rows[i]` of `units[i]`."""

    numbers: Numbers
    units: Numbers
    rows: Numbers


class Order:
    """The rows of a stream, epoch after epoch. `counts`: the rows of each unit, some above 0.

    `in_order`: the first epoch takes the units as they come, in windows of a sixteenth of them or less, for a producer
    that is writing them.
    """

    def __init__(self, counts: Sequence[int] | Numbers, seed: int, stream: int, in_order: bool, window: int = WINDOW):
        counts = np.asarray(counts, np.int64)
        self._filled = np.flatnonzero(counts)
        self._counts = counts[self._filled]
        self.rows = int(counts.sum())
        self._seed = seed, stream
        self._in_order = in_order
        first = min(window, self.rows // 16) if in_order else window
        self._widths = [max(1, round(rows * len(self._counts) / self.rows)) for rows in (first, window)]
        self._units = lru_cache(maxsize=3)(self._shuffled_units)
        self._window = lru_cache(maxsize=8)(self._shuffled_rows)

    def find(self, number: int) -> tuple[int, int]:
        """(epoch, window) that sample `number` of the stream lies in."""
        epoch, at = divmod(number, self.rows)
        _, starts = self._units(epoch)
        return epoch, int(np.searchsorted(starts, at, "right")) - 1

    def window(self, epoch: int, index: int) -> Window:
        """A window of an epoch."""
        return self._window(epoch, index)

    def after(self, epoch: int, index: int) -> tuple[int, int]:
        """The window that follows."""
        last = index + 1 == len(self._units(epoch)[1])
        return (epoch + 1, 0) if last else (epoch, index + 1)

    def _width(self, epoch: int) -> int:
        """Units of a window."""
        return self._widths[min(epoch, 1)]

    def _shuffled_units(self, epoch: int) -> tuple[Numbers, Numbers]:
        """(units in the epoch's order, number within the epoch of the first row of each window)."""
        units = np.arange(len(self._counts))
        if epoch or not self._in_order:
            units = np.random.default_rng([_UNITS, *self._seed, epoch]).permutation(units)
        ends = np.cumsum(self._counts[units])
        return units, (ends - self._counts[units])[:: self._width(epoch)]

    def _shuffled_rows(self, epoch: int, index: int) -> Window:
        units, starts = self._units(epoch)
        width = self._width(epoch)
        here = units[index * width : (index + 1) * width]
        counts = self._counts[here]
        rows = np.concatenate([np.arange(count) for count in counts])
        order = np.random.default_rng([_ROWS, *self._seed, epoch, index]).permutation(len(rows))
        numbers = epoch * self.rows + starts[index] + np.arange(len(rows))
        return Window(numbers, np.repeat(self._filled[here], counts)[order], rows[order])
