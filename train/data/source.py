"""What the trainer is told of a source of pictures, and what can be wrong with one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from curation.shards.languages import LANGUAGES
from train.data.labels import CATEGORIES, GRADES


class DataError(ValueError):
    """A source cannot be trained on. One line: which, why, and what to do."""


@dataclass(frozen=True)
class Source:
    """Shards: a folder, a file or a glob, or the output folder of one of our commands.

    `weight`: its share of a phase's samples, in proportion to those of the other sources; within it rows are drawn by
    their column `weight`, alike without one. `grades`, `tiers`, `languages`, `categories`: only rows of these, all
    where empty. `domains`: shares of the domains within the source, each a domain such as "Nature/food"
    or a family such as "Nature"; rows of other domains are not drawn; all rows alike where empty. `caption`: the
    column, or several with their shares, of which a row takes one that it has.
    """

    path: str
    weight: float = 1.0
    grades: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    domains: Mapping[str, float] | None = None
    caption: str | Mapping[str, float] = "caption"

    def __post_init__(self) -> None:
        known = (self.grades, GRADES), (self.languages, LANGUAGES), (self.categories, CATEGORIES)
        for what, (names, there) in zip(("grade", "language", "category"), known, strict=True):
            if unknown := [name for name in names if name not in there]:
                raise DataError(f"unknown {what} {unknown[0]!r}; it is one of {', '.join(there)}")
        weights = self.weight, *self.captions.values(), *(self.domains or {}).values()
        if not all(isinstance(weight, int | float) and 0 < weight < math.inf for weight in weights):
            raise DataError("weights must be numbers above 0: leave out what is not wanted")
        if not self.captions:
            raise DataError("caption names no column")

    @property
    def captions(self) -> Mapping[str, float]:
        """The columns that captions are from, with their shares."""
        return self.caption if isinstance(self.caption, Mapping) else {self.caption: 1.0}
