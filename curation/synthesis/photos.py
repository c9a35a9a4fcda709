"""Pictures out of shards, or of any input of ours, by number: backgrounds for the compositional tier."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate, islice

import numpy as np
from numpy.typing import NDArray

from curation.shards.plan import Plan, read_unit
from curation.shards.unit import Unit
from filters.image import Image, Unreadable
from synth.sample import Discarded

SIDE = 2047
"""Longer side in pixels at most: the working copy of `filters.image`."""


class ShardPhotos:
    """All images of a planned input. One is read at a time, by its unit; none is kept."""

    def __init__(self, plan: Plan):
        self._units = plan.units
        self._ends = list(accumulate(unit.rows for unit in plan.units))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __getitem__(self, number: int) -> NDArray[np.uint8]:
        """RGB, uint8 [h, w, 3]. Raises Discarded for an image that cannot be read."""
        at = bisect_right(self._ends, number)
        unit, row = self._units[at], number - (self._ends[at - 1] if at else 0)
        part, row = (_one_file(unit, row), 0) if unit.files else (unit, row)
        found = next(islice(read_unit(part), row, None))
        try:
            if found.data is None:
                raise found.error or Unreadable("there is no image")
            return Image(found.data).rgb(SIDE)
        except Unreadable as error:
            raise Discarded("unreadable background", f"{found.key}: {error}") from error


def _one_file(unit: Unit, row: int) -> Unit:
    return replace(unit, files=unit.files[row : row + 1], rows=1)
