"""Drops images with what does not belong into a picture: codes for machines, and parts that were pixelated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import zxingcpp

from filters.base import AtMost, Filter, Limit, Signal, Signals
from filters.image import WORKING_SIDE, Image
from filters.mosaic import mosaic

SIDE = 2 * WORKING_SIDE
"""Codes are looked for in the working copy as it is: narrow bars do not survive scaling."""


@dataclass(frozen=True)
class Abnormal(Filter):
    """Drops images that show QR codes or barcodes (`max_codes`), or of which a part is pixelated (`max_mosaic`).

    Signals: `codes`, how many codes were read: QR and its kin, Data Matrix, Aztec, PDF417, MaxiCode, the EAN and UPC
    families, Code 39, 93 and 128, ITF, Codabar, DataBar. `mosaic`, the share of the image's area that is made of
    squares of one tone (`filters.mosaic`), 0..1.

    Codes, laid over 38 photographs and saved as JPEG 85, are read at 3 px a module, upright and turned by up to 20
    degrees: QR, EAN-13, Code 128 in all, Data Matrix 0.97 and 1.00, Aztec 0.61 and 0.82, PDF417 0.77 and 0.38; at 2 px
    QR 0.79 and 0.97, Aztec hardly. No code was read in 250 clean images. Barcodes, Data Matrix and PDF417 turned by a
    quarter are not found, nor light codes on dark: looking for them would double the time. A code that cannot be read
    (worn, bent, too small, cut off) does not count.

    `max_mosaic` 0.004 was set on 105 clean images, of which it drops none, and measured on 145 of other sources, of
    which it drops 1.4 %: a page of meanders, and a sky in which JPEG's blocks stand (0.003 would drop three more,
    which is why it is not). A rectangle or ellipse of 7 to 13 squares a side, in 115 photographs and paintings, is
    found by the side of its squares, as a share of the image's longer side: 1/25 all, and 0.98 after JPEG 75; 1/40
    0.96 and 0.88; 1/60 0.93 and 0.79; 1/100 0.70 and 0.24. The weak spots are squares of fewer than some 10 px, and
    mosaics scaled or turned after they were made. Pixel art counts as one.

    Cost: 9 ms beyond decoding, at 1 megapixel: 6 for codes, the rest for mosaics.
    Source: zxing-cpp (Apache-2.0); mosaics by a method of our own. Qwen-Image Technical Report, arXiv 2508.02324,
    2025, stage 5, drops abnormal elements.
    """

    max_codes: int = 0
    max_mosaic: float = 0.004

    name: ClassVar[str] = "abnormal"
    signals: ClassVar[tuple[Signal, ...]] = (
        Signal("codes", 0, 8, "QR codes and barcodes that were read"),
        Signal("mosaic", 0, 1, "share of the area that is pixelated"),
    )
    limits: ClassVar[tuple[Limit, ...]] = (
        AtMost("codes", "max_codes", "it shows a QR code or barcode"),
        AtMost("mosaic", "max_mosaic", "a part of it is pixelated"),
    )

    def __post_init__(self) -> None:
        if self.max_codes < 0:
            raise ValueError(f"max_codes is a number of codes, so 0 or more, not {self.max_codes}")
        if not 0 <= self.max_mosaic <= 1:
            raise ValueError(f"max_mosaic lies between 0 and 1, not {self.max_mosaic}")

    def measure(self, image: Image) -> Signals:
        codes = zxingcpp.read_barcodes(image.grey(SIDE), try_rotate=False, try_invert=False)
        return {"codes": float(len(codes)), "mosaic": mosaic(image)}
