"""The curriculum: phases one after the other, each with its own pictures, resolution and batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from train.config import Phase


@dataclass(frozen=True)
class Stretch:
    """A phase and the steps of the run that are its: `first` up to, not including, `last`."""

    number: int
    phase: Phase
    first: int
    last: int


def stretches(phases: Sequence[Phase], done: int = 0) -> Iterator[Stretch]:
    """What is left to do of `phases` after `done` steps. `first` is the phase's own, also where some of it is done."""
    first = 0
    for number, phase in enumerate(phases):
        if first + phase.steps > done:
            yield Stretch(number, phase, first, first + phase.steps)
        first += phase.steps
