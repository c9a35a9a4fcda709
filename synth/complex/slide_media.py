"""Another picture in a slot: a part of its own, a relation to it, and the content type."""

from __future__ import annotations

from typing import Any

from lxml import etree

from synth.complex.slide_template import parse, relations, tag

_TYPES = "[Content_Types].xml"


def put_picture(parts: dict[str, bytes], slide: str, picture: Any, jpeg: bytes) -> None:
    """Makes `picture` (`p:pic` of the part `slide`) show `jpeg`, uncropped; the old file goes if no one needs it."""
    blip = next(picture.iter(tag("a:blip")))
    number = next(picture.iter(tag("p:cNvPr"))).get("id")
    folder, _, file = slide.rpartition("/")
    place, name, relation = f"{folder}/_rels/{file}.rels", f"ppt/media/slot{number}.jpg", f"rIdSlot{number}"
    root = parse(parts[place])
    old = next(node for node in root if node.get("Id") == blip.get(tag("r:embed")))
    before = relations(parts, slide)[old.get("Id")][1]
    etree.SubElement(root, tag("rel:Relationship"), Id=relation, Type=old.get("Type"), Target=f"/{name}")
    blip.set(tag("r:embed"), relation)
    if old.get("Id") not in {node.get(tag("r:embed")) for node in blip.getroottree().iter(tag("a:blip"))}:
        root.remove(old)
    parts[place] = written(root)
    parts[name] = jpeg
    if not any(target == before for part in list(parts) for _, target in relations(parts, part).values()):
        del parts[before]
    for crop in picture.iter(tag("a:srcRect")):
        crop.attrib.clear()
    types = parse(parts[_TYPES])
    if not any(node.get("Extension", "").lower() == "jpg" for node in types):
        types.insert(0, etree.Element(tag("types:Default"), Extension="jpg", ContentType="image/jpeg"))
        parts[_TYPES] = written(types)


def written(root: Any) -> bytes:
    """A part out of its root element."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
