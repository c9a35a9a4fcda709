"""A contact sheet of what `curation synth` made: 24 pictures, no two of one layout if there are so many.

    curation synth pure --count 240 --seed 7 --ratio 1:1,2:3,3:2,3:4,4:3 --output pure/
    python docs/make_sheet.py pure/ docs/synth-pure.jpg

The sheet has less than 600 kB, and is the same whenever the shards are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from curation.shards.plan import make_plan, read_unit

COUNT = 24
WIDTH, GAP, HEIGHT = 1900, 14, 330
"""Pixels of the sheet, between its pictures, and of a row, or about."""

GREY = (120, 120, 120)
LARGEST = 600_000
"""Bytes of a sheet."""

Pixels = NDArray[np.uint8]
"""BGR [height, width, 3]."""


def made(output: str) -> Iterator[tuple[str, bytes]]:
    """Layout and encoded picture of everything in the output of a synthesis, in order."""
    for unit in make_plan(output).units:
        for row in read_unit(unit):
            if row.data and row.annotation:
                yield json.loads(row.annotation)["synthesis"]["layout"], row.data


def different(found: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """COUNT pictures and their layouts, the first of each layout, then others where there are not so many layouts."""
    first: dict[str, bytes] = {}
    others: list[tuple[str, bytes]] = []
    for layout, data in found:
        if layout not in first:
            first[layout] = data
        elif len(others) < COUNT:
            others.append((layout, data))
        if len(first) == COUNT:
            break
    return [*first.items(), *others][:COUNT]


def decoded(data: bytes) -> Pixels:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def rows(pictures: Sequence[Pixels]) -> list[list[Pixels]]:
    """The pictures in rows, in order, such that rows are about equally wide at one height."""
    shapes = [picture.shape[1] / picture.shape[0] for picture in pictures]
    count = max(1, round(sum(shapes) * HEIGHT / WIDTH))
    place = ((np.cumsum(shapes) - np.array(shapes) / 2) / sum(shapes) * count).astype(int)
    filled = [[picture for picture, at in zip(pictures, place, strict=True) if at == row] for row in range(count)]
    return [row for row in filled if row]


def strip(pictures: Sequence[Pixels]) -> Pixels:
    """Pictures side by side, as high as fills the width."""
    across = sum(picture.shape[1] / picture.shape[0] for picture in pictures)
    height = round((WIDTH - GAP * (len(pictures) + 1)) / across)
    left, canvas = GAP, np.full((height + GAP, WIDTH, 3), GREY, np.uint8)
    for picture in pictures:
        width = min(round(height * picture.shape[1] / picture.shape[0]), WIDTH - left)
        canvas[:height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        left += width + GAP
    return canvas


def encoded(sheet: Pixels) -> bytes:
    """JPEG of the best quality that LARGEST allows."""
    for quality in range(92, 20, -4):
        data = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(data) < LARGEST:
            return data
    raise ValueError(f"a sheet of {sheet.shape[1]}×{sheet.shape[0]} pixels does not fit in {LARGEST} bytes")


def main(output: str, path: Path) -> None:
    """Writes the sheet of an output to `path` and says where."""
    chosen = different(made(output))
    top = np.full((GAP, WIDTH, 3), GREY, np.uint8)
    strips = [strip(row) for row in rows([decoded(data) for _, data in chosen])]
    path.write_bytes(encoded(np.concatenate([top, *strips])))
    print(f"{path}: {len(chosen)} pictures, {len({layout for layout, _ in chosen})} layouts")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
