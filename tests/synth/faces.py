"""Real faces that the tests set text with, and small fonts cut out of them."""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from synth.text import Face, Pairing, find_faces


def face(name: str) -> Face:
    return next(face for face in find_faces() if face.name == name)


SANS, SERIF = face("Noto Sans SC Regular"), face("Noto Serif SC Regular")
LATIN, MONO_EMOJI, EMOJI = face("EB Garamond Regular"), face("Noto Emoji Regular"), face("Noto Color Emoji Regular")
ARABIC, HEBREW = face("Noto Sans Arabic Regular"), face("Noto Sans Hebrew Regular")
MIXED = Pairing(LATIN, SERIF, (ARABIC, HEBREW, EMOJI))


def small_font(path: Path, characters: str, blank: str = "") -> Path:
    """A font with `characters` only, cut out of a real one; the outlines of those in `blank` are empty."""
    font = TTFont(face("PT Serif Regular").path)
    cutter = subset.Subsetter(subset.Options(layout_features=["kern", "mark"], name_IDs=["*"]))
    cutter.populate(text=characters)
    cutter.subset(font)
    for character in blank:
        glyph = font["glyf"][font.getBestCmap()[ord(character)]]
        glyph.numberOfContours = 0
        glyph.__dict__ = {"numberOfContours": 0}
    font.save(path)
    return path
