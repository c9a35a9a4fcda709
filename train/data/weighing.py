"""How often a row is drawn: its column `weight`, in proportion to those of the other rows of its source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from curation.shards.carried import column
from train.data.source import DataError

COLUMN = "weight"

LARGEST = 1e6
"""A greater weight is a mistake, such as a number of bytes."""

SMALLEST = 1e-100
"""A smaller weight is read as 0: it would never be drawn, and sums of such have no precision."""


def weight(record: Mapping[str, Any]) -> float:
    """The weight of a row, of which `record` has those of `weight` and `metadata` that there are: 1 without one, 0 for
    less than SMALLEST.

    Raises DataError, one line without the row, for what is no number of 0 to LARGEST.
    """
    value = given(record)
    if value is None:
        return 1.0
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 <= float(value) <= LARGEST:
        raise DataError(f"the weight {value!r}: weights are numbers from 0 to {LARGEST:,.0f}, and 0 is never drawn")
    return float(value) if float(value) >= SMALLEST else 0.0


def given(record: Mapping[str, Any]) -> Any:
    """What a row has for a weight, None if nothing: the column, or what a later job carried of it in the metadata."""
    value = record.get(COLUMN)
    return column(record.get("metadata"), COLUMN) if value is None else value


@dataclass(slots=True)
class Tally:
    """Some rows of a unit: how many they are, the sum of their weights, and the largest of these."""

    rows: int = 0
    mass: float = 0.0
    most: float = 0.0

    def add(self, weight: float) -> None:
        """One row more."""
        self.rows, self.mass, self.most = self.rows + 1, self.mass + weight, max(self.most, weight)


def alike(rows: int) -> Tally:
    """So many rows of which nobody gave a weight."""
    return Tally(rows, float(rows), 1.0 if rows else 0.0)


def same(masses: list[float], rows: list[int], most: float) -> bool:
    """Whether all rows of all units weigh the same: as much as the heaviest one."""
    return all(math.isclose(mass, most * count, rel_tol=1e-9) for mass, count in zip(masses, rows, strict=True))
