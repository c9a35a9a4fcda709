"""Slide templates: `.pptx` files in a folder, each slide with a slot in it a layout.

A slot is a shape that is named `{{role}}` (Home, Arrange, Selection Pane in PowerPoint), for instance `{{title}}`; a
number may follow (`{{heading 2}}`). A slot of text keeps its place, alignment, bullets and the look of its first words
in each paragraph; `{{table}}`, `{{chart}}` and `{{picture}}` stand on a table, a chart and a picture. All else, the
fixed text too, stays as it is. The name of the theme, and what it looks like, are the title and the subject of the
file's properties; the name of a layout is that of its slide (`p:cSld name`), else the roles on it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from synth.complex.package import unpack
from synth.complex.template_error import TemplateError

TEXT_ROLES = (
    *("title", "subtitle", "heading", "bullets", "body", "line", "quote", "caption"),
    *("label", "figure", "number", "name", "date"),
)
"""What a text slot may be named for; `body`, `quote` and `line` take prose, `bullets` a short line a paragraph."""

ROLES = (*TEXT_ROLES, "table", "chart", "picture")

NAMESPACES = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "types": "http://schemas.openxmlformats.org/package/2006/content-types",
    "dc": "http://purl.org/dc/elements/1.1/",
}

BUNDLED = Path(__file__).parent / "templates" / "slides"

_SLOT = re.compile(r"\{\{\s*([^{}]*?)\s*\d*\s*\}\}")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(frozen=True)
class Slot:
    """A shape to be filled: its id within the slide (`p:cNvPr id`) and its role, one of ROLES."""

    shape: int
    role: str


@dataclass(frozen=True, eq=False)
class SlideTemplate:
    """One layout: a package that holds this one slide.

    `width` and `height` in EMU; `parts` by name, `slide` and `theme` the names of two of them; `levels` names the
    parts with shapes: "master", "layout", "slide"; `charts` maps the id of each chart slot to the name of its part.
    Equal only to itself, so that work on one can be kept.
    """

    name: str
    look: str
    description: str
    layout: str
    width: int
    height: int
    parts: Mapping[str, bytes]
    slide: str
    theme: str
    levels: Mapping[str, str]
    slots: tuple[Slot, ...]
    charts: Mapping[int, str]
    grade: str


def tag(name: str) -> str:
    """`a:p` as lxml writes it."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def parse(data: bytes) -> Any:
    """The root element of a part. Entities are left alone and nothing is fetched."""
    return etree.fromstring(data, _PARSER)


@cache
def load(folder: Path = BUNDLED) -> tuple[SlideTemplate, ...]:
    """Every layout of every `.pptx` in `folder`, in the order of file names and slides; read once a process.

    Raises TemplateError where there is none, a file cannot be read, has no slot, or a slot that cannot be filled.
    """
    files = sorted(path for path in folder.glob("*.pptx") if not path.name.startswith("~$"))
    if not files:
        raise TemplateError(f"{folder} holds no .pptx templates")
    return tuple(template for path in files for template in read(path.read_bytes(), path.name))


def read(data: bytes, name: str) -> tuple[SlideTemplate, ...]:
    """The layouts of one `.pptx`; `name` is the file's, for messages. Raises TemplateError."""
    try:
        found = [*_layouts(unpack(data), name)]
    except TemplateError:
        raise
    except (ValueError, KeyError, AttributeError, etree.XMLSyntaxError) as error:
        raise TemplateError(f"{name} cannot be used as a template: {error}") from None
    if not found:
        raise TemplateError(f"{name} has no slot: name a shape {{{{title}}}} or another of {', '.join(ROLES)}")
    return tuple(found)


def relations(parts: Mapping[str, bytes], name: str) -> dict[str, tuple[str, str]]:
    """Relations of a part by id: the kind (last word of its type) and the name of the part that it leads to."""
    folder, file = posixpath.split(name)
    data = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"))
    if data is None:
        return {}
    return {
        node.get("Id"): (node.get("Type").rsplit("/", 1)[1], _resolve(folder, node.get("Target")))
        for node in parse(data)
        if node.get("TargetMode") != "External"
    }


def main_part(parts: Mapping[str, bytes]) -> str:
    """Name of the part that is the presentation. Raises `ValueError` where none is named."""
    for kind, target in relations(parts, "").values():
        if kind == "officeDocument" and target in parts:
            return target
    raise ValueError("it names no presentation")


def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _layouts(parts: dict[str, bytes], file: str) -> Iterator[SlideTemplate]:
    deck = main_part(parts)
    root, related = parse(parts[deck]), relations(parts, deck)
    size = root.find(tag("p:sldSz"))
    look, description = _properties(parts, Path(file).stem)
    for number, entry in enumerate(root.iterfind(f"{tag('p:sldIdLst')}/{tag('p:sldId')}"), 1):
        slide = related[entry.get(tag("r:id"))][1]
        tree = parse(parts[slide])
        slots = tuple(_slots(tree, f"{file}, slide {number}"))
        if not slots:
            continue
        alone = _only(parts, deck, entry.get(tag("r:id")))
        yield SlideTemplate(
            name=f"{Path(file).stem}/{number}",
            look=look,
            description=description,
            layout=tree.find(tag("p:cSld")).get("name") or " and ".join(dict.fromkeys(slot.role for slot in slots)),
            width=int(size.get("cx")),
            height=int(size.get("cy")),
            parts=alone,
            slide=slide,
            theme=below(alone, slide)["theme"],
            levels={
                "master": below(alone, slide)["slideMaster"],
                "layout": below(alone, slide)["slideLayout"],
                "slide": slide,
            },
            slots=slots,
            charts=_charts(alone, slide, slots, f"{file}, slide {number}"),
            grade=_grade([slot.role for slot in slots]),
        )


