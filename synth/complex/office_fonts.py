"""The fonts that an office program sees: one static file a face, under a name that no other face has."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import uharfbuzz as hb
from fontTools.ttLib import newTable
from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

from synth.complex.render import family
from synth.fonts import Face, opened

CONFIGURATION = "fonts.conf"

NAME = 5

_WINDOWS = 3, 1, 0x409
_REGULAR, _BOLD, _ITALIC_REGULAR_BOLD = 0x40, 0x20, 0x61
"""Bits of OS/2 `fsSelection`."""


def lay_out(faces: Iterable[Face], folder: Path) -> dict[str, Face]:
    """Writes the upright ones of `faces` to `folder`, beside a configuration that names this folder alone.

    Returns the faces by the name (of NAME characters) with which the name of each font in a PDF begins. 30 ms a face,
    most of it for the Chinese ones.
    """
    named = {}
    for number, face in enumerate(face for face in faces if not face.italic):
        name = f"F{number:0{NAME - 1}d}"
        (folder / f"{name}.otf").write_bytes(_renamed(_static(face), face, name))
        named[name] = face
    (folder / CONFIGURATION).write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{folder}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>"
    )
    return named


def _static(face: Face) -> bytes:
    """The whole font at its place on the axes."""
    source = opened(face).hb_face
    wanted = hb.SubsetInput()
    wanted.keep_everything()
    at = dict(face.axes)
    for axis in source.axis_infos:
        wanted.pin_axis_location(source, axis.tag, at.get(axis.tag, axis.default_value))
    return bytes(hb.subset(source, wanted).blob.data)


def _renamed(data: bytes, face: Face, postscript: str) -> bytes:
    """The font under the family that runs name (`render.family`), as its regular or its bold face.

    Tables are changed as bytes: OS/2 holds the weight at 4 and `fsSelection` at 62, head holds `macStyle` at 44.
    """
    font, bold = SFNTReader(io.BytesIO(data)), face.weight == 700
    tables = {tag: font[tag] for tag in font.keys()}  # noqa: SIM118 (it is no mapping)
    tables["name"] = _names(family(face), "Bold" if bold else "Regular", postscript)
    selection = int.from_bytes(tables["OS/2"][62:64], "big") & ~_ITALIC_REGULAR_BOLD | (_BOLD if bold else _REGULAR)
    tables["OS/2"] = _with_short(_with_short(tables["OS/2"], 4, 700 if bold else 400), 62, selection)
    tables["head"] = _with_short(tables["head"], 44, int(bold))
    if "CFF " in tables:
        tables["CFF "] = _renamed_outlines(tables["CFF "], postscript.encode())
    buffer = io.BytesIO()
    writer = SFNTWriter(buffer, len(tables), font.sfntVersion)
    for tag, table in tables.items():
        writer[tag] = table
    writer.close()
    return buffer.getvalue()


def _names(family: str, style: str, postscript: str) -> bytes:
    table = newTable("name")
    table.names = []
    for identifier, name in ((1, family), (2, style), (4, f"{family} {style}"), (6, postscript)):
        table.setName(name, identifier, *_WINDOWS)
    return bytes(table.compile(None))


def _with_short(table: bytes, at: int, value: int) -> bytes:
    return table[:at] + value.to_bytes(2, "big") + table[at + 2 :]


def _renamed_outlines(table: bytes, name: bytes) -> bytes:
    """A CFF table under another name, filled up with "_" to the length of the old one, so that nothing moves.

    The first string of the name index (Adobe technical note 5176, section 5) is the font's name; those of its parts,
    of which a PDF may repeat one, begin with it. To write all anew takes 20 s for 30,000 glyphs.
    """
    index = table[2]
    size = table[index + 2]
    first, end = (int.from_bytes(table[at : at + size], "big") for at in (index + 3, index + 3 + size))
    start = index + 2 + 2 * size + first
    old = table[start : start + end - first]
    return table.replace(old, name.ljust(len(old), b"_")) if len(old) >= len(name) else table
