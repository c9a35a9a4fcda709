"""Finds copies of an image: the same bytes or pixels, or the same picture smaller, re-encoded, retouched or cropped.

Two images are near duplicates if the pHash (filters/phash.py) of one and of some view of the other (filters/views.py:
all of it, its middle, without a strip at its foot, mirrored) differ in at most `max_distance` bits AND both pass a
validity gate AND their thumbnails, laid over each other (filters/registration.py), show the same content in the same
colours in every place (filters/thumbnail.py). filters/duplicates.py finds all such pairs among many images and
chooses which to keep.

The gate: each bit says whether a DCT coefficient is above the median of all 64. On flat, dark and symmetric
images (ramps, discs, icons, flags) most coefficients equal the median but for rounding, so the bits mean nothing
and unrelated images collide: of 5,778 images (photographs, pages, slides, drawings, test images) 17,895 pairs of
unequal pixels lie within 8 bits, 1,372 with the gate at 3. `texture` is the median deviation of the coefficients, so
it sees symmetric drawings too, which have much energy but few independent bits. Below the gate images match exactly
or not at all: 3 % of 92 pictures, 5 % of 1,955 drawings.

Share of planted copies found, of the 89 of these 92 pictures (half of the demo's by name, 47 wallpapers and
landscapes) that pass the gate. The bounds were chosen on them. Of the other half of the demo (70 pictures,
`bench.accuracy`) all copies that were re-encoded, resized or cropped by 1 or 5 % are found, 0.98 of those changed in
tone, 0.97 of crops by 2 %, 0.96 by 10 %.

    JPEG 90 / 60 / 30, WebP 75        1.00 1.00 1.00 1.00
    resized 0.3 / 0.5 / 1.5           1.00 1.00 1.00
    gamma 0.8 / 1.25                  0.98 0.99
    contrast 0.8 / 1.2                1.00 0.91
    20 levels brighter / darker       0.98 0.93
    cropped by 1 / 2 / 5 / 10 %       1.00 0.99 0.98 0.98
    off centre by 3 / 5 / 10 %        0.96 0.91 0.43     most of these are lost by the hash
    one side cut by 5 / 10 %          0.88 0.47
    border of 2 % white / 4 % black   1.00 0.58
    caption strip of 10 %             1.00
    mirrored                          0.79               all but those on plain ground
    cropped, smaller, tone, JPEG 50   0.98

and share of look-alikes merged: none of 178 in which a patch of 0.3 or 0.2 of the shorter side was replaced, 1 % at
0.14, 8 % at 0.1. Of the 1,955 drawings (half of a clip-art collection, signs and arrows of one pattern among them)
2 pairs that differ were merged: a map with and without hairlines, and two stages of one tracing.

Not found by design: rotated copies, colour pictures turned grey, and the mirror image of what stands on plain ground.
Not told apart: shots of a burst in which nothing larger than a tenth of the shorter side changed.
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
from filters.phash import distance, grey_tile, hash_bits, low_frequencies, luma
from filters.registration import framed, register
from filters.thumbnail import differences, opened, thumbnail
from filters.views import VIEWS, View, view_hashes


class Fingerprint(NamedTuple):
    """What duplicates are found by: some 1,700 bytes an image.

    `sha256` of the encoded bytes in hex; `pixels` 16 bytes, a digest of the decoded pixels and their shape;
    `phash` 64 bits, unsigned; `views` 16 or 24 bytes, the further hashes of filters/views.py; `texture` in grey
    levels; `thumbnail` 1,536 bytes (see filters/thumbnail.py); `width` and `height` in pixels, upright; `size` of
    the encoded bytes.
    """

    sha256: str
    pixels: bytes
    phash: int
    views: bytes
    texture: float
    thumbnail: bytes
    width: int
    height: int
    size: int


class Meeting(NamedTuple):
    """Of all views of two images, the two whose hashes are nearest: one of `whole`, and all of `part`."""

    bits: int
    view: View
    whole: Fingerprint
    part: Fingerprint


@dataclass(frozen=True)
class Dedup(Filter):
    """Drops all but the best copy of an image: the largest, of equally large ones the least compressed.

    `max_distance` (bits, 0 to 16; of textured images distances are even) is how far the hashes of a pair may be
    apart, of any of their views: a wider one finds more copies that were cropped off centre, at more work.
    `min_texture`, see `texture`, is the validity gate. `max_difference` (multiples of what re-encoding, tone and
    cropping explain) and `max_colour_difference` (levels of Cr and Cb, 0 to 255) bound what the thumbnails of a pair
    may differ in, see `differences`; both may be `inf`.

    The verdict needs all images, so `limits` are empty: `same` decides on pairs. Raises ValueError for a
    `max_distance` outside 0 to 16, beyond which unrelated images meet.
    """

    max_distance: int = 8
    min_texture: float = 3.0
    max_difference: float = 1.0
    max_colour_difference: float = 18.0

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
        grey = luma(pixels)
        tile = grey_tile(grey)
        frequencies = low_frequencies(tile)
        return Fingerprint(
            sha256=image.sha256,
            pixels=pixel_digest(pixels),
            phash=hash_bits(frequencies),
            views=view_hashes(grey, tile, frequencies),
            texture=texture(frequencies),
            thumbnail=thumbnail(pixels, tile),
            width=image.width,
            height=image.height,
            size=len(image.data),
        )

    def measure(self, image: Image) -> Signals:
        """Texture alone: the distance is known when all images have been compared."""
        return {"distance": math.nan, "texture": texture(low_frequencies(grey_tile(luma(image.pixels()))))}

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
        if not (self.textured(one) and self.textured(other)):
            return None
        met = nearest(*sorted((one, other)))
        return met.bits if met.bits <= self.max_distance and self.agrees(met) else None

    def agrees(self, met: Meeting) -> bool:
        """Whether the thumbnails show the same: as the hashes say that they lie in each other, or else registered."""
        whole, part = opened(met.whole.thumbnail, met.view.mirrored), opened(met.part.thumbnail)
        start = framed(*met.view[:4])
        found = differences(whole, part, start)
        if not self._small(found):
            found = differences(whole, part, register(whole.grey, part.grey, start))
        return self._small(found)

    def _small(self, found: tuple[float, float]) -> bool:
        content, colours = found
        return content <= self.max_difference and colours <= self.max_colour_difference

    def reason(self, distance: int, kept: str) -> str:
        """Why a copy of the image with the key `kept` is dropped, for a distance that `same` gave."""
        if distance == SAME_BYTES:
            return f"the same bytes as {kept}"
        if distance == SAME_PIXELS:
            return f"the same pixels as {kept}"
        return (
            f"distance {distance} to {kept} is within max_distance {figure(self.max_distance)}: "
            "a smaller, cropped, mirrored or more compressed copy of it"
        )


def hashes(fingerprint: Fingerprint) -> list[int]:
    """One for each of `VIEWS`, the image's own first; images on plain ground lack the last."""
    views = fingerprint.views
    return [fingerprint.phash, *(int.from_bytes(views[at : at + 8], "big") for at in range(0, len(views), 8))]


def nearest(one: Fingerprint, other: Fingerprint) -> Meeting:
    """The views in which two images are nearest; of equally near ones the earlier view, and `one` as the whole."""
    return min(
        (
            Meeting(distance(hash, part.phash), view, whole, part)
            for whole, part in ((one, other), (other, one))
            for view, hash in zip(VIEWS, hashes(whole), strict=False)
        ),
        key=lambda met: (met.bits, VIEWS.index(met.view)),
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