def _properties(parts: Mapping[str, bytes], stem: str) -> tuple[str, str]:
    core = next((target for kind, target in relations(parts, "").values() if kind == "core-properties"), None)
    root = parse(parts[core]) if core and core in parts else etree.Element("none")
    title, subject = (root.findtext(tag(f"dc:{name}")) or "" for name in ("title", "subject"))
    return (title, subject) if title and subject else (stem, "")


def _slots(tree: Any, where: str) -> Iterator[Slot]:
    for node in tree.iter(tag("p:cNvPr")):
        match = _SLOT.fullmatch(node.get("name", "").strip())
        if match:
            role = match[1].lower()
            if role not in ROLES:
                close = get_close_matches(role, ROLES, 1)
                raise TemplateError(f"{where}: no slot is named {{{{{role}}}}}" + (f"; {close[0]}?" if close else ""))
            if not _holds(node.getparent().getparent(), role):
                kind = role if role in ("table", "chart", "picture") else "shape with text"
                raise TemplateError(f"{where}: {{{{{role}}}}} must be the name of a {kind}")
            if any(body.get("vert", "horz") != "horz" for body in node.getparent().getparent().iter(tag("a:bodyPr"))):
                raise TemplateError(
                    f"{where}: {{{{{role}}}}} is turned on its side; only upright text can be filled in"
                )
            yield Slot(int(node.get("id")), role)


def _holds(shape: Any, role: str) -> bool:
    wanted = {"table": "a:tbl", "chart": "c:chart", "picture": "a:blip"}.get(role, "a:r")
    return next(shape.iter(tag(wanted)), None) is not None


def _only(parts: Mapping[str, bytes], deck: str, relation: str) -> dict[str, bytes]:
    """The package with one slide: whatever only the others need is left out."""
    kept = dict(parts)
    root = parse(parts[deck])
    for node in root.findall(f"{tag('p:sldIdLst')}/{tag('p:sldId')}"):
        if node.get(tag("r:id")) != relation:
            node.getparent().remove(node)
    for name in ("p:extLst", "p:custShowLst"):  # sections and shows that name slides by their number
        for node in root.findall(tag(name)):
            root.remove(node)
    kept[deck] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    folder, file = posixpath.split(deck)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    tree = parse(parts[rels])
    for node in list(tree):
        if node.get("Type").endswith("/slide") and node.get("Id") != relation:
            tree.remove(node)
    kept[rels] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return _reachable(kept)


def _reachable(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    found: set[str] = set()
    waiting = [""]
    while waiting:
        name = waiting.pop()
        for _, target in relations(parts, name).values():
            if target in parts and target not in found:
                found.add(target)
                waiting.append(target)
    with_relations = found | {_relations_of(name) for name in (*found, "")} | {"[Content_Types].xml"}
    kept = {name: data for name, data in parts.items() if name in with_relations}
    types = parse(kept["[Content_Types].xml"])
    for node in types.findall(tag("types:Override")):
        if node.get("PartName").lstrip("/") not in kept:
            types.remove(node)
    kept["[Content_Types].xml"] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    return kept


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def below(parts: Mapping[str, bytes], slide: str) -> dict[str, str]:
    """The layout of a slide, its master, and the theme of that."""
    found, part = {}, slide
    for kind in ("slideLayout", "slideMaster", "theme"):
        part = next(target for related, target in relations(parts, part).values() if related == kind)
        found[kind] = part
    return found


def _charts(parts: Mapping[str, bytes], slide: str, slots: tuple[Slot, ...], where: str) -> dict[int, str]:
    wanted = {slot.shape for slot in slots if slot.role == "chart"}
    related = relations(parts, slide)
    found = {}
    for frame in parse(parts[slide]).iter(tag("p:graphicFrame")):
        shape = int(next(frame.iter(tag("p:cNvPr"))).get("id"))
        if shape in wanted:
            found[shape] = related[next(frame.iter(tag("c:chart"))).get(tag("r:id"))][1]
            series = [*parse(parts[found[shape]]).iter(tag("c:ser"))]
            if not series or any(one.find(tag(f"c:{name}")) is None for one in series for name in ("tx", "cat", "val")):
                raise TemplateError(f"{where}: the chart must have series with a name, categories and values")
    return found


def _grade(roles: list[str]) -> str:
    """How much such a slide asks for: paragraphs, lines, or a few words."""
    if {"body", "quote"} & set(roles):
        return "paragraph"
    return "line" if {"bullets", "line", "table"} & set(roles) else "word"
