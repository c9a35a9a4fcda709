"""How much text a slot takes: its box and type size as the engine reads them, inheritance from the layout included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from synth.complex.package import pack
from synth.complex.slide_template import SlideTemplate, parse, tag
from synth.complex.subset import subset
from synth.fonts import Face

EMU = 9525
POINT = 96 / 72

PITCH = 1.2
"""From one baseline to the next in em, at single spacing."""

WIDTH = {"en": 0.54, "zh": 1.02, "mixed": 0.8}
"""Mean advance of a character in em."""

_INSETS = {"lIns": 91440, "rIns": 91440, "tIns": 45720, "bIns": 45720}


@dataclass(frozen=True)
class Space:
    """Room for text: width and height in pixels of 1/96 inch, type size and pitch in the same, for each paragraph."""

    width: float
    height: float
    sizes: tuple[float, ...]
    pitch: float

    def across(self, language: str) -> int:
        """Characters that one line takes."""
        return int(self.width / (max(self.sizes) * WIDTH[language]))

    def lines(self) -> int:
        """Lines that the box takes, at the size of its largest paragraph."""
        return int(self.height / (max(self.sizes) * self.pitch) + 0.05)


@lru_cache(maxsize=1024)
def spaces(template: SlideTemplate, face: Face) -> Mapping[int, Space]:
    """The room of each text slot, by the id of its shape. One reading a layout: 3 ms.

    `face` is any; the engine reads no slide without one.
    """
    from betteroffice_pptx import Presentation

    deck = Presentation.open(pack(template.parts))
    deck.register_font(face.family, subset(face, "0A"))
    listing = deck.render_slide(0).to_dict()
    slide = parse(template.parts[template.slide])
    bodies = {int(node.get("id")): node.getparent().getparent() for node in slide.iter(tag("p:cNvPr"))}
    return {
        text["objectId"]: _space(text, bodies[text["objectId"]])
        for text in _texts(listing["primitives"])
        if text["objectId"] in bodies and text["shapeId"].startswith("slide")
    }


def _texts(primitives: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for primitive in primitives:
        if primitive["kind"] == "textBox" and primitive.get("paragraphs"):
            yield primitive
        yield from _texts(primitive.get("primitives", ()))


def _space(text: Mapping[str, Any], shape: Any) -> Space:
    properties = next(shape.iter(tag("a:bodyPr")), None)
    attributes = {} if properties is None else properties.attrib
    left, right, top, bottom = (int(attributes.get(side, default)) / EMU for side, default in _INSETS.items())
    sizes = [p["runs"][0]["fontSizePt"] * POINT for p in text["paragraphs"] if p["runs"]]
    percent = [
        int(node.get("val")) / 100_000 for node in shape.iter(tag("a:spcPct")) if node.getparent().tag == tag("a:lnSpc")
    ]
    before = [int(node.get("val")) / 100 * POINT for node in shape.iter(tag("a:spcPts"))]
    sizes = sizes or [18 * POINT]
    return Space(
        text["w"] - left - right,
        text["h"] - top - bottom - sum(before),
        tuple(sizes),
        PITCH * max([1.0, *percent]),
    )
