"""The numbers kept for ever of each sample, as columns `synth.NAME` of the signals table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from filters.base import Signal

STAGE = "synth"
"""Stands in `dropped_by` of a sample that could not be made."""

CAUSES = (
    *("missing glyph", "missing font", "no font"),
    *("text does not fit", "text too small", "text outside the picture", "text differs", "text lost"),
    *(
        "contrast too low",
        "carrier too small",
        "carrier outside the frame",
        "no carrier for the frame",
        "no table in view",
    ),
    *("no layout", "no template", "unreadable background", "engine failed"),
    *("target not shown", "too much text for a caption"),
)
"""Why a tier gives an attempt up, in words of its own. What is not among them is counted as `OTHER`."""

OTHER = "another cause"

FIGURES = (
    Signal("attempts", 0, 16, "attempts made until one came out right"),
    Signal("lines", 0, 64, "lines of text"),
    Signal("characters", 0, 1600, "characters of text, spaces included"),
    Signal("least_size", 0, 96, "size of the smallest line, in pixels an em"),
)


def column(cause: str) -> str:
    """The signal that counts the attempts given up for `cause`."""
    return "discarded_" + re.sub(r"\W+", "_", cause if cause in CAUSES else OTHER)


def of_discards(discards: Mapping[str, int]) -> dict[str, float]:
    """The signals of all causes, by name: 0 for those that did not occur."""
    counted = dict.fromkeys(map(column, (*CAUSES, OTHER)), 0.0)
    for cause, count in discards.items():
        counted[column(cause)] += count
    return counted


SIGNALS = (*FIGURES, *(Signal(column(cause), 0, 16, f"attempts given up: {cause}") for cause in (*CAUSES, OTHER)))


def columns() -> list[str]:
    """The names of the columns, in order."""
    return [f"{STAGE}.{signal.name}" for signal in SIGNALS]
