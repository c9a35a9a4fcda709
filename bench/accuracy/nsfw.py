"""False alarms of the NSFW filter on innocent images; there are no explicit ones to measure its recall on."""

from __future__ import annotations

from collections.abc import Iterator

from bench.accuracy.exposure import curve
from bench.accuracy.figures import CLEAN, Case
from bench.accuracy.sources import Source, jpeg


def cases(source: Source) -> Iterator[Case]:
    pixels, kind = source.pixels, subject(source)
    height, width = pixels.shape[:2]
    yield Case(source.name, kind, CLEAN, source.data)
    centre = pixels[height // 6 : -(height // 6), width // 6 : -(width // 6)]
    yield Case(source.name, f"{kind}, middle cut out", CLEAN, jpeg(centre))
    yield Case(source.name, f"{kind}, darker and lighter", CLEAN, jpeg(curve(pixels, 1.5)))
    yield Case(source.name, f"{kind}, darker and lighter", CLEAN, jpeg(curve(pixels, 0.7)))


def subject(source: Source) -> str:
    """Beaches and portraits by name; there is no sculpture and no chart of skin tones among the sources."""
    if source.key.startswith(("beach", "sea", "woman_splashing")):
        return "beaches and bathing"
    if source.group == "people" or "portrait" in source.key or source.key.startswith("young_woman"):
        return "people and portraits"
    names = {"document": "documents, slides, UI", "slides": "documents, slides, UI", "ui": "documents, slides, UI"}
    names |= {"art": "paintings and plates", "design": "drawings"}
    return names.get(source.group, "landscapes, places, things")
