"""Drops copies of an image: the same bytes, the same pixels, or the same picture smaller, re-encoded or retouched."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import cv2
import numpy as np

from filters.base import Filter, Limit, Signal, Signals, figure
from filters.duplicates import SAME_BYTES, SAME_PIXELS
from filters.image import Image, Pixels
from filters.phash import distance, grey_tile, hash_bits, low_frequencies

THUMBNAIL = 16
"""Side in pixels of the grey thumbnail that verifies a pair."""


class Fingerprint(NamedTuple):
    """What duplicates are found by: about 400 bytes an image.

    `sha256` of the encoded bytes in hex; `pixels` 16 bytes of digest of the decoded pixels and their shape;
    `phash` 64 bits, unsigned; `texture` in grey levels; `thumbnail` 256 grey bytes, 16 × 16, row by row; `size` of the encoded bytes.
    """

    sha256: str
    pixels: bytes
    phash: int
    texture: float
    thumbnail: bytes
    width: int
    height: int
    size: int


@dataclass(frozen=True)
class Dedup(Filter):
    """Drops all but the best copy of an image."""

    max_distance: int = 8
    min_texture: float = 1.0
    min_likeness: float = 0.9

    name: ClassVar[str] = "dedup"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("distance", 0, 64, "bits of 64 in which the hash differs from the kept copy's; of duplicates only"),
        Signal("texture", 0, 64, "contrast of the low frequencies, grey levels"),
    )
    limits: ClassVar[tuple[Limit, ...]] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.max_distance <= 16:
            raise ValueError(f"max_distance must be 0 to 16 bits, not {self.max_distance}")

    def fingerprint(self, image: Image) -> Fingerprint:
        """Everything that is compared. Raises `Unreadable`. It does not depend on the thresholds."""
        pixels = image.pixels()
        tile = grey_tile(pixels)
        frequencies = low_frequencies(tile)
        return Fingerprint(
            sha256=image.sha256,
            pixels=pixel_digest(pixels),
            phash=hash_bits(frequencies),
            texture=texture(frequencies),
            thumbnail=cv2.resize(tile, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA).tobytes(),
            width=image.width,
            height=image.height,
            size=len(image.data),
        )

    def measure(self, image: Image) -> Signals:
        """Texture alone: the distance is known when all images have been compared."""
        return {"distance": math.nan, "texture": texture(low_frequencies(grey_tile(image.pixels())))}

    def textured(self, fingerprint: Fingerprint) -> bool:
        """The validity gate: whether the hash of this image means anything. Others are matched exactly only."""
        return fingerprint.texture >= self.min_texture

    def group_key(self, fingerprint: Fingerprint) -> int:
        """64 bits, equal for images that may be compared as equal: the hash, or the pixels' digest below the gate.

        A digest equals some hash of n images by chance with n / 2⁶⁴; then `same` tells them apart.
        """
        return fingerprint.phash if self.textured(fingerprint) else int.from_bytes(fingerprint.pixels[:8], "big")

    def same(self, one: Fingerprint, other: Fingerprint) -> int | None:
        """The distance of a verified pair of duplicates (`SAME_BYTES`, `SAME_PIXELS`, or 0 to `max_distance`) or None."""
        if one.sha256 == other.sha256:
            return SAME_BYTES
        if one.pixels == other.pixels:
            return SAME_PIXELS
        bits = distance(one.phash, other.phash)
        if bits > self.max_distance or not (self.textured(one) and self.textured(other)):
            return None
        return bits if likeness(one, other) >= self.min_likeness else None

    def reason(self, distance: int, kept: str) -> str:
        """Why a copy of the image with the key `kept` is dropped, for a distance that `same` gave."""
        if distance == SAME_BYTES:
            return f"the same bytes as {kept}"
        if distance == SAME_PIXELS:
            return f"the same pixels as {kept}"
        return (
            f"distance {distance} to {kept} is within max_distance {figure(self.max_distance)}: "
            "a smaller or more compressed copy of it"
        )


def quality(id: Any, fingerprint: Fingerprint) -> tuple[int, int, Any]:
    """Sorts the best copy first: most pixels, then most bytes (least compressed), then the smallest id."""
    return -fingerprint.width * fingerprint.height, -fingerprint.size, id


def pixel_digest(pixels: Pixels) -> bytes:
    """16 bytes of the SHA-256 of shape and values (SHA-256 because CPUs since 2019 do it in hardware)."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.digest()[:16]


def texture(frequencies: np.ndarray) -> float:
    """Median magnitude of the 64 lowest DCT coefficients in grey levels."""
    return float(np.median(np.abs(frequencies))) / 64


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """Correlation of the thumbnails, -1 to 1."""
    a = np.frombuffer(one.thumbnail, np.uint8).astype(np.float32)
    b = np.frombuffer(other.thumbnail, np.uint8).astype(np.float32)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm else 0.0
