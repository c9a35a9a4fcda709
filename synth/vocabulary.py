"""Chinese words and readings: from dictionaries that come as packages."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from pypinyin_dict.pinyin_data import kmandarin_8105

from synth.characters import levels

WORDS_EACH = 6
"""Words kept for a character, the most frequent ones."""

COMMON = 300
"""Occurrences in the dictionary's sources from which on a word is a common one."""

_KINDS = ("n", "v", "vn", "a", "an", "i", "l", "z", "d", "ns", "s", "t")
_NOUNS = ("n", "vn", "s")


def reading(character: str) -> str:
    """The Mandarin reading of a standard character with tone marks, such as `dá`. Source: Unihan, by pypinyin-dict."""
    return str(kmandarin_8105.pinyin_dict[ord(character)])


@lru_cache(maxsize=1)
def words() -> dict[str, tuple[str, ...]]:
    """For each standard character that has any, its commonest words, 2 to 4 long. Source: jieba's dictionary."""
    found: dict[str, list[str]] = {}
    for word, _, _ in _entries():
        for character in dict.fromkeys(word):
            if len(held := found.setdefault(character, [])) < WORDS_EACH:
                held.append(word)
    return {character: tuple(held) for character, held in found.items()}


@lru_cache(maxsize=1)
def common() -> tuple[str, ...]:
    """Common Chinese nouns of 2 to 4 characters, the commonest first."""
    return tuple(word for word, count, kind in _entries() if count >= COMMON and kind in _NOUNS)


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[str, int, str], ...]:
    """Words of standard characters with their frequency and part of speech, the most frequent first."""
    known = levels().keys()
    found = []
    for line in _dictionary().read_text(encoding="utf-8").splitlines():
        word, count, kind = line.split(" ")
        if 2 <= len(word) <= 4 and kind in _KINDS and known >= set(word):
            found.append((word, int(count), kind))
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def _dictionary() -> Path:
    """jieba's word list; found without importing jieba, which would build its own index."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("Chinese words come from the package jieba, which is not installed")
    return Path(spec.submodule_search_locations[0]) / "dict.txt"
