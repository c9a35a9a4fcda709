"""Another shape of slide: everything on it is stretched the one way that is too short, never pressed together."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from lxml import etree

from synth.complex.slide_template import SlideTemplate, main_part, parse, tag

MOST = 1.26
"""The furthest that a slide is stretched."""


def stretch_needed(template: SlideTemplate, width: int, height: int) -> float:
    """How far the template must be stretched for pictures of `width` × `height`: 1 is not at all."""
    ratio = (width * template.height) / (height * template.width)
    return max(ratio, 1 / ratio)


@lru_cache(maxsize=1024)
def stretched(template: SlideTemplate, width: int, height: int) -> SlideTemplate:
    """The template in the shape of a picture of `width` × `height` pixels.

    Boxes grow, type does not, and what has its aspect ratio locked keeps it about its centre. Kept once made.
    """
    ratio = (width * template.height) / (height * template.width)
    across, down = max(ratio, 1.0), max(1 / ratio, 1.0)
    parts = dict(template.parts)
    for name in template.levels.values():
        root = parse(parts[name])
        _scale(root, across, down)
        parts[name] = _written(root)
    wide, high = round(template.width * across), round(template.height * down)
    deck = main_part(parts)
    root = parse(parts[deck])
    size = root.find(tag("p:sldSz"))
    size.attrib.clear()
    size.set("cx", str(wide))
    size.set("cy", str(high))
    parts[deck] = _written(root)
    return replace(template, width=wide, height=high, parts=parts)


def _written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _scale(root: Any, across: float, down: float) -> None:
    for place in [*root.iter(tag("a:xfrm")), *root.iter(tag("p:xfrm"))]:
        offset, extent = place.find(tag("a:off")), place.find(tag("a:ext"))
        if offset is None or extent is None or _within_group(place):
            continue
        x, y, w, h = (
            int(node.get(key)) for node, key in ((offset, "x"), (offset, "y"), (extent, "cx"), (extent, "cy"))
        )
        locked = _locked(place)
        wide, high = (w, h) if locked else (w * across, h * down)
        offset.set("x", str(round((x + w / 2) * across - wide / 2)))
        offset.set("y", str(round((y + h / 2) * down - high / 2)))
        extent.set("cx", str(round(wide)))
        extent.set("cy", str(round(high)))
    for name, key, factor in (("a:gridCol", "w", across), ("a:tr", "h", down)):
        for node in root.iter(tag(name)):
            node.set(key, str(round(int(node.get(key)) * factor)))


def _within_group(place: Any) -> bool:
    """Whether the shape is a member of a group, whose own frame scales all that is in it."""
    owner = place.getparent()
    shape = owner if owner.tag == tag("p:graphicFrame") else owner.getparent()
    group = shape.getparent() if shape is not None else None
    return group is not None and group.tag == tag("p:grpSp")


def _locked(place: Any) -> bool:
    shape = place.getparent().getparent()
    return any(
        node.get("noChangeAspect") == "1" for name in ("a:spLocks", "a:picLocks") for node in shape.iter(tag(name))
    ) and shape.tag in (tag("p:sp"), tag("p:pic"))
