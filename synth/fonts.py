"""Faces: what a font file says of itself, and the handles that shape and draw with it, opened once a process."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import skia
import uharfbuzz as hb

SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
WEIGHTS = (300, 400, 700, 900)
"""Weights that a variable font is used at, those of them that lie within its axis."""

NOT_STATED = "not stated"
"""The licence of a face whose name table says nothing."""

KINDS = ("sans", "serif", "mono", "handwriting", "display")

PROBES = {"Latn": "AGgz0,.", "Hani": "的一是我", "Arab": "ابيم", "Hebr": "אבש", "Zsye": "😀❤"}
"""Script (ISO 15924) to characters that a face must have in order to be thought of for it. No proof of more."""


DRAWN = frozenset((b"cmap", b"loca", b"glyf", b"CFF ", b"CFF2", b"hmtx", b"gvar"))
"""Tables that decide what is drawn. Others are often edited without care, which does no harm."""


class FontError(ValueError):
    """No font, or one that cannot be read; the message is one line that names the file or folder."""


@dataclass(frozen=True)
class Face:
    """One face of a font file, at one position of its axes.

    `index` within a collection, `axes` as tag and value; `weight` 1..1000 (400 regular, 700 bold); `kind` of KINDS;
    `licence` an SPDX name where the name table names a known one, else its words; `scripts` those of PROBES it writes.
    """

    path: str
    index: int
    family: str
    weight: int
    italic: bool
    kind: str
    licence: str
    scripts: frozenset[str]
    axes: tuple[tuple[str, float], ...] = ()

    @property
    def style(self) -> str:
        named = {300: "Light", 400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold", 900: "Black"}
        weight = named.get(self.weight, str(self.weight))
        return (f"{weight} Italic" if self.weight != 400 else "Italic") if self.italic else weight

    @property
    def name(self) -> str:
        """Family and style, as in "Inter Bold Italic"."""
        return f"{self.family} {self.style}"


def unwritten(script: str) -> FontError:
    """What to raise where no face writes "Latn" or "Hani"."""
    name = {"Latn": "Latin", "Hani": "Chinese"}[script]
    return FontError(f"no font for {name} text: a font for it is known by {PROBES[script]}, and none has all of them")


Ink = tuple[float, float, float, float]
"""Left, bottom, right, top of a glyph's outline in em, y upwards from the baseline."""


class Opened:
    """Handles of one face. `shaper` works in font units, `upem` of them an em; extents are kept as they are asked.
    `coloured`: its glyphs bring colours of their own (emoji). `metrics` is shaping's memory."""

    def __init__(self, face: Face):
        self.hb_face = _hb_face(face.path, face.index)
        self.shaper = hb.Font(self.hb_face)
        self.shaper.set_variations(dict(face.axes))
        self.upem: int = self.hb_face.upem
        self.typeface: skia.Typeface = _typeface(face)
        self.dotted_circle: int | None = self.shaper.get_nominal_glyph(0x25CC)
        self.coloured: bool = (
            self.hb_face.has_color_layers or self.hb_face.has_color_paint or self.hb_face.has_color_png
        )
        self.metrics: dict[Any, Any] = {}
        self._inks: dict[int, Ink | None] = {}

    def ink(self, glyph: int) -> Ink | None:
        """Extents of a glyph; None where it draws nothing."""
        if glyph not in self._inks:
            self._inks[glyph] = self._measured(glyph)
        return self._inks[glyph]

    def _measured(self, glyph: int) -> Ink | None:
        extents = self.shaper.get_glyph_extents(glyph)
        if extents is None or not extents.width or not extents.height:
            return None
        left, top = extents.x_bearing / self.upem, extents.y_bearing / self.upem
        return left, top + extents.height / self.upem, left + extents.width / self.upem, top


@lru_cache(maxsize=256)
def opened(face: Face) -> Opened:
    """The handles of a face, opened at its first use; at most 256 are held.

    Raises FontError if the file cannot be read (any more).
    """
    return Opened(face)


def read_faces(path: Path) -> list[Face]:
    """The faces of one file: each of a collection, and a variable font once for each of WEIGHTS.

    Raises FontError for a file that is no font, is cut off, or lacks what shaping and drawing need.
    """
    faces: list[Face] = []
    for index in range(_hb_face(str(path), 0).count):
        faces += _instances(path, index)
    return faces


def _instances(path: Path, index: int) -> list[Face]:
    hb_face = _hb_face(str(path), index)
    os2 = _os2(hb_face)
    family = _name(hb_face, "TYPOGRAPHIC_FAMILY", "FONT_FAMILY") or path.stem
    weight, italic, kind = _weight(os2), _italic(os2, hb_face), _kind(os2, family)
    axis = next((a for a in hb_face.axis_infos if a.tag == "wght"), None)
    weights = [w for w in WEIGHTS if axis and axis.min_value <= w <= axis.max_value] or [weight]
    scripts = _scripts(hb_face)
    faces = [
        Face(
            str(path), index, family, w, italic, kind, _licence(hb_face), scripts, (("wght", float(w)),) if axis else ()
        )
        for w in weights
    ]
    _typeface(faces[0])
    return faces


