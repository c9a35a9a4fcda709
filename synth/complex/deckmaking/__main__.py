"""Writes every theme in every shape of slide to `templates/slides/`."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu

from synth.complex.deckmaking.layouts import LAYOUTS
from synth.complex.deckmaking.looks import LOOKS, Look
from synth.complex.deckmaking.page import EMU, Page
from synth.complex.package import pack, unpack

TEMPLATES = Path(__file__).parent.parent / "templates" / "slides"

SHAPES = {"16x9": (1280, 720), "4x3": (1080, 810), "1x1": (960, 960), "2x3": (780, 1170)}
"""Width and height in pixels of 1/96 inch. Other shapes are stretched out of the nearest."""

SCHEME = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")


def deck(look: Look, width: int, height: int) -> bytes:
    """A `.pptx` with one slide a layout."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Emu(width * EMU), Emu(height * EMU)
    blank = _only_blank_layout(presentation)
    _theme(presentation, look)
    for name, fill in LAYOUTS.items():
        slide = presentation.slides.add_slide(blank)
        slide._element.cSld.set("name", name)
        fill(Page(slide, width, height), look, _grey())
    presentation.core_properties.title = look.name
    presentation.core_properties.subject = look.description
    presentation.core_properties.author = "qwen-curation"
    buffer = io.BytesIO()
    presentation.save(buffer)
    return pack({name: _undated(name, part) for name, part in unpack(buffer.getvalue()).items()})


def _undated(name: str, part: bytes) -> bytes:
    """The workbooks behind the charts carry the time at which they were made; the same one for all, then."""
    if not name.endswith(".xlsx"):
        return part
    inner = unpack(part)
    inner["docProps/core.xml"] = re.sub(
        rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2000-01-01T00:00:00Z", inner["docProps/core.xml"]
    )
    return pack(inner)


def _only_blank_layout(presentation: Any) -> Any:
    layouts = presentation.slide_layouts
    blank = layouts[6]
    for layout in list(layouts):
        if layout is not blank:
            layouts.remove(layout)
    for shape in [*blank.placeholders, *presentation.slide_master.placeholders]:
        shape._element.getparent().remove(shape._element)
    for key, relation in list(presentation.part.rels.items()):
        if relation.reltype.endswith("/printerSettings"):
            presentation.part.drop_rel(key)
    package = presentation.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package.drop_rel(key)
    return blank


def _theme(presentation: Any, look: Look) -> None:
    """Colours and fonts of the theme; the master's ground is the background colour, or the surface's for `soft`."""
    part = presentation.slide_master.part.part_related_by(RT.THEME)
    root = etree.fromstring(part.blob)
    root.set("name", look.name)
    scheme = root.find(f".//{qn('a:clrScheme')}")
    for name, value in zip(SCHEME, (*look.colours, look.colours[4], look.colours[5]), strict=True):
        slot = scheme.find(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr"), val=value)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    ground = presentation.slide_master.background.fill
    ground.solid()
    fill = presentation.slide_master._element.find(f".//{qn('p:bgPr')}").find(qn("a:solidFill"))
    for child in list(fill):
        fill.remove(child)
    etree.SubElement(fill, qn("a:schemeClr"), val="bg2" if look.name == "soft" else "bg1")


def _grey() -> bytes:
    """A small plain picture that stands where a picture will be put."""
    return cv2.imencode(".png", np.full((4, 4), 200, np.uint8))[1].tobytes()


def main() -> None:
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    for look in LOOKS:
        for name, (width, height) in SHAPES.items():
            (TEMPLATES / f"{look.name}-{name}.pptx").write_bytes(deck(look, width, height))


if __name__ == "__main__":
    main()
