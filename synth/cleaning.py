"""Cleans text for drawing: what is markup or invisible goes, what is written stays."""

from __future__ import annotations

import html
import re
import unicodedata

_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|tr|td|th|table|blockquote|h[1-6]|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_WIKI = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_EMPHASIS = re.compile(r"(\*\*|``|'''?|`)(?=\S)(.+?)(?<=\S)\1")
_HEADING = re.compile(r"^\s*(?:#{1,6}|[-*+>]|={2,6})\s+", re.MULTILINE)
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u2028\u2029\u3000\ufeff]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_HAN = r"\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U000323af"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_UNDRAWABLE = frozenset(("Cc", "Cn", "Co", "Cs"))


def clean(text: str) -> str:
    """`text` in NFC, on one line, without tags, links' addresses, emphasis marks, entities and control characters.

    Runs of spaces of any kind become one; between Chinese characters, where they come from wrapped lines, none.
    """
    text = _INVISIBLE.sub("", html.unescape(_TAG.sub("", _BLOCK.sub(" ", text))))
    for mark, kept in ((_LINK, r"\1"), (_WIKI, r"\1"), (_HEADING, ""), (_EMPHASIS, r"\2")):
        text = mark.sub(kept, text)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return _BETWEEN_HAN.sub("", text)


def drawable(text: str) -> bool:
    """Whether every character means something: no controls, private use, unassigned, or the mark of lost ones."""
    return "\ufffd" not in text and (text.isascii() or _UNDRAWABLE.isdisjoint(map(unicodedata.category, text)))
