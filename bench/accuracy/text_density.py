"""Text in grades, drawn on pictures and paper, from a caption to a full page; and real pages told apart by eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from bench.accuracy.figures import CLEAN, CLEAR, WEAK, Case
from bench.accuracy.sources import Source, jpeg
from bench.watermark.artist import Artist, Rng, blend, letters, place, sentence
from bench.watermark.samples import scene
from filters.image import Pixels

SHAPE = (512, 640)
"""Width and height of what is drawn."""

PAGES = (
    "amoris_2_150", "arabic", "breviar_38_150", "cat_007", "lucasta_150", "pedante_079", "ctex_002", "ctex_058",
    "zhlipsum_000", "zhlipsum_002", "pgfornament_han_manual_003",
)  # fmt: skip
"""Pages of running text or code among the demo's documents."""

SPARSE = ("brev_06_75", "brev_10_75", "candelabrum_011", "pancrazi_15", "pgfornament_han_manual_005")
"""Plates, title pages and tables of ornaments. Documents of neither list are in between and left out."""

GRADES: tuple[tuple[str, str, Callable[[Rng], tuple[float, int]]], ...] = (
    ("full page, drawn", CLEAR, lambda rng: (rng.uniform(12, 18), 99)),
    ("page of 20 lines, drawn", CLEAR, lambda rng: (13.0, 20)),
    ("12 lines, drawn", WEAK, lambda rng: (rng.uniform(13, 17), 12)),
    ("fine print of 6 px, 4 lines", WEAK, lambda rng: (6.0, 4)),
    ("1 to 5 lines, drawn", CLEAN, lambda rng: (rng.uniform(14, 30), int(rng.integers(1, 6)))),
    ("1 or 2 lines in large type, drawn", CLEAN, lambda rng: (rng.uniform(40, 70), int(rng.integers(1, 3)))),
)
"""Kind, grade, and font size in pixels and number of lines."""


def cases(source: Source, artist: Artist) -> Iterator[Case]:
    if source.group == "document":
        if source.key in PAGES + SPARSE:
            page = source.key in PAGES
            kind = "real page of running text" if page else "real plate or title page"
            yield Case(source.name, kind, CLEAR if page else CLEAN, source.data)
        return
    kinds = {"slides": "slides", "ui": "user interfaces"}
    yield Case(source.name, kinds.get(source.group, "pictures as they are"), CLEAN, source.data)
    if source.group in kinds:
        return
    for number, (kind, grade, chosen) in enumerate(GRADES):
        rng = source.rng(4, number)
        size, lines = chosen(rng)
        yield Case(source.name, kind, grade, jpeg(written(rng, ground(rng, source), artist, size, lines)))


def ground(rng: Rng, source: Source) -> Pixels:
    """White paper, tinted paper, or the picture with its contrast halved, dark."""
    width, height = SHAPE
    choice = rng.integers(3)
    if choice == 2:
        return (scene(rng, source.path, SHAPE) // 3).astype(np.uint8)
    paper = np.empty((height, width, 3), np.uint8)
    paper[:] = 255 if choice == 0 else rng.integers(200, 256, 3)
    return paper


def written(rng: Rng, pixels: Pixels, artist: Artist, size: float, lines: int) -> Pixels:
    """As many lines of the width of the image as there is room for, English or Chinese, at most `lines`."""
    height, width = pixels.shape[:2]
    step, margin, mask = size * rng.uniform(1.35, 1.6), 0.05 * width, np.zeros((height, width), np.float32)
    count = min(lines, int((height - 2 * margin) / step))
    top = margin + rng.uniform(0, 1) * (height - 2 * margin - count * step)
    words = sentence(rng, 4)
    face = artist.faces.pick(rng, words)
    chinese = not words.isascii()
    for number in range(count):
        words = line(rng, int((width - 2 * margin) / size), chinese)
        drawn = letters(face, round(size), words)[:, : int(width - 2 * margin)]
        place(mask, drawn, int(margin), int(top + number * step))
    ink = np.full(3, 20 if pixels.mean() > 128 else 235, np.float32)
    return blend(pixels, np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.3)), ink, 1)


def line(rng: Rng, characters: int, chinese: bool) -> str:
    """Nonsense that is about `characters` full-width characters long; Latin letters are half as wide."""
    while True:
        words = sentence(rng, 2 * characters)
        if words.isascii() != chinese:
            return words if chinese or len(words) < 2 * characters else words[: 2 * characters]
