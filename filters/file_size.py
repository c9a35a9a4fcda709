"""Drops files that are too small to hold a picture, or too large to be worth their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from filters.base import AtLeast, AtMost, Filter, Limit, Signal, Signals
from filters.image import Image


@dataclass(frozen=True)
class FileSize(Filter):
    """Drops images by the number of their encoded bytes: a first sieve that asks for no pixels.

    Signal: `kilobytes`, thousands of bytes of the file. Tiny files are icons, spacers, "image not found", or pictures
    squeezed until nothing is left; huge ones cost more to move and decode than other images teach. The report does not
    publish its bounds. The default is below what a picture of 256 px needs: of 116 demo images (172 to 1,280 px) the
    smallest file has 5.9 kB, the largest 368; brought to 256 px as JPEG of quality 75, a street has 9.6, a starry sky
    11 and a bird on black 3.3; a JPEG of 256 × 256 in one colour has 1.7. Drawings in PNG or WebP may need less: one
    word on white has 2.3 and 1.0. `max_kilobytes` is what no camera writes.

    Files above 256 MiB, and empty ones, never come here: they are rejects.

    Cost: none. The stage belongs first.

    Source: Qwen-Image Technical Report, arXiv 2508.02324, 2025, section 3.2, stage 1.
    """

    min_kilobytes: float = 2.0
    max_kilobytes: float = 100_000.0

    name: ClassVar[str] = "file_size"
    signals: ClassVar[tuple[Signal, ...]] = (Signal("kilobytes", 0, 2000, "size of the file, thousands of bytes"),)
    limits: ClassVar[tuple[Limit, ...]] = (
        AtLeast("kilobytes", "min_kilobytes", "the file is too small to hold a picture"),
        AtMost("kilobytes", "max_kilobytes", "the file is larger than pictures are"),
    )

    def __post_init__(self) -> None:
        if not 0 <= self.min_kilobytes <= self.max_kilobytes:
            raise ValueError(
                f"min_kilobytes {self.min_kilobytes} and max_kilobytes {self.max_kilobytes} leave no size over"
            )

    def measure(self, image: Image) -> Signals:
        return {"kilobytes": len(image.data) / 1000}
