"""Copies of an image that must be found, and look-alikes that must be kept, as pairs.

A clear or weak case is a copy of its source's original; a clean one is an image of its own. Weak are the changes that
the target does not name: larger crops, mirroring, borders and strips.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import combinations

import cv2
import numpy as np
import PIL.Image

from bench.accuracy.exposure import curve
from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case, Judged
from bench.accuracy.sources import Source, jpeg
from bench.watermark.samples import scene
from filters.dedup import Dedup
from filters.image import Image, Pixels


def copies(source: Source) -> Iterator[Case]:
    """The original, then its copies. In the target: re-encoding, resizing, tone, crops of up to 2 %."""
    pixels = source.pixels
    height, width = pixels.shape[:2]
    yield Case(source.name, "original", CLEAN, source.data)
    for quality in (90, 60, 30):
        yield Case(source.name, "re-encoded", CLEAR, jpeg(pixels, quality))
    yield Case(source.name, "re-encoded", CLEAR, webp(pixels))
    for scale in (0.3, 0.5, 1.5):
        yield Case(source.name, "resized", CLEAR, jpeg(resized(pixels, scale)))
    for gamma in (0.8, 1.25):
        yield Case(source.name, "tone", CLEAR, jpeg(curve(pixels, gamma)))
    for share in (0.8, 1.2):
        yield Case(source.name, "tone", CLEAR, jpeg(contrast(pixels, share)))
    for cut in (0.01, 0.02):
        yield Case(source.name, f"cropped by {cut:.0%}", CLEAR, jpeg(cropped(pixels, cut)))
    for cut in (0.05, 0.1):
        yield Case(source.name, f"cropped by {cut:.0%}", WEAK, jpeg(cropped(pixels, cut)))
    yield Case(source.name, "mirrored", WEAK, jpeg(np.ascontiguousarray(pixels[:, ::-1])))
    border = max(2, max(height, width) // 50)
    framed = cv2.copyMakeBorder(pixels, border, border, border, border, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    yield Case(source.name, "border of 2 %", WEAK, jpeg(np.asarray(framed, np.uint8)))
    strip = cv2.copyMakeBorder(pixels, 0, height // 10, 0, 0, cv2.BORDER_CONSTANT, value=(245, 245, 245))
    cv2.putText(strip, source.name, (8, height + height // 14), cv2.FONT_HERSHEY_SIMPLEX, height / 1000, (0, 0, 0), 2)
    yield Case(source.name, "caption strip", WEAK, jpeg(np.asarray(strip, np.uint8)))


def look_alikes(source: Source, others: list[Source]) -> Iterator[Case]:
    """What is to be kept beside the original: the camera moved on, something came into the scene, a flat sky."""
    pixels, rng = source.pixels, source.rng(7)
    height, width = pixels.shape[:2]
    h, w = int(height * 0.85), int(width * 0.85)
    for number, (y, x) in enumerate(((0, 0), (height - h, width - w))):
        shot = np.ascontiguousarray(pixels[y : y + h, x : x + w])
        yield Case(f"{source.name} pan {number}", "burst: camera moved by 15 %", CLEAN, jpeg(shot))
    other = others[rng.integers(len(others))]
    side = int(min(height, width) * 0.3)
    moved = pixels.copy()
    y, x = int(rng.integers(height - side)), int(rng.integers(width - side))
    moved[y : y + side, x : x + side] = scene(rng, other.path, (side, side))
    yield Case(f"{source.name} moved", "same scene, something new in it", CLEAN, jpeg(moved))
    yield Case(f"{source.name} sky", "flat skies", CLEAN, jpeg(sky(rng, width, height)))


def sky(rng: np.random.Generator, width: int, height: int) -> Pixels:
    """A smooth ramp from blue or grey at the top to something paler, with the noise of a camera."""
    top, bottom = rng.uniform(60, 190, 3), rng.uniform(160, 250, 3)
    share = np.linspace(0, 1, height)[:, None, None] ** rng.uniform(0.6, 1.6)
    ramp = np.broadcast_to(top + (bottom - top) * share, (height, width, 3))
    return np.clip(ramp + rng.normal(0, 2, (height, width, 3)), 0, 255).astype(np.uint8)


def webp(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "WEBP", quality=75)
    return buffer.getvalue()


def contrast(pixels: Pixels, share: float) -> Pixels:
    """About middle grey. What leaves the range is clipped."""
    levels = np.clip(128 + (np.arange(256) - 128) * share, 0, 255).round().astype(np.uint8)
    return np.asarray(cv2.LUT(pixels, levels), np.uint8)


def resized(pixels: Pixels, scale: float) -> Pixels:
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=smooth), np.uint8)


def cropped(pixels: Pixels, cut: float) -> Pixels:
    """Without `cut` of either side, taken evenly from both ends."""
    height, width = pixels.shape[:2]
    y, x = max(1, round(height * cut / 2)), max(1, round(width * cut / 2))
    return np.ascontiguousarray(pixels[y:-y, x:-x])


def built(sources: list[Source]) -> tuple[list[Case], list[Case]]:
    """The copies (none of them an original), and all the different images: originals and look-alikes."""
    made = [copy for source in sources for copy in copies(source)]
    unlike = [copy for source in sources for copy in look_alikes(source, [s for s in sources if s is not source])]
    return [c for c in made if c.grade != CLEAN], [c for c in made if c.grade == CLEAN] + unlike


def ours(made: list[Case], different: list[Case]) -> tuple[list[Judged], list[tuple[Case, Case]]]:
    """Every copy against its original; and all false pairs among the different images."""
    dedup = Dedup()
    prints = [dedup.fingerprint(Image(item.data)) for item in different]
    originals = dict(zip((item.source for item in different), prints, strict=True))
    found = [
        pair(copy, dedup.same(dedup.fingerprint(Image(copy.data)), originals[copy.source]) is not None) for copy in made
    ]
    pairs = combinations(range(len(different)), 2)
    false = [(different[i], different[j]) for i, j in pairs if dedup.same(prints[i], prints[j]) is not None]
    return found, false


def pair(copy: Case, merged: bool) -> Judged:
    """A copy that was merged with its original, or not; tools that only say so have no finer measure."""
    return Judged(copy.source, copy.kind, copy.grade, float(merged), merged)
