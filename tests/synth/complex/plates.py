"""Plates to draw: what the studio hands to an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from synth.complex import studio
from synth.complex.engine import Drawing, Plate
from synth.complex.skia_engine import Skia
from synth.complex.template import Template, bundled, parse
from synth.sample import Discarded, Wish
from synth.source import TextSource
from synth.text import find_faces


@cache
def source() -> TextSource:
    return TextSource()


@dataclass
class Keeping:
    """Our own engine, which keeps the plate that it was given."""

    name: str = "keeping"
    plates: list[Plate] = field(default_factory=list)

    def draw(self, plate: Plate) -> Drawing:
        self.plates.append(plate)
        return Skia().draw(plate)


def plate_of(template: Template, language: str = "en", size: tuple[int, int] = (640, 640), seed: int = 0) -> Plate:
    """A plate of the first attempt that fits, of eight."""
    engine = Keeping()
    wish = Wish(seed, 0, *size, language, template.grades[0])
    for attempt in range(8):
        rng = np.random.default_rng([seed, attempt])
        try:
            studio.make(rng, wish, source().for_sample(seed, 0), [template], find_faces(), engine=engine)
        except Discarded as refusal:
            said = refusal
        else:
            return engine.plates[-1]
    raise said


def ours(family: str, name: str) -> Template:
    return next(template for template in bundled(family) if template.name == name)


def saying(text: str, **more: object) -> Template:
    """A template that says one text, in English and in Chinese alike."""
    widget = {"text": {"say": {"en": text, "zh": text}, "size": 40, **more}}
    return parse(
        {"scene": "a note", "root": {"column": {"padding": 40, "align": "start", "of": [widget]}}}, "note", "-"
    )
