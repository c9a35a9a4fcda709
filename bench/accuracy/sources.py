"""The real images that defects are made of, split by source so that nothing of one scene stands in both halves."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import PIL.Image

from filters.image import Image, Pixels

DEMO = Path(__file__).parents[2] / "demo/images"
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
PREFIX = r"^(es|oc|budgie|ski|skl|sig|lept|zh|volt|jxl|wp\d\d)_"
HALVES = ("tune", "hold-out")
LEAST = 200
"""Pixels of the shorter side of a source; smaller files are icons and sprites."""

PHOTOS = ("art_photo", "camera", "nature", "objects", "people", "places", "packaged")
"""Folders of photographs. What lies outside the demo is taken for one too."""


@dataclass(frozen=True)
class Source:
    """One image file. `group` is the demo's folder, or "packaged" for any other."""

    path: Path
    group: str

    @cached_property
    def name(self) -> str:
        return self.path.stem.lower()

    @cached_property
    def key(self) -> str:
        """The file's name without the prefix of its package: the same picture in another folder has the same."""
        return re.sub(PREFIX, "", self.name)

    @cached_property
    def half(self) -> str:
        """By the name up to its first digit, so that a series stays together."""
        series = re.sub(r"[^a-z]", "", re.split(r"\d", self.key)[0])
        return HALVES[hashlib.sha256(series.encode()).digest()[0] & 1]

    @cached_property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def pixels(self) -> Pixels:
        """At most 1024 px, uint8 [h, w, 3]."""
        return Image(self.data).rgb()

    def rng(self, *purpose: int) -> np.random.Generator:
        """Chance that depends on the file's name and the purpose only."""
        seed = int.from_bytes(hashlib.sha256(self.key.encode()).digest()[:8], "big")
        return np.random.default_rng([seed, *purpose])


def find(folders: Iterable[Path]) -> list[Source]:
    """The demo's images, then those of the folders that are no second copy of one, by name."""
    found = {source.key: source for source in (Source(p, p.parent.name) for p in images(DEMO))}
    groups = {path.name for path in DEMO.iterdir()}
    for folder in folders:
        for path in images(folder):
            source = Source(path, path.parent.name if path.parent.name in groups else "packaged")
            found.setdefault(source.key, source)
    return list(found.values())


def share(sources: Iterable[Source], parts: int) -> list[Source]:
    """About one in `parts`, by name: a picture more or less changes nothing about the others."""
    return [source for source in sources if hashlib.sha256(source.key.encode()).digest()[-1] % parts == 0]


def images(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and large(path)]


def large(path: Path) -> bool:
    with PIL.Image.open(path) as image:
        return min(image.size) >= LEAST


def jpeg(pixels: Pixels, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
