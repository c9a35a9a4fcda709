"""Samples for the watermark detector: real pictures, some lettered, some watermarked, split by source.

Pictures, fonts and drawings are put into a training, a validation and a test part by their names.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import PIL.Image

from bench.watermark.artist import Artist, Faces, Mask, Rng, find_faces
from filters.image import Image, Pixels

DEMO = Path(__file__).parents[2] / "demo/images"
IMAGES = (".jpg", ".png", ".webp")
RENDERED = "rendered"
"""Folder of pictures that `curation synth` made: lettering that belongs, thousands of ways."""

PHOTOS = ("games/endless-sky/images/land", "share/backgrounds", "share/wallpapers", "libjxl-testdata")
DRAWINGS = "share/openclipart"
SHAPES = ((320, 320), (352, 288), (288, 352), (384, 256), (256, 384))
FULL_SHAPES = ((640, 480), (480, 640), (640, 448), (480, 480))
"""Width and height of training samples. Most are smaller than what the detector sees later, with lettering of the
same size in pixels: the network reads any size, and small pictures train in a fourth of the time. Full ones come
last."""


def part_of(name: str) -> str:
    """The part a file belongs to, by its name without prefix and number, so that variants stay together."""
    stem = re.sub(r"[^a-z]", "", re.sub(r"^(es|oc|budgie|ski|lept|zh|volt|jxl)_", "", Path(name).stem.lower()))
    share = int(hashlib.sha256(stem.encode()).hexdigest(), 16) % 100
    return "test" if share < 20 else "validation" if share < 30 else "train"


def part_of_number(name: str) -> str:
    """The same for names that differ in their numbers only, where every file is a picture of its own."""
    return part_of("".join(chr(ord("a") + int(c)) if c.isdigit() else c for c in name))


@dataclass(frozen=True)
class Sources:
    """One part: its pictures in named groups (one that stands twice is drawn from twice as often), and the artist."""

    pictures: tuple[tuple[str, tuple[Path, ...]], ...]
    artist: Artist


def find_sources(packages: Path | None, fonts: list[Path], part: str) -> Sources:
    """Everything of one part. Validation and test share the fonts and drawings that training does not see."""
    allowed = ("train",) if part == "train" else ("validation", "test")
    files = [path for path in sorted(packages.rglob("*")) if path.suffix in IMAGES and _small(path)] if packages else []
    demo = [path for path in sorted(DEMO.rglob("*")) if path.suffix in IMAGES and part_of(path.name) == part]
    lettered = [path for path in demo if path.parent.name in ("document", "slides", "ui")]
    plain = [path for path in demo if path not in lettered]
    photos = [path for path in files if any(name in str(path) for name in PHOTOS) and part_of(path.name) == part]
    rendered = [path for path in files if RENDERED in path.parts and part_of_number(path.name) == part]
    drawings = [
        path for path in files if DRAWINGS in str(path) and path.suffix == ".png" and part_of(path.name) in allowed
    ]
    groups = (
        ("demo photographs and art", plain),
        ("demo photographs and art", plain),
        ("packaged photographs", photos),
        ("packaged photographs", photos),
        ("demo documents, slides and UI", lettered),
        ("rendered text", rendered),
        *[("packaged drawings", [path for path in drawings if part_of(path.name) == part])] * (1 + (part == "train")),
    )
    faces = find_faces(fonts)
    latin, han = ([f for f in family if part_of(f.name) in allowed] or family for family in (faces.latin, faces.han))
    artist = Artist(Faces(tuple(latin), tuple(han)), tuple(drawings))
    return Sources(tuple((name, tuple(group)) for name, group in groups if group), artist)


def _small(path: Path) -> bool:
    """Whether a file is small enough to be drawn from again and again: a few packaged drawings are gigapixels."""
    try:
        with PIL.Image.open(path) as image:
            return image.width * image.height < 2**26
    except (OSError, PIL.Image.DecompressionBombError):
        return False


@lru_cache(1024)
def picture(path: Path) -> Pixels:
    """A picture, at most 1024 px; 2 GB of them at most stay in memory."""
    return Image(path.read_bytes()).rgb()


def scene(rng: Rng, path: Path, shape: tuple[int, int]) -> Pixels:
    """A random part of a picture, relit at random, in the given width and height."""
    pixels, (width, height) = picture(path), shape
    full_height, full_width = pixels.shape[:2]
    zoom = rng.uniform(0.6, 1) * min(full_width / width, full_height / height)
    w, h = max(1, int(width * zoom)), max(1, int(height * zoom))
    y, x = int(rng.integers(full_height - h + 1)), int(rng.integers(full_width - w + 1))
    part = pixels[y : y + h, x : x + w]
    smooth = cv2.INTER_AREA if zoom > 1 else cv2.INTER_LINEAR
    part = np.asarray(cv2.resize(part, shape, interpolation=smooth), np.uint8)
    if rng.random() < 0.5:
        part = np.clip(part * rng.uniform(0.7, 1.2, 3) + rng.uniform(-20, 20), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(part)


def compressed(rng: Rng, pixels: Pixels) -> Pixels:
    """As it comes from the web: saved as JPEG, four times out of five."""
    if rng.random() < 0.2:
        return pixels
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=int(rng.integers(50, 96)))
    return Image(buffer.getvalue()).pixels()


def sample(
    sources: Sources, rng: Rng, shape: tuple[int, int], kind: str | None, lettered: bool, room: int = 1
) -> tuple[Pixels, Mask]:
    """A picture, uint8 [h, w, 3], and the coverage of its watermark, float32 [h, w], all zero if `kind` is None.

    One in four was drawn larger and then reduced, as what the filter sees of a large picture is. With `room` > 1 the
    watermark is that of a picture so many times as wide and high.
    """
    _, group = sources.pictures[rng.integers(len(sources.pictures))]
    larger = rng.uniform(1.2, 1.8) if rng.random() < 0.25 else 1.0
    drawn = round(shape[0] * larger), round(shape[1] * larger)
    pixels = scene(rng, group[rng.integers(len(group))], drawn)
    mask = np.zeros(pixels.shape[:2], np.float32)
    if lettered:
        pixels = sources.artist.lettering(rng, pixels)
    if kind:
        pixels, mask = sources.artist.watermark(rng, pixels, kind, room)
    if larger > 1:
        pixels = np.asarray(cv2.resize(pixels, shape, interpolation=cv2.INTER_AREA), np.uint8)
        mask = cv2.resize(mask, shape, interpolation=cv2.INTER_AREA)
    return compressed(rng, pixels), mask
