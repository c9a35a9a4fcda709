"""Rows of a report's table of shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """One row: `count` of `whole`. `mark` names the colour of its bar, `note` goes beside it."""

    name: str
    count: int
    whole: int
    mark: str = "passed"
    note: str = ""


def ranked(counts: Mapping[str, int]) -> dict[str, int]:
    """The largest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def shares(counts: Mapping[str, int], whole: int) -> list[Share]:
    """One row each, in the order of `counts`."""
    return [Share(name, count, whole) for name, count in counts.items()]


def largest(counts: Mapping[str, int], whole: int, most: int) -> list[Share]:
    """The largest first, all beyond `most` in one row."""
    rows = shares(ranked(counts), whole)
    if len(rows) <= most + 1:
        return rows
    rest = rows[most:]
    return [*rows[:most], Share(f"{len(rest):,} others", sum(row.count for row in rest), whole)]
