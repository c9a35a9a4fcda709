"""Rank correlation of signals, of which some are missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curation.statistics import Floats

LEAST = 30
"""Images that must have both signals, else a correlation says nothing."""


def spearman(columns: Sequence[Floats]) -> Floats:
    """Spearman's rank correlation of each pair of `columns`, [n] each with NaN where missing: [columns, columns].

    Of a pair only the images count that have both; tied values share their mean rank. NaN where fewer than `LEAST` are
    left, or where one signal is the same on all of them.

    Source: C. Spearman, The Proof and Measurement of Association between Two Things, 1904.
    """
    matrix = np.full((len(columns), len(columns)), np.nan)
    for row, one in enumerate(columns):
        for column, other in enumerate(columns[: row + 1]):
            both = ~(np.isnan(one) | np.isnan(other))
            if both.sum() >= LEAST:
                matrix[row, column] = matrix[column, row] = _pearson(ranks(one[both]), ranks(other[both]))
    return matrix


def ranks(values: Floats) -> Floats:
    """The ranks of `values` [n] from 0, ties at their mean."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts + 1) / 2)[inverse], np.float64)


def _pearson(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(np.clip((one @ other) / scale, -1, 1)) if scale else float("nan")
