"""A picture that a page shows, and what the filter itself says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from demo.make_demo import jpeg
from filters.base import Filter, Signals
from filters.dedup import Dedup
from filters.image import Image, Pixels
from filters.phash import distance

DEMO = Path(__file__).parents[2] / "demo/images"


@dataclass(frozen=True)
class Exhibit:
    """An encoded image. `title`: what was done to it, in ASCII, because it is also drawn; `source`: the demo image it
    was made of, empty where there is none; `shown`: RGB pixels to show instead of its own, uint8 [h, w, 3]."""

    title: str
    source: str
    data: bytes
    caption: str | None = None
    annotation: str | None = None
    shown: Pixels | None = None

    def image(self) -> Image:
        return Image(self.data, self.annotation, self.caption)

    def pixels(self) -> Pixels:
        return self.image().pixels() if self.shown is None else self.shown


@dataclass(frozen=True)
class Judged:
    """An exhibit, its signals, and the reason why the filter drops it; None where it is kept. `part`: what it is sorted
    into by a filter that sorts."""

    exhibit: Exhibit
    signals: Signals
    reason: str | None
    part: str | None = None

    @property
    def verdict(self) -> str:
        if self.reason is not None:
            return f"dropped: {self.reason}"
        return f"kept as {self.part}" if self.part else "kept"


Row = Sequence[Exhibit]
"""Pictures side by side: one as it is, then what was made of it, or others to compare."""


def judge(filter: Filter, row: Row) -> list[Judged]:
    """What the filter says of each picture of a row; of duplicates, which of them are one of the first."""
    if isinstance(filter, Dedup):
        return pairs(filter, row)
    measured = ((exhibit, filter.measure(exhibit.image())) for exhibit in row)
    return [
        Judged(exhibit, signals, filter.verdict(signals), filter.part(signals) if filter.parts else None)
        for exhibit, signals in measured
    ]


def pairs(filter: Dedup, row: Row) -> list[Judged]:
    """Each picture held against the first of its row. `distance` is that of a run for duplicates, and that of the
    hashes for all others, of which a run records none."""
    first, *others = [filter.fingerprint(exhibit.image()) for exhibit in row]
    judged = [Judged(row[0], {"distance": math.nan, "texture": first.texture}, None)]
    for exhibit, other in zip(row[1:], others, strict=True):
        found = filter.same(first, other)
        bits = distance(first.phash, other.phash) if found is None else found
        reason = None if found is None else filter.reason(found, "the first")
        judged.append(Judged(exhibit, {"distance": float(bits), "texture": other.texture}, reason))
    return judged


def as_it_is(source: str, title: str = "as it is") -> Exhibit:
    """A demo image, unchanged."""
    return Exhibit(title, source, (DEMO / source).read_bytes())


def demo(source: str) -> Pixels:
    """The pixels of a demo image, at most 1024 px."""
    return Image((DEMO / source).read_bytes()).rgb()


def changed(title: str, source: str, pixels: np.ndarray) -> Exhibit:
    """A demo image after something was done to it, saved as JPEG 90."""
    return Exhibit(title, source, jpeg(np.ascontiguousarray(pixels, np.uint8)))


def closer(exhibit: Exhibit, part: tuple[slice, slice]) -> Exhibit:
    """Shows a part alone, enlarged pixel by pixel."""
    times = 4
    shown = exhibit.pixels()[part].repeat(times, 0).repeat(times, 1)
    return replace(exhibit, title=f"{exhibit.title} (a part, enlarged)", shown=shown)
