"""Drops images with faces that are too small to learn from, or hidden behind a mosaic; keeps portraits, if asked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from filters import faces
from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.faces import Face
from filters.image import WORKING_SIDE, Image, Pixels
from filters.mosaic import SIDE as MOSAIC_SIDE
from filters.mosaic import pixelated

SIDE = WORKING_SIDE
"""Scale at which parts of the image are looked at for small faces: longest side in pixels."""

PART = 0.6
"""Sides of these parts, one in each corner, as shares of the image's. They overlap by a third, so that one of them
holds a small face whole."""

SURE = 0.82
"""Score from which a face in a part is believed."""


@dataclass(frozen=True)
class Faces(Filter):
    """Drops images with a face that is too small for its features to be learnt (`min_height`) or that is pixelated
    (`max_mosaic`); images without faces pass. Portraits are a matter of the recipe, off by default:
    `face: {min_largest: 0.02}` keeps images whose largest face takes 2 % of the area, `max_largest` those below.

    Signals: `count`, how many faces were found. `largest`, the share of the image's area inside the largest one's box
    (forehead to chin), 0 without faces. `min_height`, the height of the smallest one as a share of the image's shorter
    side: 0.05 are 32 px at 640p. `mosaic`, the share of a face's box that is made of squares of one tone, of the face
    that has most of them. The last two are NaN without faces.

    Faces are looked for in the whole and in four PARTs of it. Found of the 19 faces that are found in 6 photographs of
    groups (npm package `@vladmandic/face-api`), scaled down and laid into two landscapes, 190 in all: 40 of 40 whose
    height is from 0.08 of the shorter side, 46 of 46 from 0.06, 22 of 28 from 0.05, 23 of 32 from 0.04, 17 of 44 below;
    the whole alone gives 40, 34, 9, 7 and 5. Three boxes too many in these 60 pictures. Of the 116 demo images 5 have a
    face found, all of them faces; SURE and `min_height` were chosen on these images. Of 368 images, a few of them in
    the demo too (Debian's `endless-sky-data`, two WordPress themes), faces are found in 11, of which 3 have none (a
    planet, a monster, a panel), and none is dropped.

    Mosaics are found where the face is still one to the detector. Of 11 images (the groups, three photographs, two
    paintings) whose faces were pixelated, squares of 1/20 of the face's width drop 10, 1/16 7, 1/12 6, 1/10 and 1/8 4;
    `abnormal`, which asks for no face, drops 10, 11, 11, 11 and 11 of them: a recipe wants both. The largest value of
    23 clean faces is 0.006. All these sets are small. Faces in profile, in shadow, under a veil are often missed
    (models/faces.md), blurred or blackened ones are not looked for.

    Cost: 42 ms beyond decoding on one thread, of which 8 are shared with `curation annotate`'s look at faces.

    Source: BlazeFace, arXiv 1907.05047, 2019. Qwen-Image Technical Report, arXiv 2508.02324, 2025, stage 6, has
    portraits as a category and filters small and mosaicked faces; its rules are not published.
    """

    min_height: float = 0.05
    max_mosaic: float = 0.1
    min_largest: float = 0.0
    max_largest: float = 1.0

    name: ClassVar[str] = "face"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("count", 0, 16, "faces that were found"),
        Signal("largest", 0, 0.5, "share of the area that the largest face takes"),
        Signal("min_height", 0, 0.5, "height of the smallest face, share of the shorter side"),
        Signal("mosaic", 0, 1, "share of the most pixelated face that is pixelated"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtMost("mosaic", "max_mosaic", "a face is hidden behind a mosaic"),
        AtLeast("min_height", "min_height", "a face is too small to learn from"),
        AtLeast("largest", "min_largest", "it is no portrait"),
        AtMost("largest", "max_largest", "a face takes too much of it"),
    )

    def __post_init__(self) -> None:
        for field in ("min_height", "max_mosaic", "min_largest", "max_largest"):
            if not 0 <= getattr(self, field) <= 1:
                raise ValueError(f"{field} lies between 0 and 1, not {getattr(self, field)}")
        if self.min_largest > self.max_largest:
            raise ValueError(f"min_largest {self.min_largest} and max_largest {self.max_largest} leave nothing over")

    def measure(self, image: Image) -> Signals:
        found = find(image)
        grey = image.grey(MOSAIC_SIDE)
        unit = image.height / min(image.width, image.height)
        return {
            "count": float(len(found)),
            "largest": max((face.area for face in found), default=0.0),
            "min_height": min((face.height * unit for face in found), default=math.nan),
            "mosaic": max((pixelated(inside(grey, face)) for face in found), default=math.nan),
        }

    def model_files(self) -> list[Path]:
        return [faces.model_file()]


def find(image: Image) -> tuple[Face, ...]:
    """The faces of an image, largest first: those of `faces.find`, and smaller ones found in its four PARTs.
    Computed once and kept with the image."""
    found: tuple[Face, ...] = image.view("small faces", SIDE, _find)
    return found


def _find(image: Image) -> tuple[Face, ...]:
    found = list(faces.find(image))
    for face in sorted(_in_parts(image.rgb(SIDE)), key=lambda face: face.score, reverse=True):
        if face.score >= SURE and not any(_covered(face, other) >= faces.MAX_OVERLAP for other in found):
            found.append(face)
    return tuple(sorted(found, key=lambda face: face.area, reverse=True))


def _in_parts(pixels: Pixels) -> Iterator[Face]:
    height, width = pixels.shape[:2]
    across, down = max(1, round(PART * width)), max(1, round(PART * height))
    for x in (0, width - across):
        for y in (0, height - down):
            for face in faces.read(pixels[y : y + down, x : x + across]):
                if not _is_cut(face, x > 0, y > 0):
                    left, top = (face.left * across + x) / width, (face.top * down + y) / height
                    size = face.width * across / width, face.height * down / height
                    yield replace(face, left=left, top=top, width=size[0], height=size[1])


def _is_cut(face: Face, right: bool, lower: bool) -> bool:
    """Whether a face of a part reaches one of the part's two borders that lie inside the image."""
    return (face.left <= 0 if right else face.left + face.width >= 1) or (
        face.top <= 0 if lower else face.top + face.height >= 1
    )


def _covered(one: Face, other: Face) -> float:
    """What the two share, as a share of the smaller: a part finds a face tighter or looser than the whole does."""
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return max(0.0, across) * max(0.0, down) / min(one.area, other.area)


def inside(pixels: Pixels, face: Face) -> Pixels:
    """What of uint8 [h, w] or [h, w, 3] `pixels` lies in the face's box: at least one pixel."""
    height, width = pixels.shape[:2]
    left, top = min(int(face.left * width), width - 1), min(int(face.top * height), height - 1)
    right, bottom = math.ceil((face.left + face.width) * width), math.ceil((face.top + face.height) * height)
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
