"""What was measured of a filter, for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.accuracy.results import Result
from docs.filter_pages.cost import Cost
from docs.filter_pages.exhibit import Judged


@dataclass(frozen=True)
class Facts:
    """What was measured of a filter; `cost` and `rows` are missing where it needs weights that are not here."""

    rows: Sequence[Sequence[Judged]] = ()
    cost: Cost | None = None
    result: Result | None = None

    @property
    def has_texts(self) -> bool:
        """Whether captions are judged rather than pictures."""
        return any(each.exhibit.caption is not None for each in self.judged)

    @property
    def needs_annotation(self) -> bool:
        """Whether there is nothing to measure on images of which nothing is known."""
        return any(each.exhibit.annotation for each in self.judged)

    @property
    def judged(self) -> list[Judged]:
        return [each for row in self.rows for each in row]
