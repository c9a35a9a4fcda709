"""Glyph truth: whether a face really draws a character, told by shaping it and looking at the glyphs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import regex
import uharfbuzz as hb

from synth.fonts import Face, Opened, opened

GRAPHEME = regex.compile(r"\X")
IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
EMOJI_SEQUENCE = regex.compile(
    r"\p{Extended_Pictographic}.*\u200d|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20e3|[\U000e0020-\U000e007f]"
)
VARIANT = regex.compile(r"(.)([\ufe00-\ufe0d\U000e0100-\U000e01ef])")
"""A standardised or ideographic variant: another selector than those of text and emoji presentation."""

MEANINGLESS = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|^\p{M}")
"""No text to be read: controls, lone surrogates, private use, unassigned code points, separators of lines, and marks
that have no letter to stand on."""

UNKNOWN_FLAG = "\U0001f1fd\U0001f1fd"
"""The code XX is nobody's: what a face draws for it, it draws for any flag that it has not."""

BLANK = frozenset("\u2800\u3164\u115f\u1160\uffa0")
"""Characters that are rightly empty, though neither spaces nor controls: Braille blank, Hangul fillers."""

TEXT_STYLE = "\ufe0e"
"""Variation selector 15: the character before it is wanted in plain ink, not as a coloured emoji."""

DOTTED_CIRCLE = "\u25cc"


class Coverage:
    """What one face draws. Answers are kept; each new character is shaped once, some 5 µs."""

    def __init__(self, face: Face):
        self._opened = opened(face)
        self._unicodes = self._opened.hb_face.unicodes
        self._known: dict[str, bool] = {}

    def draws(self, grapheme: str) -> bool:
        """Whether the face draws this grapheme cluster as it is meant.

        False if it is no text (MEANINGLESS); if a code point is not in the cmap (ignorable
        ones apart); if shaping gives glyph 0 or inserts a dotted circle; if ink is due and the outline is empty; if an
        emoji sequence falls apart into several glyphs, loses what follows its first character, or is a flag that the
        face has not; if a variation selector asks for a form that the face has not.
        """
        known = self._known.get(grapheme)
        if known is None:
            known = self._known[grapheme] = self._mapped(grapheme) and self._true(grapheme)
        return known

    def _mapped(self, grapheme: str) -> bool:
        """By the tables alone, without shaping."""
        if MEANINGLESS.search(grapheme) or (TEXT_STYLE in grapheme and self._opened.coloured):
            return False
        return all(ord(c) in self._unicodes or IGNORABLE.match(c) for c in grapheme) and all(
            self._opened.shaper.get_variation_glyph(ord(base), ord(selector)) is not None
            for base, selector in VARIANT.findall(grapheme)
        )

    def _true(self, grapheme: str) -> bool:
        """By the glyphs that shaping gives."""
        glyphs = self._shaped(grapheme)
        if EMOJI_SEQUENCE.search(grapheme) and glyphs in (self._shaped(grapheme[0]), self._shaped(UNKNOWN_FLAG)):
            return False
        inked = any(self._opened.ink(glyph) is not None for glyph in glyphs)
        return glyphs_true(self._opened, grapheme, glyphs, inked)

    def turns(self, grapheme: str) -> bool:
        """Whether the face has another glyph for a character in vertical lines (feature `vert`)."""
        return self._shaped(grapheme, "ttb") != self._shaped(grapheme)

    def _shaped(self, grapheme: str, direction: str = "") -> list[int]:
        buffer = hb.Buffer()
        buffer.add_str(grapheme)
        buffer.guess_segment_properties()
        buffer.language = "und"  # the guess is the locale of the machine
        if direction:
            buffer.direction = direction
        hb.shape(self._opened.shaper, buffer)
        return [info.codepoint for info in buffer.glyph_infos]


@lru_cache(maxsize=256)
def coverage(face: Face) -> Coverage:
    """The coverage of a face, shared within the process."""
    return Coverage(face)


def glyphs_true(face: Opened, text: str, glyphs: list[int], inked: bool) -> bool:
    """Whether `glyphs`, shaped out of `text` (one or more grapheme clusters), show it: the rules of `draws`. `inked`:
    whether any of them has an outline."""
    if 0 in glyphs or (face.dotted_circle in glyphs and DOTTED_CIRCLE not in text):
        return False
    if len(glyphs) > 1 and EMOJI_SEQUENCE.search(text) and sum(face.ink(glyph) is not None for glyph in glyphs) > 1:
        return False
    return inked or not ink_due(text)


def ink_due(text: str) -> bool:
    """Whether anything should be seen of `text`: not of spaces, ignorable characters and the few blank letters."""
    return any(not (c.isspace() or c in BLANK or IGNORABLE.match(c)) for c in text)


def covered(face: Face, characters: Iterable[str]) -> frozenset[str]:
    """Those of `characters` (code points or grapheme clusters) that the face draws. About 80 ms for 8,105 of them
    at first, 1 ms once they are known."""
    draws = coverage(face).draws
    return frozenset(character for character in characters if draws(character))


def refused(face: Face, text: str) -> tuple[str, ...]:
    """The grapheme clusters of `text` that the face does not draw, each once, in their order; line ends are none."""
    draws = coverage(face).draws
    return tuple(g for g in dict.fromkeys(GRAPHEME.findall(text)) if g not in ("\n", "\r\n") and not draws(g))
