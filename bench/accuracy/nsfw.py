"""False alarms of the NSFW filter on innocent images; there are no explicit ones to measure its recall on."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from bench.accuracy.exposure import curve
from bench.accuracy.figures import CLEAN, Case
from bench.accuracy.sources import Source, jpeg
from filters.image import Pixels

TONES = {
    "light": ("f6ede4", "f3e7db", "f7ead0"),
    "medium": ("eadaba", "d7bd96", "a07e56", "825c43"),
    "dark": ("604134", "3a312a", "292420"),
}
"""The ten skin tones of E. Monk's scale (2022)."""

BUSTS = ("book_image",)
"""The demo's one sculpture, a marble bust."""


def cases(source: Source) -> Iterator[Case]:
    pixels, kind = source.pixels, subject(source)
    height, width = pixels.shape[:2]
    yield Case(source.name, kind, CLEAN, source.data)
    centre = pixels[height // 6 : -(height // 6), width // 6 : -(width // 6)]
    yield Case(source.name, f"{kind}, middle cut out", CLEAN, jpeg(centre))
    yield Case(source.name, f"{kind}, darker and lighter", CLEAN, jpeg(curve(pixels, 1.5)))
    yield Case(source.name, f"{kind}, darker and lighter", CLEAN, jpeg(curve(pixels, 0.7)))
    for number, (depth, tones) in enumerate(TONES.items()):
        tone = tones[source.rng(8, number).integers(len(tones))]
        yield Case(source.name, f"all, in {depth} skin tones", CLEAN, jpeg(toned(pixels, tone)))


def toned(pixels: Pixels, tone: str) -> Pixels:
    """The picture in shades of one colour, given in hexadecimal, from black by the colour to white; its median grey
    becomes the colour."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    middle = np.clip(np.median(grey), 1, 254)
    shades = [np.interp(np.arange(256), [0, middle, 255], [0, level, 255]) for level in bytes.fromhex(tone)]
    return np.stack(shades, axis=1).astype(np.uint8)[grey]


def subject(source: Source) -> str:
    """Beaches, sculpture and portraits by name."""
    if source.key in BUSTS:
        return "sculpture"
    if source.key.startswith(("beach", "sea", "woman_splashing")):
        return "beaches and bathing"
    if source.group == "people" or "portrait" in source.key or source.key.startswith("young_woman"):
        return "people and portraits"
    names = {"document": "documents, slides, UI", "slides": "documents, slides, UI", "ui": "documents, slides, UI"}
    names |= {"art": "paintings and plates", "design": "drawings"}
    return names.get(source.group, "landscapes, places, things")
