"""Puts paragraphs and lines together: characters that must be shown first, sentences of the corpus around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from synth.carriers import TOGETHER, carrier, room_for
from synth.chance import chance, pick
from synth.sentences import Sentences
from synth.splitting import HAN
from synth.structured import fill, words
from synth.vocabulary import common

Span = tuple[int, int]
"""Fewest and most characters, spaces and punctuation included."""

_CLAUSE = re.compile(r"[^，；：。！？…“”‘’「」《》（）、]+")
_HAN = re.compile(rf"[{HAN}]")
_WIDE = re.compile(rf"[{HAN}\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True)
class Prose:
    """What paragraphs of one language are filled with: runs of a corpus and, in a share `made`, 0..1, of the cases,
    sentences such as news and notices have, with names and numbers in them."""

    language: str
    sentences: Sentences
    made: float

    def fill(self, rng: np.random.Generator, goal: int, span: Span) -> list[str]:
        """Sentences of at least `goal` characters where they fit into those of `span`, and of its least in any case."""
        space = 1 if self.language == "en" else 0
        least, most = span
        parts = self._made(rng, goal, most, space) if chance(rng, self.made) else []
        parts += self._run(rng, goal - _length(parts, space), most - _length(parts, space), space, bool(parts))
        room = most - _length(parts, space) - (space if parts else 0)
        if _length(parts, space) < least and room > 1:
            parts.append(cut(pick(rng, self.sentences.texts), room))
        return parts

    def _run(self, rng: np.random.Generator, goal: int, most: int, space: int, after: bool) -> list[str]:
        taken = space if after else 0
        return self.sentences.run(rng, goal - taken, most - taken, space) if goal > taken and most > taken else []

    def _made(self, rng: np.random.Generator, goal: int, most: int, space: int) -> list[str]:
        parts: list[str] = []
        while _length(parts, space) < goal:
            given = {"word": pick(rng, common()), "word2": pick(rng, common())} if self.language == "zh" else {}
            text = fill(rng, self.language, pick(rng, words(self.language)["sentence"]), **given)
            if _length([*parts, text], space) > most:
                break
            parts.append(text)
        return parts


def english(rng: np.random.Generator, prose: Prose, span: Span) -> list[str]:
    """English sentences that follow one another, of `span` characters with the spaces between them."""
    return prose.fill(rng, int(rng.integers(span[0], span[1] + 1)), span)


def chinese(rng: np.random.Generator, prose: Prose, wanted: Sequence[str], span: Span) -> list[str]:
    """Chinese sentences of `span` characters that hold as many of `wanted` as fit: all eight in forty characters.

    A natural sentence for each where there is one and room, then carriers, then other sentences to fill up.
    """
    parts = _holding(rng, prose.sentences, wanted, span[1])
    used = sum(map(len, parts))
    least, most = max(0, span[0] - used), span[1] - used
    more = prose.fill(rng, int(rng.integers(least, most + 1)), (least, most))
    place = int(rng.integers(len(parts) + 1))
    return [*parts[:place], *more, *parts[place:]]


def mixed(rng: np.random.Generator, zh: list[str], en: list[str]) -> list[str]:
    """The sentences of both languages, each in its order, shuffled into one another."""
    turns = rng.permutation([True] * len(zh) + [False] * len(en))
    first, second = iter(zh), iter(en)
    return [next(first) if turn else next(second) for turn in turns]


def joined(parts: Sequence[str]) -> str:
    """`parts` as one paragraph.

    A space parts English from English and from Chinese writing; none stands between Chinese and Chinese, nor beside
    the punctuation of Chinese, which brings its own room. Source: W3C, Requirements for Chinese Text Layout, mixed
    text composition.
    """
    text = "".join(parts[:1])
    for before, after in pairwise(parts):
        text += after if _solid(before, after) else " " + after
    return text


def clause(rng: np.random.Generator, sentences: Sentences, span: Span, wanted: str = "") -> str | None:
    """A clause of a Chinese sentence, without the punctuation around it, that holds `wanted`; None if none fits."""
    least, most = span
    for _ in range(6):
        sentence = sentences.holding(rng, wanted, 1000) if wanted else pick(rng, sentences.texts)
        if sentence is None:
            return None
        found = [text for text in _CLAUSE.findall(sentence) if least <= len(text) <= most and wanted in text]
        if found:
            return pick(rng, found)
    return None


def cut(text: str, most: int) -> str:
    """The beginning of `text` with `most` characters at the most: whole words of English, ended by a full stop."""
    if len(text) <= most:
        return text
    if _WIDE.search(text):
        return "".join(_CLAUSE.findall(text))[: max(1, most - 1)] + ("。" if most > 1 else "")
    whole = re.sub(r"[^\w\s’'-]", "", text[:most]).split()
    kept = " ".join(whole[: max(1, len(whole) - 1)])[: max(1, most - 1)].rstrip()
    return kept + "." if most > 1 else kept


def _holding(rng: np.random.Generator, sentences: Sentences, wanted: Sequence[str], most: int) -> list[str]:
    """Sentences for `wanted`: natural ones as long as the room left would still hold the rest, then carriers."""
    parts: list[str] = []
    room, rest = most, list[str]()
    for number, character in enumerate(wanted):
        if any(character in part for part in parts):
            continue
        kept = room_for(len(rest) + len(wanted) - number - 1)
        text = sentences.holding(rng, character, room - kept, wanted)
        if text is None:
            rest.append(character)
        else:
            parts.append(text)
            room -= len(text)
    rest = [character for character in rest if not any(character in part for part in parts)]
    return parts + _carried(rng, rest, room)


def _carried(rng: np.random.Generator, rest: Sequence[str], room: int) -> list[str]:
    """Carriers for `rest` in `room` characters: a few in each, or all that fit in one list."""
    parts: list[str] = []
    while rest:
        together = int(rng.integers(1, TOGETHER + 1))
        text = carrier(rng, rest[:together], room - room_for(len(rest[together:])))
        while text is None and together < len(rest):
            together += 1
            text = carrier(rng, rest[:together], room - room_for(len(rest[together:])))
        while text is None and together > 1:
            together -= 1
            text = carrier(rng, rest[:together], room)
        if text is None:
            break
        parts.append(text)
        room -= len(text)
        rest = rest[together:]
    return parts


def _length(parts: Sequence[str], space: int) -> int:
    return sum(map(len, parts)) + space * max(0, len(parts) - 1)


def _solid(before: str, after: str) -> bool:
    """Whether `after` follows `before` without a space."""
    ends = (before, -1), (after, 0)
    if any(_wide_at(text, place) and not _HAN.match(text[place]) for text, place in ends):
        return True
    return all(_HAN.match(text[place]) for text, place in ends)


def _wide_at(text: str, place: int) -> bool:
    """Whether the character at `place` is Chinese writing, or a quotation mark or dash of a Chinese `text`."""
    return _WIDE.match(text[place]) is not None or (text[place] in "“”‘’…—" and _WIDE.search(text) is not None)
