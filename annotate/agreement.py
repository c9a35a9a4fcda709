"""Whether the text that an annotation quotes is the text that OCR reads in the image.

Neither is the truth: OCR misses what is small, curved or handwritten, a model quotes what it expects to stand
there. Where both agree, the text is almost certainly in the image; where both are sure and nothing agrees, the
reply is about another image or made up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from annotate.evidence import Reading

SURE = 0.9
"""Score of a line from which on OCR is believed."""

ERRORS = 0.2
"""Edits a character that two readings of the same text may differ by."""

SIMILARITY = 100 * (1 - ERRORS)
"""The same as rapidfuzz counts it, by insertions and deletions in both strings, 0..100."""

ENOUGH = 0.8
"""Share of a string's characters that must be found for it to count as confirmed."""

CONTRADICTION = 12
"""Characters of text on both sides from which on it means something that nothing agrees."""

QUOTES = 24
"""Quoted strings of a caption that are looked at."""

_SHORT = 3
"""Strings up to this length are found in almost any text by chance: they must be a word of it."""

_NO_LETTER = re.compile(r"[\W_]+")
_SPACELESS = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_QUOTED = re.compile(
    '"([^"]{1,200})"|\u201c([^\u201d]{1,200})\u201d|「([^」]{1,200})」|『([^』]{1,200})』|«([^»]{1,200})»'
)


@dataclass(frozen=True)
class Agreement:
    """How two lists of strings agree.

    `strings`: how many the annotation quotes, after normalisation, each once. `confirmed`: the share of these that
    OCR holds, 0..1, None without strings. `covered`: the share of the characters OCR is sure of that the annotation
    holds, 0..1, None without such. `contradicted`: both hold text, and nothing at all of it agrees.
    """

    strings: int
    confirmed: float | None
    covered: float | None
    contradicted: bool


def agreement(annotation: dict[str, Any], readings: Sequence[Reading]) -> Agreement:
    """Holds the annotation's `text` and what its caption quotes against what OCR read, in reading order."""
    quoted = Text.of([*(item["content"] for item in annotation["text"]), *quotations(annotation["caption"])])
    read = Text.of(reading.text for reading in readings)
    sure = Text.of(reading.text for reading in readings if reading.score >= SURE and len(letters(reading.text)) >= 2)
    found = [held(piece, read) for piece in quoted.pieces]
    shares = [held(piece, quoted) for piece in sure.pieces]
    confirmed = sum(share >= ENOUGH for share in found) / len(found) if found else None
    total = sum(map(len, sure.pieces))
    covered = (
        sum(share * len(piece) for share, piece in zip(shares, sure.pieces, strict=True)) / total if total else None
    )
    nothing = not any(found) and not any(shares) and all(len(word) <= _SHORT for word in quoted.words & sure.words)
    return Agreement(len(found), confirmed, covered, nothing and min(len(quoted.joined), total) >= CONTRADICTION)


def quotations(caption: str) -> list[str]:
    """What stands in double quotation marks in `caption`, straight, curly, East Asian or French; QUOTES at most."""
    found = (next(filter(None, match.groups())) for match in _QUOTED.finditer(caption))
    return list(islice(found, QUOTES))


def letters(text: str) -> str:
    """`text` as it is compared: compatibility forms unified (NFKC), case folded, only letters and digits left."""
    return _NO_LETTER.sub("", _folded(text))


@dataclass(frozen=True)
class Text:
    """Strings of one source as they are compared: each once, all of them joined in order, and the words in them."""

    pieces: tuple[str, ...]
    joined: str
    words: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Text:
        folded = [_folded(text) for text in texts]
        pieces = [_NO_LETTER.sub("", text) for text in folded]
        words = {part for text in folded for part in _NO_LETTER.split(text)}
        words |= {_NO_LETTER.sub("", part) for text in folded for part in text.split()}  # 3.50 is one word, a/b two
        return cls(tuple(filter(None, dict.fromkeys(pieces))), "".join(pieces), frozenset(filter(None, words)))

    @cached_property
    def parts(self) -> list[str]:
        """The strings that are no chance find within another one."""
        return [piece for piece in self.pieces if len(piece) > _SHORT or _is_word(piece)]


def held(piece: str, text: Text) -> float:
    """Share of `piece` that `text` holds, 0..1, with up to ERRORS edits a character.

    1 where it stands there as a whole, be it within one string or over several in order. Else what those strings
    of `text` cover that are parts of it, for a sentence whose lines OCR read in another order.
    """
    if len(piece) <= _SHORT and not _is_word(piece):
        return float(piece in text.words or piece in text.pieces)
    if _span(piece, text.joined):
        return 1.0
    parts = [part for part in text.parts if len(part) < len(piece)]
    near = process.extract(piece, parts, scorer=fuzz.partial_ratio, score_cutoff=SIMILARITY, limit=None)
    covered: set[int] = set()
    for part, _, _ in near:
        covered.update(range(*(_span(part, piece) or (0, 0))))
    return len(covered) / len(piece)


def _span(needle: str, text: str) -> tuple[int, int] | None:
    """Where `needle` stands in `text`, with up to ERRORS edits a character; None if nowhere."""
    start = text.find(needle)
    if start >= 0:
        return start, start + len(needle)
    errors = int(ERRORS * len(needle))
    if not errors or len(needle) > len(text) + errors:
        return None
    at = fuzz.partial_ratio_alignment(needle, text, score_cutoff=SIMILARITY)
    if at is None:
        return None
    distance = Levenshtein.distance(needle, text[at.dest_start : at.dest_end], score_cutoff=errors)
    return (at.dest_start, at.dest_end) if distance <= errors else None


def _is_word(piece: str) -> bool:
    """Whether a string is long enough to mean something: two characters of a script without spaces are a word."""
    return len(piece) >= 2 and _SPACELESS.search(piece) is not None


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
