"""Sorts images into three categories: portraits, text rendering, and all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from filters import face, faces, text_detector, text_reader
from filters.base import Filter, Limit, Signal, Signals
from filters.image import Image


@dataclass(frozen=True)
class Category(Filter):
    """Sorts images into the categories of stage 6 of the report, and drops none.

    Signals: `text`, the share of the area inside lines of text that could be read; `face`, the share inside the largest
    face's box (forehead to chin); 0 without.

    Parts: `text` from `min_text` on, else `portrait` from `min_face` on, else `general`. Text comes first: a poster
    with a face on it teaches writing, and the print on a shirt is below the bound. A run writes the part of each image
    into the column `category` of its shards, by which the trainer chooses (`categories: [portrait]` of a source).

    Of the 116 demo images the 25 with print are all in `text` (0.0106 and more, all but that slide of two characters
    0.0157), none of the others (0.0016 at most); 5 have a face that is found, portraits but for a cameraman seen whole,
    whose 0.020 is at the bound. The set is small, and `min_text` was chosen with it in view. A face that is not found
    (a man under his hat, one in profile) leaves a portrait in `general`.

    Cost: that of `face` and of `language`, which share what they find with this stage in one run: 0.1 s where there is
    no text, up to 1.3 s for a page, on one thread.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, section 3.2, stage 6; its rules are not published.
    """

    min_text: float = 0.01
    min_face: float = 0.02

    name: ClassVar[str] = "category"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("text", 0, 1, "share of the area inside text that was read"),
        Signal("face", 0, 0.5, "share of the area that the largest face takes"),
    )
    limits: ClassVar[tuple[Limit, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ("general", "portrait", "text")

    def __post_init__(self) -> None:
        for field in ("min_text", "min_face"):
            if not 0 < getattr(self, field) <= 1:
                raise ValueError(f"{field} is a share of the area above 0 and up to 1, not {getattr(self, field)}")

    def measure(self, image: Image) -> Signals:
        short, long = sorted((image.width, image.height))
        text = sum(line.height * line.length for line in text_reader.read(image)) * short / long
        return {"text": min(1.0, text), "face": max((found.area for found in face.find(image)), default=0.0)}

    def part(self, signals: Mapping[str, float | None]) -> str:
        if (signals["text"] or 0) >= self.min_text:
            return "text"
        return "portrait" if (signals["face"] or 0) >= self.min_face else "general"

    def model_files(self) -> list[Path]:
        return [faces.model_file(), text_detector.model_file(), text_reader.model_file(), text_reader.characters_file()]
