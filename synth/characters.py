"""The Table of General Standard Chinese Characters: 8,105 characters in three levels."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

LEVELS = (3500, 3000, 1605)
"""Characters of level 1 (common use), 2 (print and dictionaries) and 3 (names, places, science, classical texts)."""


@lru_cache(maxsize=1)
def standard() -> tuple[str, ...]:
    """All 8,105 characters in the order of the table. Source: 通用规范汉字表, State Council of China, 2013."""
    return tuple("".join((DATA / "characters.txt").read_text(encoding="utf-8").split()))


@lru_cache(maxsize=1)
def levels() -> dict[str, int]:
    """The level, 1 to 3, of each character of the table; other characters are not in it."""
    firsts = (0, LEVELS[0], LEVELS[0] + LEVELS[1])
    return {
        character: level
        for level, (first, size) in enumerate(zip(firsts, LEVELS, strict=True), 1)
        for character in standard()[first : first + size]
    }
