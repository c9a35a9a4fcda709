"""Finds copies of an image: the same bytes, the same pixels, or the same picture smaller, re-encoded or retouched.

Two images are near duplicates if their pHashes (filters/phash.py) differ in at most `max_distance` bits AND both
pass a validity gate AND their thumbnails (filters/thumbnail.py) show the same content in the same colours.
filters/duplicates.py finds all such pairs among many images and chooses which to keep.

The gate: each bit says whether a DCT coefficient is above the median of all 64. On flat, dark and symmetric
images (ramps, discs, icons, flags) most coefficients equal the median but for rounding, so the bits mean nothing
and unrelated images collide: of 5,778 images (169 demo images, 295 landscapes, 177 wallpapers, 1,697 document and
slide pages, 2,558 drawings, 882 test images) 17,895 pairs of unequal pixels lie within 8 bits. `texture` is the median
deviation of the coefficients, so it sees symmetric drawings too, which have much energy but few independent bits;
at 3 it leaves 1,372 pairs. Below the gate images match exactly or not at all: 22 % of the drawings.

The thumbnails leave 221 pairs. Seen by eye, 211 show one picture (other sizes, before and after a processing
step), 10 do not: 1.7 in 1,000 images, on a set full of templates; on the 641 images of the first three sets, 1.

Share of planted copies found, of 349 originals (demo images, 60 landscapes, 60 drawings, 60 pages); in brackets
of the 97 % that pass the gate; then with max_difference 1, which suits photographs but merges 145 pairs of pages:

    JPEG quality 90 / 60 / 30         0.97 0.97 0.97  (1.00 1.00 1.00)
    WebP 75 / lossless                0.97 1.00       (1.00 1.00)
    resized 0.3 / 0.5–2               0.96 0.97       (0.99 1.00)
    gamma 0.8 / 1.25                  0.97 0.97       (1.00 1.00)
    20 levels brighter / darker       0.94 0.95       (0.97 0.98)
    contrast 1.2 / 0.8                0.93 0.96       (0.96 1.00)
    cropped by 1 % / 2 %              0.93 0.82       (0.96 0.85)    1.00 1.00
    cropped by 5 % / 10 %             0.35 0.08       (0.36 0.08)    0.87 0.36
    cropped by 5 %, off centre        0.14            (0.14)         0.54
    border of 1 % white / 2 % black   0.41 0.04       (0.42 0.04)    0.86 0.25
    small watermark                   0.63            (0.65)         0.94

Not found by design: mirrored and rotated copies, colour pictures turned grey. Not told apart: shots of a burst
without visible motion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import xxhash
from numpy.typing import NDArray

from filters.base import Filter, Limit, Signal, Signals, figure
from filters.duplicates import SAME_BYTES, SAME_PIXELS
from filters.image import Image, Pixels
from filters.phash import distance, grey_tile, hash_bits, low_frequencies
from filters.thumbnail import differences, thumbnail


class Fingerprint(NamedTuple):
    """What duplicates are found by: some 500 bytes an image.

    `sha256` of the encoded bytes in hex; `pixels` 16 bytes, a digest of the decoded pixels and their shape;
    `phash` 64 bits, unsigned; `texture` in grey levels; `thumbnail` 384 bytes (see filters/thumbnail.py);
    `width` and `height` in pixels, upright; `size` of the encoded bytes.
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
    """Drops all but the best copy of an image: the largest, of equally large ones the least compressed.

    `max_distance` (bits, 0 to 16; of textured images distances are even) is how far the hashes of a pair may be
    apart: 10 instead of 8 lets 96 % of the planted copies through instead of 93 %, and twice the look-alikes.
    `min_texture`, see `texture`, is the validity gate. `max_difference` (share of contrast) and
    `max_colour_difference` (levels of Cr and Cb, 0 to 255) bound what the thumbnails of a pair may differ in, see
    `differences`; both may be `inf`.

    The verdict needs all images, so `limits` are empty: `same` decides on pairs. Raises ValueError for a
    `max_distance` outside 0 to 16, beyond which unrelated images meet.
    """

    max_distance: int = 8
    min_texture: float = 3.0
    max_difference: float = 0.35
    max_colour_difference: float = 24.0

    name: ClassVar[str] = "dedup"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("distance", 0, 64, "bits of 64 in which the hash differs from the kept copy's; of duplicates only"),
        Signal("texture", 0, 160, "strength of what the hash is made of; below min_texture it is not used"),
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
            thumbnail=thumbnail(pixels, tile),
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
        """The distance of a verified pair: `SAME_BYTES`, `SAME_PIXELS`, or 0 to `max_distance`. None: no duplicates."""
        if one.sha256 == other.sha256:
            return SAME_BYTES
        if one.pixels == other.pixels:
            return SAME_PIXELS
        bits = distance(one.phash, other.phash)
        if bits > self.max_distance or not (self.textured(one) and self.textured(other)):
            return None
        content, colours = differences(one.thumbnail, other.thumbnail)
        return bits if content <= self.max_difference and colours <= self.max_colour_difference else None

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
    """16 bytes of XXH3 over shape and values: 0.1 ms a megapixel against 1.7 of SHA-256."""
    digest = xxhash.xxh3_128(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.digest()


def texture(frequencies: NDArray[np.float64]) -> float:
    """What the bits of a hash hang on: the median distance of the 64 coefficients from their median.

    As the orthonormal DCT of the 32×32 tile has them, in grey levels times cells; 0 for flat images.
    """
    return float(np.median(np.abs(frequencies - np.median(frequencies)))) / 64
