"""What a filter costs: CPU time on one thread, on demo images of one megapixel."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from demo import make_demo
from docs.filter_pages.exhibit import DEMO, Exhibit
from filters import text_detector
from filters.base import Filter
from filters.dedup import Dedup
from filters.image import Image
from filters.unreadable import Unreadable

COUNT, PASSES = 12, 3
"""Demo images that are measured, evenly spread over all, and passes, of which the quickest counts."""

MEGAPIXEL = 1_000_000


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds an image beyond what is shared: the median, and the most of `images`."""

    median: float
    most: float
    images: int
    pixels: bool = True
    """Whether the file has to be decoded for it."""


@dataclass(frozen=True)
class Shared:
    """What stages have in common: decoding with the working copy, and the text detector's pass."""

    decoding: Cost
    text: Cost


def megapixel_images() -> list[Exhibit]:
    """JPEGs (quality 90) of one megapixel, each with a caption of 460 characters."""
    paths = sorted(DEMO.glob("*/*.*"))
    return [megapixel(str(path.relative_to(DEMO))) for path in paths[:: len(paths) // COUNT][:COUNT]]


def megapixel(source: str) -> Exhibit:
    pixels = Image((DEMO / source).read_bytes()).pixels()
    scale = (MEGAPIXEL / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    whole = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=smooth), np.uint8)
    return Exhibit("one megapixel", source, make_demo.jpeg(whole), caption=make_demo.PROSE[:460])


def shared(exhibits: Sequence[Exhibit]) -> Shared:
    return Shared(measured(exhibits, Exhibit.image, Image.shrink), measured(exhibits, decoded, text_detector.detect))


def of(filter: Filter, exhibits: Sequence[Exhibit]) -> Cost:
    """A filter's own part: what it shares with others is done before the clock starts."""
    if isinstance(filter, Dedup):
        return measured(exhibits, whole, filter.fingerprint)
    cost = measured(exhibits, with_text if uses_text(filter) else decoded, filter.measure)
    return replace(cost, pixels=needs_pixels(filter, exhibits[0]))


def needs_pixels(filter: Filter, exhibit: Exhibit) -> bool:
    """Whether a filter cannot do with a file that breaks off halfway."""
    try:
        filter.measure(replace(exhibit, data=exhibit.data[: len(exhibit.data) // 2]).image())
    except Unreadable:
        return True
    return False


def uses_text(filter: Filter) -> bool:
    """Whether a filter looks at what the text detector sees."""
    return text_detector.model_file() in filter.model_files()


def decoded(exhibit: Exhibit) -> Image:
    image = exhibit.image()
    image.shrink()
    return image


def whole(exhibit: Exhibit) -> Image:
    image = exhibit.image()
    image.pixels()
    return image


def with_text(exhibit: Exhibit) -> Image:
    image = decoded(exhibit)
    text_detector.detect(image)
    return image


def measured(exhibits: Sequence[Exhibit], prepare: Callable[[Exhibit], Image], work: Callable[[Image], object]) -> Cost:
    times = [min(once(prepare(exhibit), work) for _ in range(PASSES)) for exhibit in exhibits]
    return Cost(statistics.median(times), max(times), len(times))


def once(image: Image, work: Callable[[Image], object]) -> float:
    began = time.process_time()
    work(image)
    return 1000 * (time.process_time() - began)
