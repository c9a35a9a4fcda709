"""Sentences in the order of their text, found by the characters they hold and by their length."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from synth.characters import standard

CANDIDATES = 12
"""Sentences looked at for one character; the one that holds most of what is wanted is taken."""

Places = NDArray[np.int64]


class Sentences:
    """An index over sentences of one language, in the order of their text. Some 30 bytes a character."""

    def __init__(self, texts: Sequence[str]):
        self.texts = texts
        lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        self._by_length = np.argsort(lengths, kind="stable")
        self._lengths = lengths[self._by_length]
        self._places, self._starts = _index(texts, lengths)

    def __len__(self) -> int:
        return len(self.texts)

    def count(self, character: str) -> int:
        """How many sentences hold `character`; 0 for what is not in the table of standard characters."""
        return len(self._holding(character))

    def holding(self, rng: np.random.Generator, character: str, most: int, also: Collection[str] = ()) -> str | None:
        """A sentence of `most` characters at the most that holds `character`, and of a dozen the richest in `also`."""
        places = self._holding(character)
        if not len(places):
            return None
        first, count = int(rng.integers(len(places))), len(places)
        candidates = (self.texts[places[(first + step) % count]] for step in range(min(CANDIDATES, count)))
        fitting = [text for text in candidates if len(text) <= most]
        return max(fitting, key=lambda text: sum(wanted in text for wanted in also), default=None)

    def fitting(self, rng: np.random.Generator, least: int, most: int) -> str | None:
        """Any sentence of `least` to `most` characters."""
        first, last = np.searchsorted(self._lengths, (least, most + 1)).tolist()
        return self.texts[self._by_length[int(rng.integers(first, last))]] if first < last else None

    def run(self, rng: np.random.Generator, least: int, most: int, space: int) -> list[str]:
        """Sentences that follow one another where they fit, `least` to `most` characters with `space` between two.

        Fewer than `least`, or none, where the corpus has no sentence short enough to fill the rest.
        """
        found: list[str] = []
        length, place = 0, int(rng.integers(len(self.texts)))
        while length < least:
            room = most - length - (space if found else 0)
            text: str | None = self.texts[place % len(self.texts)]
            if text is None or len(text) > room:
                short = max(1, min(least - length, room))
                text = self.fitting(rng, short, room) or self.fitting(rng, 1, room)
            if text is None:
                break
            length += len(text) + (space if found else 0)
            found.append(text)
            place += 1
        return found

    def _holding(self, character: str) -> Places:
        row = _ROWS.get(character)
        return self._places[:0] if row is None else self._places[self._starts[row] : self._starts[row + 1]]


_ROWS = {character: row for row, character in enumerate(standard())}
_CODES = 0x33480
"""Beyond the last Chinese character of Unicode."""


def _index(texts: Sequence[str], lengths: Places) -> tuple[Places, Places]:
    """For each standard character the numbers of its sentences, laid end to end, and where each character's start."""
    rows = np.full(_CODES, -1, np.int64)
    rows[[ord(character) for character in standard()]] = np.arange(len(standard()))
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    found = rows[np.minimum(codes, _CODES - 1)]
    owners = np.repeat(np.arange(len(texts)), lengths)
    pairs = np.unique(found[found >= 0] * max(1, len(texts)) + owners[found >= 0])
    characters, places = np.divmod(pairs, max(1, len(texts)))
    return places, np.searchsorted(characters, np.arange(len(standard()) + 1))