@lru_cache(maxsize=256)
def _hb_face(path: str, index: int) -> hb.Face:
    try:
        face = hb.Face(hb.Blob.from_file_path(path), index)
    except hb.HarfBuzzError as error:
        raise FontError(f"{path} cannot be read") from error
    if not face.count or not face.glyph_count or not len(face.unicodes):
        raise FontError(f"{path} is not a font, or is damaged")
    _check_whole(path, face)
    return face


def _check_whole(path: str, face: hb.Face) -> None:
    """Every table must lie within the file, and those of DRAWN be what their checksums say: a file that is cut off or
    spoilt still opens, and draws nothing, or anything, for some glyphs."""
    data, size = face.blob.data, Path(path).stat().st_size
    offset = 0
    if data[:4] == b"ttcf":
        (offset,) = struct.unpack_from(">I", data, 12 + 4 * face.index)
    (tables,) = struct.unpack_from(">H", data, offset + 4)
    for record in range(offset + 12, offset + 12 + 16 * tables, 16):
        tag, checksum, start, length = struct.unpack_from(">4sIII", data, record)
        if start + length > size:
            raise FontError(f"{path} is cut off")
        if tag in DRAWN and checksum and checksum != _checksum(data[start : start + length]):
            raise FontError(f"{path} is damaged: the checksum of its table {tag.decode().strip()} is wrong")


def _checksum(table: bytes) -> int:
    """Of an OpenType table: the sum of its words of 32 bits. Source: OpenType specification, Organization of a font."""
    words = np.frombuffer(table + bytes(-len(table) % 4), ">u4")
    return int(words.sum(dtype=np.uint64)) & 0xFFFFFFFF


@lru_cache(maxsize=1)
def _font_manager() -> skia.FontMgr:
    """A manager that knows no font of the machine; the default one would read them all first."""
    return skia.FontMgr.New_Custom_Empty()


def _typeface(face: Face) -> skia.Typeface:
    typeface = _font_manager().makeFromFile(face.path, face.index)
    if typeface is None:
        raise FontError(f"{face.path} cannot be drawn with: its outlines are missing or damaged")
    if not face.axes:
        return typeface
    position = skia.FontArguments.VariationPosition
    coordinates = position.Coordinates(
        [position.Coordinate(int.from_bytes(tag.encode(), "big"), value) for tag, value in face.axes]
    )
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position(coordinates))
    return typeface.makeClone(arguments)


def _name(face: hb.Face, *identifiers: str) -> str:
    for identifier in identifiers:
        if name := face.get_name(hb.OTNameIdPredefined[identifier]):
            return str(name).strip()
    return ""


def _licence(face: hb.Face) -> str:
    words = f"{_name(face, 'LICENSE')} {_name(face, 'LICENSE_URL')}".strip()
    if "Open Font License" in words or "scripts.sil.org/OFL" in words or "openfontlicense.org" in words:
        return "OFL-1.1"
    if "Apache License" in words or "apache.org/licenses" in words:
        return "Apache-2.0"
    return words or NOT_STATED


def _os2(face: hb.Face) -> bytes:
    blob = face.reference_table("OS/2")
    return bytes(blob.data) if blob is not None else b""


def _weight(os2: bytes) -> int:
    return struct.unpack_from(">H", os2, 4)[0] if len(os2) >= 64 else 400


def _italic(os2: bytes, face: hb.Face) -> bool:
    subfamily = _name(face, "TYPOGRAPHIC_SUBFAMILY", "FONT_SUBFAMILY").lower()
    return bool(len(os2) >= 64 and os2[63] & 1) or "italic" in subfamily or "oblique" in subfamily


def _kind(os2: bytes, family: str) -> str:
    """From PANOSE (OS/2 bytes 32..41), which many leave empty; then from the family's name."""
    panose = os2[32:42] if len(os2) >= 64 else bytes(10)
    name = family.lower()
    if (panose[0] == 2 and panose[3] == 9) or "mono" in name:
        return "mono"
    if panose[0] in (3, 4):
        return "handwriting" if panose[0] == 3 else "display"
    if panose[0] == 2 and panose[1]:
        return "sans" if panose[1] >= 11 else "serif"
    return "serif" if ("serif" in name and "sans" not in name) or "slab" in name else "sans"


def _scripts(face: hb.Face) -> frozenset[str]:
    return frozenset(script for script, probe in PROBES.items() if all(ord(c) in face.unicodes for c in probe))
