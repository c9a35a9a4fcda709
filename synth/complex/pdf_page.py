"""A page of a PDF as pixels, and what text is on it: both by PDFium, so that they are of one mind."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

Point = tuple[float, float]

HYPHEN_AT_END = "\x02"
"""What PDFium says in the place of a hyphen that ends a line."""


@dataclass(frozen=True)
class Piece:
    """One text object: characters in one font, size and colour along one baseline.

    `text`: code points, each with its origin on the baseline in pixels of the picture; `font` is the PostScript name
    without the tag of a subset; `size` in pixels; `angle` in degrees clockwise; `colour` as "#RRGGBB".
    """

    text: str
    origins: tuple[Point, ...]
    font: str
    size: float
    angle: float
    colour: str


def read_page(pdf: bytes, width: int, height: int) -> tuple[NDArray[np.uint8], tuple[Piece, ...]]:
    """The first page at `width` × `height` pixels, RGB, and its text in the order in which it is drawn.

    Raises ValueError for what is no PDF. PDFium must not be used from two threads at a time.
    """
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise ValueError(f"no readable PDF: {error}") from None
    with closing(document):
        page = document[0]
        return _pixels(page, width, height), tuple(_pieces(page, width, height))


def _pixels(page: Any, width: int, height: int) -> NDArray[np.uint8]:
    bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGR, rev_byteorder=True)
    with closing(bitmap):
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, raw.FPDF_REVERSE_BYTE_ORDER)
        return np.array(bitmap.to_numpy(), np.uint8)


def _pieces(page: Any, width: int, height: int) -> Iterator[Piece]:
    """PDFium sorts the text of one baseline from left to right; the page's list of objects has the true order."""
    order = {address: number for number, address in enumerate(_objects(page))}
    across, down = width / page.get_width(), height / page.get_height()
    text = raw.FPDFText_LoadPage(page)
    try:
        owned = [(order.get(_address(raw.FPDFText_GetTextObject(text, at)), -1), at) for at in _inked(text)]
        for _, group in groupby(sorted(owned), key=lambda each: each[0]):
            yield _piece(text, [at for _, at in group], across, down, height)
    finally:
        raw.FPDFText_ClosePage(text)


def _inked(text: Any) -> Iterator[int]:
    """Characters that the file itself holds: PDFium adds spaces and line ends where it sees gaps."""
    for at in range(raw.FPDFText_CountChars(text)):
        if not raw.FPDFText_IsGenerated(text, at):
            yield at


def _address(pointer: Any) -> int | None:
    return ctypes.cast(pointer, ctypes.c_void_p).value


def _objects(page: Any) -> Iterator[int | None]:
    for at in range(raw.FPDFPage_CountObjects(page)):
        yield from _within(raw.FPDFPage_GetObject(page, at))


def _within(thing: Any) -> Iterator[int | None]:
    yield _address(thing)
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM:
        for at in range(raw.FPDFFormObj_CountObjects(thing)):
            yield from _within(raw.FPDFFormObj_GetObject(thing, at))


def _piece(text: Any, places: list[int], across: float, down: float, height: int) -> Piece:
    codes: list[int] = []
    origins: list[Point] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in places:
        raw.FPDFText_GetCharOrigin(text, at, x, y)
        unit = raw.FPDFText_GetUnicode(text, at)
        if 0xDC00 <= unit < 0xE000 and codes and 0xD800 <= codes[-1] < 0xDC00:  # it splits what is beyond 16 bits
            codes[-1] = 0x10000 + ((codes[-1] - 0xD800) << 10) + (unit - 0xDC00)
        else:
            codes.append(unit)
            origins.append((x.value * across, height - y.value * down))
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, places[0], matrix)
    return Piece(
        text="".join(map(chr, codes)).replace(HYPHEN_AT_END, "-"),
        origins=tuple(origins),
        font=_font(text, places[0]),
        size=raw.FPDFText_GetFontSize(text, places[0]) * math.hypot(matrix.c, matrix.d) * down,
        angle=math.degrees(math.atan2(-matrix.b, matrix.a)),
        colour=_colour(text, places[0]),
    )


def _font(text: Any, at: int) -> str:
    length = raw.FPDFText_GetFontInfo(text, at, None, 0, None)
    name = ctypes.create_string_buffer(length)
    raw.FPDFText_GetFontInfo(text, at, name, length, None)
    return name.value.decode(errors="replace").rpartition("+")[2]


def _colour(text: Any, at: int) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(text, at, red, green, blue, alpha)
    return f"#{red.value:02X}{green.value:02X}{blue.value:02X}"
