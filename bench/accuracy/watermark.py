"""Watermarks of five kinds against lettering that belongs to the picture, on pictures that no training saw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.sources import Source, jpeg
from bench.watermark.artist import KINDS, Artist, Rng
from bench.watermark.samples import part_of, scene
from filters.image import Pixels

SHAPES = ((640, 480), (480, 640))

NAMES = {
    "tiled": "repeated words",
    "centre": "words across the middle",
    "corner": "name in a corner",
    "stock": "stock agency's lines",
    "logo": "emblem",
}
LETTERING = {
    "_sign": "signs",
    "_print": "prints on surfaces",
    "_caption": "captions",
    "_title": "posters",
    "_page": "pages",
}
"""The artist's ways of drawing legitimate lettering."""

FAINT = 18.0
"""Mean change in grey levels under which a watermark is called faint: graded weak."""


def half(source: Source) -> str:
    """The detector's own split: its validation part to choose on, its test part held out, its training part neither."""
    return {"test": "hold-out", "validation": "tune"}.get(part_of(source.path.name), "")


def cases(source: Source, artist: Artist) -> Iterator[Case]:
    yield Case(source.name, "pictures as they are", CLEAN, source.data)
    for number, (method, kind) in enumerate(LETTERING.items()):
        rng = source.rng(5, number)
        pixels = getattr(artist, method)(rng, scene(rng, source.path, SHAPES[rng.integers(2)]))
        yield Case(source.name, kind, CLEAN, jpeg(pixels, quality(rng)))
    for number, kind in enumerate(KINDS):
        for lettered in (False, True):
            rng = source.rng(6, number, lettered)
            pixels = scene(rng, source.path, SHAPES[rng.integers(2)])
            pixels = artist.lettering(rng, pixels) if lettered else pixels
            marked, mask = artist.watermark(rng, pixels, kind)
            if not (mask > 0.5).any():
                continue  # it would not have shown
            faint = change(pixels, marked, mask > 0.5) < FAINT
            name = "faint, of any kind" if faint else NAMES[kind]
            yield Case(source.name, name, WEAK if faint else CLEAR, jpeg(marked, quality(rng)))


def change(before: Pixels, after: Pixels, where: NDArray[np.bool_]) -> float:
    """Mean difference in levels of a channel."""
    return float(abs(after[where].astype(float) - before[where]).mean())


def quality(rng: Rng) -> int:
    return int(rng.integers(60, 96))
