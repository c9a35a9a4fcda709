"""The faces that one page speaks with: one for reading, its bold and its italic, and one for titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from synth.chance import chance, pick
from synth.fonts import Face, unwritten
from synth.pairing import Pairing

SHORT = ("Oswald", "Playfair Display", "Dancing Script")
"""Families that have a bold, yet are too narrow or too fine to be read by the page."""

GOES_WITH = {
    "serif": ("serif", "sans", "display"),
    "sans": ("sans", "serif", "display"),
    "mono": ("mono", "sans"),
    "handwriting": ("handwriting", "serif"),
    "display": ("display", "sans"),
}
"""Kinds of title faces by the kind of the face they stand above."""


@dataclass(frozen=True)
class Voices:
    """`body` for reading, `strong` its bold, `slanted` its italic (the same where there is none), `title`.

    `kind` is the body's, of fonts.KINDS; `title_kind` the title's.
    """

    body: Pairing
    strong: Pairing
    slanted: Pairing
    title: Pairing
    kind: str
    title_kind: str

    @property
    def faces(self) -> tuple[Face, ...]:
        found = (face for pairing in (self.body, self.strong, self.slanted, self.title) for face in pairing.faces)
        return tuple(dict.fromkeys(found))


def choose_voices(
    rng: np.random.Generator, faces: Sequence[Face], language: str, kinds: tuple[str, ...] = ()
) -> Voices:
    """Voices for a page in `language`; `kinds`, if any fits, narrows the face for reading.

    Families are drawn before styles, so that one of many styles has no better chance. Raises FontError if no face
    writes the language.
    """
    latin = [face for face in faces if "Latn" in face.scripts and not face.scripts & {"Arab", "Hebr", "Hani"}]
    han = [face for face in faces if "Hani" in face.scripts and not face.italic]
    if not (latin or han) or (language != "en" and not han):
        raise unwritten("Latn" if language == "en" else "Hani")
    latin = latin or han
    readable = reading(latin)
    family = one_family(rng, [face for face in readable if face.kind in kinds] or readable)
    above = family
    if chance(rng, 0.65):
        pool = readable if language != "en" else latin
        above = one_family(rng, [face for face in pool if face.kind in GOES_WITH[family[0].kind]] or pool)
    others = tuple(f for f in faces if f.scripts & {"Arab", "Hebr", "Zsye"} and f.weight == 400 and not f.italic)
    cjk = Chinese(rng, han, family[0].kind) if language != "en" else None
    return Voices(
        Pairing(styled(family, 400), cjk.body if cjk else None, others),
        Pairing(styled(family, 700), cjk.strong if cjk else None, others),
        Pairing(styled(family, 400, italic=True), cjk.body if cjk else None, others),
        Pairing(styled(above, pick(rng, (400, 700, 700, 900))), cjk.title if cjk else None, others),
        family[0].kind,
        above[0].kind,
    )


def reading(faces: Sequence[Face]) -> list[Face]:
    """Faces that are made for running text: not for display, and with a bold. All, if there are none of them."""
    bold = {face.family for face in faces if face.weight >= 600} - set(SHORT)
    return [face for face in faces if face.kind != "display" and face.family in bold] or list(faces)


class Chinese:
    """The Chinese faces of a page whose Latin text is of `kind`.

    Where a family has no bold, a sans stands for that of a serif and the other way round, as Chinese books do it.
    """

    def __init__(self, rng: np.random.Generator, han: list[Face], kind: str):
        family = one_family(rng, alike(han, kind))
        self.body = styled(family, 400)
        bold = styled(family, 700)
        contrary = [face for face in han if (face.kind == "serif") != (self.body.kind == "serif")] or han
        self.strong = bold if bold.weight >= 600 else styled(one_family(rng, contrary), 700)
        self.title = self.strong if chance(rng, 0.5) else styled(one_family(rng, han), 700)


def one_family(rng: np.random.Generator, faces: Sequence[Face]) -> list[Face]:
    """All faces of one of their families."""
    family = pick(rng, sorted({face.family for face in faces}))
    return [face for face in faces if face.family == family]


def alike(han: list[Face], kind: str) -> list[Face]:
    """Chinese faces that go with a Latin one: serif with serif, and what is drawn by hand with serif too."""
    serif = kind in ("serif", "handwriting")
    return [face for face in han if (face.kind == "serif") == serif] or han


def styled(family: Iterable[Face], weight: int, italic: bool = False) -> Face:
    """The face nearest to that weight and slope; of two equally near the lighter."""
    return min(family, key=lambda face: (face.italic != italic, abs(face.weight - weight), face.weight))
