"""Splits a paragraph into sentences, English or Chinese, and says which of the two a text is."""

from __future__ import annotations

import re

HAN = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_CLOSING = r"[”’」』）》】)\]\"']*"
_FULL_STOP = rf"[。！？]+(?:…+|—+)?{_CLOSING}|…+{_CLOSING}(?=[{HAN}])"
_PERIOD = rf"[.!?…]+{_CLOSING}(?=\s+[“‘\"'(\[]*[A-Z0-9{HAN}]|\s*$)"
_END = re.compile(rf"(?:{_FULL_STOP}|{_PERIOD})\s*")

_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'])(?:[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|cf|No|Vol|Fig|pp|Inc|Ltd|Co"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|approx|Gen|Rev|Hon)\.\s*$"
)
_LETTER = re.compile(r"[^\W\d_]")
_IS_HAN = re.compile(rf"[{HAN}]")
_IS_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def split(text: str) -> list[str]:
    """The sentences of `text`, each with the space that follows it, so that joined they are `text` again."""
    sentences, start = [], 0
    for match in _END.finditer(text):
        if match.end() < len(text) and _ABBREVIATION.search(text, max(start, match.start() - 12), match.end()):
            continue
        sentences.append(text[start : match.end()])
        start = match.end()
    return [*sentences, text[start:]] if start < len(text) else sentences


def language(text: str) -> str | None:
    """ "zh" where at least three letters in ten are Chinese and the rest Latin, "en" where nine in ten are Latin."""
    letters = len(_LETTER.findall(text))
    han, latin = len(_IS_HAN.findall(text)), len(_IS_LATIN.findall(text))
    if not letters or han + latin < 0.9 * letters:
        return None
    if han >= 0.3 * letters:
        return "zh" if han + latin == letters else None
    return "en" if latin >= 0.9 * letters else None
