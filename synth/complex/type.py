"""The faces of one picture: a family for reading, one for display, each in the weights that a template asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from synth.fonts import opened
from synth.sample import Discarded
from synth.text import Face, Pairing

EMBOLDEN = 0.03
"""Width in em of the line drawn round the letters where a bold was asked for and the family has none."""

NARROW, WIDE = 0.5, 0.62
"""Mean advances in em of "nox" between which a face is neither too narrow nor too wide for small text."""


@dataclass(frozen=True)
class Family:
    """Upright faces of one Latin family and of the Chinese one that goes with it, light to heavy."""

    latin: tuple[Face, ...]
    han: tuple[Face, ...]

    def pairing(self, weight: int, chinese: bool) -> tuple[Pairing, float]:
        """Faces nearest to `weight` (1..1000), and the width in em of a line that has to make up for a missing bold."""
        latin, han = _nearest(self.latin, weight), _nearest(self.han, weight) if self.han else None
        if not chinese or han is None:
            return Pairing(latin, han), 0.0
        if weight >= 600 > han.weight:
            return Pairing(_nearest(self.latin, han.weight), han), EMBOLDEN * min(1.2, (weight - 300) / 400)
        return Pairing(latin, han), 0.0


@dataclass(frozen=True)
class Fonts:
    body: Family
    display: Family
    mono: Family

    def family(self, face: str) -> Family:
        """Of `properties.FACES`."""
        return {"body": self.body, "display": self.display, "mono": self.mono}[face]


def fonts(rng: np.random.Generator, faces: tuple[Face, ...], look: str, chinese: bool) -> Fonts:
    """Families by chance. Screens are set in one plain sans; posters and cards pair a display face with a quiet one.

    Raises Discarded("no font", …) where `faces` write no Latin, or no Chinese although `chinese`.
    """
    shelf = _shelf(faces)
    han = tuple(face for face in faces if "Hani" in face.scripts and not face.italic)
    if not shelf or (chinese and not han):
        raise Discarded("no font", "for Chinese text" if shelf else "for Latin text")
    plain = [family for family in shelf if family[0].kind == "sans" and _roomy(family)] or list(shelf)
    body = _one(rng, plain)
    if look == "screen":
        chosen = _with_han(rng, body, han)
        return Fonts(chosen, chosen, _mono(shelf, body, han, rng))
    quiet = [family for family in shelf if family[0].kind in ("sans", "serif") and _roomy(family) and len(family) > 1]
    body = _one(rng, quiet or plain)
    return Fonts(_with_han(rng, body, han), _with_han(rng, _one(rng, list(shelf)), han), _mono(shelf, body, han, rng))


@lru_cache(maxsize=8)
def _shelf(faces: tuple[Face, ...]) -> tuple[tuple[Face, ...], ...]:
    """Latin families in order of their names; those made for another script are left to it."""
    families: dict[str, list[Face]] = {}
    for face in faces:
        if "Latn" in face.scripts and not face.italic and not face.scripts & {"Hani", "Arab", "Hebr"}:
            families.setdefault(face.family, []).append(face)
    shelf = tuple(tuple(sorted(families[name], key=lambda face: face.weight)) for name in sorted(families))
    return shelf or tuple((face,) for face in faces if "Latn" in face.scripts and not face.italic)


def _with_han(rng: np.random.Generator, latin: tuple[Face, ...], han: tuple[Face, ...]) -> Family:
    """Serif with serif; handwriting and display with what there is."""
    names = sorted({face.family for face in han})
    alike = [name for name in names if any(f.family == name and f.kind == latin[0].kind for f in han)] or names
    if not alike:
        return Family(latin, ())
    name = alike[int(rng.integers(len(alike)))]
    return Family(latin, tuple(sorted((face for face in han if face.family == name), key=lambda face: face.weight)))


def _mono(
    shelf: Sequence[tuple[Face, ...]], body: tuple[Face, ...], han: tuple[Face, ...], rng: np.random.Generator
) -> Family:
    monos = [family for family in shelf if family[0].kind == "mono"]
    return _with_han(rng, _one(rng, monos) if monos else body, han)


def _one(rng: np.random.Generator, families: Sequence[tuple[Face, ...]]) -> tuple[Face, ...]:
    return families[int(rng.integers(len(families)))]


def _nearest(faces: Sequence[Face], weight: int) -> Face:
    return min(faces, key=lambda face: (abs(face.weight - weight), face.weight))


def _roomy(family: tuple[Face, ...]) -> bool:
    return NARROW <= _advance(_nearest(family, 400)) <= WIDE and family[0].kind not in ("handwriting", "display")


@lru_cache(maxsize=512)
def _advance(face: Face) -> float:
    handles = opened(face)
    glyphs = [handles.shaper.get_nominal_glyph(ord(letter)) for letter in "nox"]
    return sum(handles.shaper.get_glyph_h_advance(glyph) for glyph in glyphs if glyph) / 3 / handles.upem
