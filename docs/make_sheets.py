"""Contact sheets of what `curation synth` makes: 24 samples of a tier, no two of one layout if it has so many.

    python docs/make_sheets.py pure compositional complex

writes docs/synth-TIER.jpg, each less than 600 kB, the same whenever it is made with the same fonts and corpora.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.maker import Failed, Maker, build
from synth.sample import GRADES, LANGUAGES, Sample, Wish
from synth.wishes import RATIOS, Fits, Mix, sides

COUNT = 24
SEARCH = 240
"""Samples that are made in search of so many layouts."""

SEED = 7
WIDTH, GAP, ROWS = 1900, 14, 5
"""Pixels of the sheet and between its pictures, and rows that it has."""

GREY = (120, 120, 120)
LARGEST = 600_000
"""Bytes of a sheet."""


def mix(kinds: Mapping[str, Fits]) -> Mix:
    """Paragraphs as often as all else, and no shapes so long that a sheet would show little of them."""
    return Mix(
        SEED, {name: near(fits) for name, fits in kinds.items()}, grades=("word", "paragraph", "line", "paragraph")
    )


def near(fits: Fits) -> Fits:
    """What can be made and is about square; what can be made at all if that is nothing."""

    def both(wish: Wish) -> bool:
        return 0.6 < wish.width / wish.height < 1.6 and fits(wish)

    shapes = [sides(Mix.size, ratio) for ratio in RATIOS]
    wishes = [Wish(SEED, 0, *shape, language, grade) for shape in shapes for language in LANGUAGES for grade in GRADES]
    return both if any(both(wish) for wish in wishes) else fits


def samples(maker: Maker) -> Iterator[Sample]:
    """What the maker makes, in order, without what it gives up."""
    for index in range(SEARCH):
        try:
            yield maker.make(index, lambda sample: None).sample
        except Failed as failed:
            print(f"  sample {index}: {failed}", file=sys.stderr)


def different(found: Iterator[Sample]) -> list[Sample]:
    """COUNT samples, the first of each layout, filled up with others where there are not so many layouts."""
    first: dict[str, Sample] = {}
    others: list[Sample] = []
    for sample in found:
        if sample.layout not in first:
            first[sample.layout] = sample
        elif len(others) < COUNT:
            others.append(sample)
        if len(first) == COUNT:
            break
    return [*first.values(), *others][:COUNT]


def rows(pictures: Sequence[NDArray[np.uint8]]) -> list[list[NDArray[np.uint8]]]:
    """The pictures in ROWS rows, in order, such that rows are about equally wide at one height."""
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    middles = np.cumsum(shapes) - np.array(shapes) / 2
    row = np.minimum((middles / sum(shapes) * ROWS).astype(int), ROWS - 1)
    return [[picture for picture, at in zip(pictures, row, strict=True) if at == number] for number in range(ROWS)]


def strip(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Pictures side by side, as high as fills the width."""
    across = sum(picture.shape[1] / picture.shape[0] for picture in pictures)
    height = round((WIDTH - GAP * (len(pictures) + 1)) / across)
    left, canvas = GAP, np.full((height + GAP, WIDTH, 3), GREY, np.uint8)
    for picture in pictures:
        width = min(round(height * picture.shape[1] / picture.shape[0]), WIDTH - left)
        canvas[:height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        left += width + GAP
    return canvas


def encoded(sheet: NDArray[np.uint8]) -> bytes:
    """JPEG of the best quality that LARGEST allows."""
    bgr = cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)
    for quality in range(92, 20, -4):
        data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(data) < LARGEST:
            return data
    raise ValueError(f"a sheet of {sheet.shape[1]}×{sheet.shape[0]} pixels does not fit in {LARGEST} bytes")


def make(tier: str, folder: Path) -> Path:
    """Writes the sheet of one tier into `folder` and says where."""
    chosen = different(samples(build(tier, mix)))
    top = np.full((GAP, WIDTH, 3), GREY, np.uint8)
    sheet = np.concatenate([top, *(strip(row) for row in rows([sample.pixels for sample in chosen]) if row)])
    path = folder / f"synth-{tier}.jpg"
    path.write_bytes(encoded(sheet))
    print(f"{path.name}: {len({sample.layout for sample in chosen})} layouts in {len(chosen)} samples")
    return path


if __name__ == "__main__":
    for tier in sys.argv[1:]:
        make(tier, Path(__file__).parent)
