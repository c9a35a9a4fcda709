"""Bullets and numbers before the paragraphs of a slide: found where they are inherited from, drawn in a face of ours.

Source: ECMA-376-1, 21.1.2.4 (bullets) and 19.3.1.36 (placeholders inherit from the layout, then from the master).
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from synth.complex.slide_template import tag

USUAL = "•"
NUMERALS = "0123456789.()"

PICTORIAL = ("Wingdings", "Webdings", "Symbol", "Marlett")
"""Beginnings of the names of faces whose signs stand in the places of letters."""

_KINDS = tuple(tag(f"a:{name}") for name in ("buNone", "buAutoNum", "buChar", "buBlip"))
_FACES = tuple(tag(f"a:{name}") for name in ("buFontTx", "buFont"))
_BEFORE = tuple(
    tag(f"a:{name}")
    for name in ("lnSpc", "spcBef", "spcAft", "buClrTx", "buClr", "buSzTx", "buSzPct", "buSzPts", "buFontTx", "buFont")
)


def list_styles(shape: Any, layout: Any, master: Any) -> list[Any]:
    """The list styles that paragraphs of `shape` inherit from, the nearest first; `layout` and `master`: roots of the
    parts above its slide. Those of a shape that is no placeholder are its own alone."""
    found = [shape.find(f"{tag('p:txBody')}/{tag('a:lstStyle')}")]
    holder = next(shape.iter(tag("p:ph")), None)
    if holder is not None:
        index = holder.get("idx", "0")
        model = next((node for node in layout.iter(tag("p:ph")) if node.get("idx", "0") == index), holder)
        kind = _kind(model)
        above = next((node for node in master.iter(tag("p:ph")) if _kind(node) == kind), None)
        for node in (model, above):
            owner = None if node is None else node.getparent().getparent().getparent()
            found.append(None if owner is None else owner.find(f"{tag('p:txBody')}/{tag('a:lstStyle')}"))
        style = kind if kind in ("title", "body") else "other"
        found.append(master.find(f"{tag('p:txStyles')}/{tag(f'p:{style}Style')}"))
    return [style for style in found if style is not None]


def _kind(holder: Any) -> str:
    """Of which of the master's placeholders it takes its look."""
    kind = str(holder.get("type", "obj"))
    if kind in ("title", "ctrTitle"):
        return "title"
    return kind if kind in ("dt", "ftr", "sldNum") else "body"


def own_bullet(properties: Any, styles: Sequence[Any]) -> Any:
    """The bullet or number (`a:buChar`, `a:buAutoNum`) of a paragraph with these `a:pPr`, None if it has none or a
    picture. An inherited one is made its own, so that a face can be named for it."""
    level = f"a:lvl{int(properties.get('lvl', 0)) + 1}pPr"
    for holder in (properties, *(style.find(tag(level)) for style in styles)):
        found = next((node for node in holder if node.tag in _KINDS), None) if holder is not None else None
        if found is None:
            continue
        if found.tag in (_KINDS[0], _KINDS[3]):
            return None
        if holder is not properties:
            face = next((node for node in holder if node.tag in _FACES), None)
            for node in (found,) if face is None else (face, found):
                properties.insert(_place(properties), deepcopy(node))
            found = next(node for node in properties if node.tag in _KINDS)
        return found
    return None


def _place(properties: Any) -> int:
    """Where a bullet or its face goes among the properties, whose order is the schema's."""
    return sum(node.tag in _BEFORE for node in properties)


def sign(bullet: Any) -> str:
    """What has to be drawn. A sign of a pictorial face, whose code says nothing, becomes the usual bullet."""
    if bullet.tag == tag("a:buAutoNum"):
        return NUMERALS
    face = bullet.getparent().find(tag("a:buFont"))
    if face is not None and face.get("typeface", "").startswith(PICTORIAL):
        bullet.set("char", USUAL)
    return str(bullet.get("char", USUAL))


def name_face(bullet: Any, typeface: str) -> None:
    """Has the bullet drawn in `typeface`."""
    properties = bullet.getparent()
    for node in [node for node in properties if node.tag in _FACES]:
        properties.remove(node)
    bullet.addprevious(etree.Element(tag("a:buFont"), typeface=typeface))
