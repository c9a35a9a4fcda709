"""Small draws from the one generator that all chance comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of `choices`, each as likely as any other."""
    return choices[int(rng.integers(len(choices)))]


def sample(rng: np.random.Generator, choices: Sequence[T], count: int) -> list[T]:
    """`count` different ones of `choices` (all, if there are fewer), in a random order."""
    return [choices[int(place)] for place in rng.permutation(len(choices))[:count]]


def chance(rng: np.random.Generator, share: float) -> bool:
    """True in `share` of the cases, 0..1."""
    return float(rng.random()) < share
