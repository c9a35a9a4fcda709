"""Watermarks of five kinds, in English and Chinese, small and large, faint to nearly opaque, against lettering that
belongs to the picture, on pictures that no training saw.

The words, emblems and arrangements are those of the training's artist, its fonts and chance are not; rims and shadows
about the letters are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.shirt import shirt
from bench.accuracy.sources import HALVES, Source, jpeg
from bench.watermark.artist import KINDS, LEAST_INK, Artist, Rng, blend, opacity_of, visible_colour
from bench.watermark.samples import RENDERED, part_of, part_of_number, scene
from filters.image import Pixels

TUNE, HELD = HALVES
SHAPES = ((640, 480), (480, 640))

NAMES = {
    "tiled": "repeated words",
    "centre": "words across the middle",
    "corner": "name in a corner",
    "stock": "stock agency's lines",
    "logo": "emblem",
}
LANGUAGES = {"en": "English", "zh": "Chinese"}
LETTERING = {
    "_sign": "signs",
    "_print": "prints on surfaces",
    "_caption": "captions",
    "_title": "posters",
    "_page": "pages",
    "_glass": "translucent panels with words",
}
"""The artist's ways of drawing legitimate lettering."""

FAINT = 18.0
"""Mean change in grey levels under which a watermark is called faint: graded weak."""

SMALL = 0.01
"""Share of the picture that a small watermark's ink covers at most."""

OPACITIES = ((0.0, 0.3, "opacity under 0.3"), (0.3, 0.7, "opacity 0.3 to 0.7"), (0.7, 1.0, "opacity over 0.7"))


def half(source: Source) -> str:
    """The detector's own split: its validation part to choose on, its test part held out, its training part neither."""
    part = part_of_number if RENDERED in source.path.parts else part_of
    return {"test": HELD, "validation": TUNE}.get(part(source.path.name), "")


def cases(source: Source, artist: Artist) -> Iterator[Case]:
    yield Case(source.name, "pictures as they are", CLEAN, source.data)
    for number, (method, kind) in enumerate(LETTERING.items()):
        rng = source.rng(5, number)
        pixels = getattr(artist, method)(rng, scene(rng, source.path, SHAPES[rng.integers(2)]))
        yield Case(source.name, kind, CLEAN, encoded(rng, pixels))
    rng = source.rng(5, len(LETTERING))
    worn = shirt(rng, artist, scene(rng, source.path, SHAPES[rng.integers(2)]))
    yield Case(source.name, "T-shirts", CLEAN, encoded(rng, worn))
    for number, kind in enumerate(KINDS):
        for language in LANGUAGES:
            for lettered in (False, True):
                rng = source.rng(6, number, language == "zh", lettered)
                yield from marked(source, replace(artist, language=language), rng, kind, lettered)


def marked(source: Source, artist: Artist, rng: Rng, kind: str, lettered: bool) -> Iterator[Case]:
    """The picture, lettered or not, under a watermark; nothing where it would not show."""
    pixels = scene(rng, source.path, SHAPES[rng.integers(2)])
    pixels = artist.lettering(rng, pixels) if lettered else pixels
    mask, opacity = np.zeros(pixels.shape[:2], np.float32), opacity_of(rng, kind)
    getattr(artist, f"_{kind}")(rng, mask)
    ink = mask > 0.5
    if ink.sum() <= LEAST_INK:
        return
    under = blend(pixels, mask, visible_colour(rng, pixels[ink]), opacity)
    change = abs(under[ink].astype(float) - pixels[ink]).mean()
    if change < FAINT / 2:
        return
    if change < FAINT:
        yield Case(source.name, "faint, of any kind", WEAK, encoded(rng, under))
        return
    also = [name for low, high, name in OPACITIES if low <= opacity < high]
    also += ["small" if ink.mean() <= SMALL else "large"] + ["with lettering of its own"] * lettered
    also += [LANGUAGES[str(artist.language)]] * (kind != "logo")
    yield Case(source.name, NAMES[kind], CLEAR, encoded(rng, under), tuple(f"{a}, of any kind" for a in also))


def encoded(rng: Rng, pixels: Pixels) -> bytes:
    return jpeg(pixels, int(rng.integers(60, 96)))
