"""Faces that set one text together, and which of them sets which character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import regex
from fontTools import unicodedata as ucd

from synth.coverage import GRAPHEME, coverage, ink_due
from synth.fonts import Face, unwritten

IDEOGRAPHIC = frozenset({"Hani", "Hira", "Kana", "Bopo", "Hang", "Yiii"})
"""Scripts written in squares: upright in vertical lines, breakable between any two characters."""

HAN = regex.compile(r"\p{Han}")
LATIN = regex.compile(r"\p{Latin}")
UNEVEN = 150
"""Difference of weights from which two faces look uneven in one line."""

EMOJI = regex.compile(r"\p{Emoji_Presentation}|\ufe0f|\u20e3")


@dataclass(frozen=True)
class Pairing:
    """A Latin face, a CJK face that sets Han, kana, Hangul and their punctuation, and others tried after them.

    One face may do for everything: `Pairing(face)`.
    """

    latin: Face
    cjk: Face | None = None
    others: tuple[Face, ...] = ()

    @property
    def faces(self) -> tuple[Face, ...]:
        return tuple(dict.fromkeys(face for face in (self.latin, self.cjk, *self.others) if face))

    @property
    def name(self) -> str:
        """Names of the Latin and the CJK face, as in "Inter Bold + Noto Sans SC Regular"."""
        return " + ".join(dict.fromkeys(face.name for face in (self.latin, self.cjk) if face))


@dataclass(frozen=True, slots=True)
class Setting:
    """How one grapheme cluster is set: its face, its script (ISO 15924, Zyyy where it belongs to none of its own),
    and whether it stands upright in vertical lines."""

    face: Face
    script: str
    upright: bool


class Chooser:
    """Chooses the face of each grapheme cluster of a text; keeps what it found for the next text."""

    def __init__(self, pairing: Pairing):
        self._latin_first = pairing.faces
        self._cjk_first = tuple(dict.fromkeys(face for face in (pairing.cjk, *pairing.faces) if face))
        self._emoji_first = tuple(sorted(pairing.faces, key=lambda face: "Zsye" not in face.scripts))
        self._cjk = pairing.cjk or pairing.latin
        self._known: dict[tuple[str, bool], Setting | None] = {}

    def settings(self, graphemes: Iterable[str], chinese: bool) -> list[Setting | None]:
        """One for each of `graphemes`; None where no face draws it. `chinese`: whether shared punctuation such as
        “”, — and … is Chinese. A space is set in the face of what stands before it, unless that is an emoji."""
        found: list[Setting | None] = []
        before: Setting | None = None
        listed = list(graphemes)
        for number, grapheme in enumerate(listed):
            setting = self._setting(grapheme, chinese and not _within_word(listed, number))
            if grapheme == " " and before and "Zsye" not in before.face.scripts and coverage(before.face).draws(" "):
                setting = Setting(before.face, "Zyyy", before.upright)
            found.append(setting)
            before = setting
        return found

    def _setting(self, grapheme: str, chinese: bool) -> Setting | None:
        key = (grapheme, chinese)
        if key not in self._known:
            self._known[key] = self._choose(grapheme, chinese)
        return self._known[key]

    def _choose(self, grapheme: str, chinese: bool) -> Setting | None:
        script = ucd.script(grapheme[0])
        width = unicodedata.east_asian_width(grapheme[0])
        if EMOJI.search(grapheme):
            faces, upright = self._emoji_first, True
        elif script in IDEOGRAPHIC or width in "WF":
            faces, upright = self._cjk_first, True
        elif chinese and script in ("Zyyy", "Zinh") and width == "A":
            faces, upright = self._cjk_first, coverage(self._cjk).turns(grapheme)
        else:
            faces, upright = self._latin_first, False
        face = next((face for face in faces if coverage(face).draws(grapheme)), None)
        return Setting(face, "Zyyy" if script == "Zinh" else script, upright) if face else None


def _within_word(graphemes: Sequence[str], number: int) -> bool:
    """Whether this is the apostrophe of a Latin word: Chinese has the same character for a quotation mark."""
    around = graphemes[max(0, number - 1) : number + 2]
    return graphemes[number] == "\u2019" and len(around) == 3 and all(LATIN.match(each) for each in around[::2])


@lru_cache(maxsize=128)
def chooser(pairing: Pairing) -> Chooser:
    """The chooser of a pairing, shared within the process."""
    return Chooser(pairing)


def chinese(text: str) -> bool:
    """Whether Chinese is the language of the text: a Han character says about as much as three Latin letters."""
    return 3 * len(HAN.findall(text)) > len(LATIN.findall(text))


def missing(pairing: Pairing, text: str) -> tuple[str, ...]:
    """The grapheme clusters of `text` that no face of the pairing draws, each once; line ends are none."""
    graphemes = [g for g in dict.fromkeys(GRAPHEME.findall(text)) if g not in ("\n", "\r\n")]
    settings = chooser(pairing).settings(graphemes, chinese(text))
    return tuple(g for g, setting in zip(graphemes, settings, strict=True) if setting is None and ink_due(g))


def choose_pairing(
    rng: np.random.Generator, faces: Iterable[Face], language: str, kinds: tuple[str, ...] = (), text: str = ""
) -> Pairing:
    """A pairing for "en", "zh" or "mixed", drawn at random: family first, so that one of many styles has no better
    chance. `kinds` narrows the Latin face (of fonts.KINDS; passed over if there is none of them). A pairing that draws
    all of `text` is looked for; if there is none, laying out will say which characters are missing.

    Upright faces only, Latin ones of weight 400 and 700, and Chinese ones too where a family has these; with Chinese,
    serif with serif and like weights, as far as there are such. Arabic, Hebrew and emoji faces stand behind for their
    own scripts. Raises FontError if no face fits.
    """
    pool = tuple(faces)
    others = tuple(f for f in pool if f.scripts & {"Arab", "Hebr", "Zsye"} and f.weight == 400 and not f.italic)
    han = [f for f in pool if "Hani" in f.scripts and not f.italic]
    usual = {f.family for f in han if f.weight in (400, 700)}
    han = [f for f in han if f.weight in (400, 700) or f.family not in usual]
    latin = [f for f in pool if "Latn" in f.scripts and "Hani" not in f.scripts and f.weight in (400, 700)]
    latin = [f for f in latin if not f.italic and not f.scripts & {"Arab", "Hebr"}] or latin or han
    latin = [f for f in latin if f.kind in kinds] or latin
    if not latin or (language != "en" and not han):
        raise unwritten("Hani" if latin else "Latn")
    candidates = [Pairing(face, None, others) for face in latin]
    if language != "en":
        pairs = [(face, beside) for face in latin for beside in _beside(face, han)]
        even = [(a, b) for a, b in pairs if abs(a.weight - b.weight) <= UNEVEN]
        candidates = [Pairing(face, beside, others) for face, beside in even or pairs]
    drawn = _by_family(rng, candidates)
    return next((pairing for pairing in drawn if not missing(pairing, text)), drawn[0])


def _beside(latin: Face, han: list[Face]) -> list[Face]:
    """The Chinese faces that go with a Latin one: serif with serif, where there are such."""
    return [face for face in han if (face.kind == "serif") == (latin.kind == "serif")] or han


def _by_family(rng: np.random.Generator, pairings: list[Pairing]) -> list[Pairing]:
    """One pairing of each Latin family, in random order."""
    families: dict[str, list[Pairing]] = {}
    for pairing in pairings:
        families.setdefault(pairing.latin.family, []).append(pairing)
    names = sorted(families)
    return [families[names[i]][int(rng.integers(len(families[names[i]])))] for i in rng.permutation(len(names))]
