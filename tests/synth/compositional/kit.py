"""What the tests of this tier share: real fonts, real text, real photos of the demo, each read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional import Compositional
from synth.compositional.carriers import CARRIERS
from synth.font_packages import find_faces
from synth.sample import Discarded, Sample, Wish
from synth.source import TextSource

PHOTOS = Path(__file__).parents[3] / "demo" / "images" / "nature"


@cache
def photos() -> tuple[NDArray[np.uint8], ...]:
    read = [cv2.imread(str(PHOTOS / name)) for name in ("es_beach0.jpg", "budgie_lake_sherburne.jpg", "es_fields2.jpg")]
    return tuple(np.ascontiguousarray(picture[..., ::-1]) for picture in read)


@cache
def source() -> TextSource:
    return TextSource()


@cache
def tier(real: bool = True) -> Compositional:
    return Compositional(find_faces(), photos() if real else None)


def made(name: str, setting: str, language: str, grade: str, seed: int = 1, real: bool = True) -> Sample:
    """The first sample that comes out of a few attempts, as the maker makes them."""
    carrier = CARRIERS[name]
    wish = Wish(seed, 0, 640, 640, language, grade if grade in carrier.grades else carrier.grades[0])
    for attempt in range(8):
        try:
            rng = np.random.default_rng([seed, 0, attempt])
            return tier(real).on(rng, wish, source().for_sample(seed, 0), carrier, setting)
        except Discarded:
            continue
    raise AssertionError(f"{name} on {setting} in {language} cannot be made")
