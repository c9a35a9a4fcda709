"""What a slide says, and where: its texts in the order in which they are drawn, as the file has them.

An engine that tells no more than characters and places is understood by it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from synth.complex.package import unpack
from synth.complex.render import Box, shape_key
from synth.complex.slide_template import below, main_part, parse, relations, tag

CELL_INSET = 45720
"""Upper and lower margin of a cell each, in EMU, where it does not say otherwise."""

_GENERAL = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}
"""Kinds of placeholder to those of the master that they take their place from."""


@dataclass(frozen=True)
class Story:
    """The text of a shape, of a cell of a table, or a chart, whose text the engine alone knows.

    `shape`, `within`, `frame`, `angle` and `centre` as in `render.DrawnLine`; `paragraphs` that are not empty; `insets`
    of a cell: its upper and lower margin together, in pixels.
    """

    shape: str
    within: str
    paragraphs: tuple[str, ...]
    frame: Box
    angle: float = 0.0
    centre: tuple[float, float] = (0.0, 0.0)
    insets: float = 0.0


@dataclass(frozen=True)
class _Place:
    """Where something is: its box, turned by `angle` degrees clockwise around its centre."""

    box: Box
    angle: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def stories(pptx: bytes, width: int, height: int) -> tuple[Story, ...]:
    """Those of the first slide with what it takes over from its layout and master, in pixels of the picture."""
    parts = unpack(pptx)
    deck = main_part(parts)
    root, related = parse(parts[deck]), relations(parts, deck)
    slide = related[next(root.iter(tag("p:sldId"))).get(tag("r:id"))][1]
    found = below(parts, slide)
    trees = {
        "master": parse(parts[found["slideMaster"]]),
        "layout": parse(parts[found["slideLayout"]]),
        "slide": parse(parts[slide]),
    }
    size = root.find(tag("p:sldSz"))
    scale = width / int(size.get("cx")), height / int(size.get("cy"))
    return tuple(
        story
        for level, tree in trees.items()
        if _shown(level, trees)
        for shape, place in _shapes(tree.find(f"{tag('p:cSld')}/{tag('p:spTree')}"), trees)
        if level == "slide" or next(shape.iter(tag("p:ph")), None) is None  # else it is a model for those of slides
        for story in _of_shape(shape, level, _scaled(place, scale), scale[1])
    )


def _shown(level: str, trees: Mapping[str, Any]) -> bool:
    above = {"master": ("layout", "slide"), "layout": ("slide",), "slide": ()}[level]
    return all(trees[name].get("showMasterSp", "1") in ("1", "true") for name in above)


def _shapes(tree: Any, trees: Mapping[str, Any]) -> Iterator[tuple[Any, _Place]]:
    """The shapes of a tree, those of groups too, with their places in EMU of the slide."""
    for shape in tree:
        if shape.tag == tag("p:grpSp"):
            group, inside = _group(shape)
            for member, place in _shapes(shape, trees):
                yield member, _in_group(place, group, inside)
        elif shape.tag in (tag("p:sp"), tag("p:graphicFrame")):
            node = _located(shape, trees)
            if node is not None:
                yield shape, _Place(_rectangle(node, "a:off", "a:ext"), int(node.get("rot", 0)) / 60000)


def _located(shape: Any, trees: Mapping[str, Any]) -> Any:
    """The `a:xfrm` or `p:xfrm` of a shape; a placeholder may have it from its layout or master."""
    own = _frame(shape)
    mark = next(shape.iter(tag("p:ph")), None)
    if own is not None or mark is None:
        return own
    kind, index = mark.get("type", "obj"), mark.get("idx", "0")
    for level, same in (
        ("layout", lambda ph: ph.get("idx", "0") == index and (index != "0" or _kind(ph) == _GENERAL.get(kind, kind))),
        ("master", lambda ph: _kind(ph) == _GENERAL.get(kind, kind)),
    ):
        for ph in trees[level].iter(tag("p:ph")):
            found = _frame(ph.getparent().getparent().getparent()) if same(ph) else None
            if found is not None:
                return found
    return None


def _kind(mark: Any) -> str:
    kind = mark.get("type", "obj")
    return _GENERAL.get(kind, kind)


def _frame(shape: Any) -> Any:
    table = shape.tag == tag("p:graphicFrame")
    node = shape.find(tag("p:xfrm") if table else f"{tag('p:spPr')}/{tag('a:xfrm')}")
    return node if node is not None and {tag("a:off"), tag("a:ext")} <= {child.tag for child in node} else None


def _rectangle(node: Any, offset: str, extent: str) -> Box:
    x, y = (float(node.find(tag(offset)).get(key)) for key in ("x", "y"))
    return x, y, x + float(node.find(tag(extent)).get("cx")), y + float(node.find(tag(extent)).get("cy"))


def _group(shape: Any) -> tuple[_Place, Box]:
    """The place of a group, and the box that its members think they are in."""
    node = shape.find(f"{tag('p:grpSpPr')}/{tag('a:xfrm')}")
    if node is None or len(node) < 4:  # it need not say where it is
        return _Place((0.0, 0.0, 1.0, 1.0), 0.0), (0.0, 0.0, 1.0, 1.0)
    return (
        _Place(_rectangle(node, "a:off", "a:ext"), int(node.get("rot", 0)) / 60000),
        _rectangle(node, "a:chOff", "a:chExt"),
    )


def _in_group(place: _Place, group: _Place, inside: Box) -> _Place:
    """What a member takes part in: its group's scale and, around the group's centre, its turn."""
    left, top, right, bottom = group.box
    across = (right - left) / (inside[2] - inside[0] or 1.0)
    down = (bottom - top) / (inside[3] - inside[1] or 1.0)
    x0, y0, x1, y1 = place.box
    box = _Place(
        (
            left + (x0 - inside[0]) * across,
            top + (y0 - inside[1]) * down,
            left + (x1 - inside[0]) * across,
            top + (y1 - inside[1]) * down,
        ),
        0.0,
    )
    cos, sin = math.cos(math.radians(group.angle)), math.sin(math.radians(group.angle))
    dx, dy = box.centre[0] - group.centre[0], box.centre[1] - group.centre[1]
    x, y = group.centre[0] + dx * cos - dy * sin, group.centre[1] + dx * sin + dy * cos
    wide, high = (box.box[2] - box.box[0]) / 2, (box.box[3] - box.box[1]) / 2
    return _Place((x - wide, y - high, x + wide, y + high), place.angle + group.angle)


def _scaled(place: _Place, scale: tuple[float, float]) -> _Place:
    x0, y0, x1, y1 = place.box
    return _Place((x0 * scale[0], y0 * scale[1], x1 * scale[0], y1 * scale[1]), place.angle)


def _of_shape(shape: Any, level: str, place: _Place, scale: float) -> Iterator[Story]:
    key = shape_key(level, int(next(shape.iter(tag("p:cNvPr"))).get("id")))
    table = next(shape.iter(tag("a:tbl")), None)
    if table is not None:
        yield from _cells(table, key, place.box[:2], scale)
    elif next(shape.iter(tag("c:chart")), None) is not None:
        yield Story(key, "chart", (), place.box)
    elif texts := _paragraphs(shape.find(tag("p:txBody"))):
        yield Story(key, "text", texts, place.box, place.angle, place.centre)


def _cells(table: Any, key: str, corner: tuple[float, float], scale: float) -> Iterator[Story]:
    columns = [0.0]
    for column in table.find(tag("a:tblGrid")):
        columns.append(columns[-1] + int(column.get("w")) * scale)
    top = corner[1]
    rows = table.findall(tag("a:tr"))
    heights = [int(row.get("h")) * scale for row in rows]
    for number, row in enumerate(rows):
        for at, cell in enumerate(row.findall(tag("a:tc"))):
            texts = _paragraphs(cell.find(tag("a:txBody")))
            if texts and not (cell.get("hMerge") or cell.get("vMerge")):
                left, right = (columns[min(i, len(columns) - 1)] for i in (at, at + int(cell.get("gridSpan", 1))))
                bottom = top + sum(heights[number : number + int(cell.get("rowSpan", 1))])
                look = cell.find(tag("a:tcPr"))
                margins = [CELL_INSET if look is None else int(look.get(k, CELL_INSET)) for k in ("marT", "marB")]
                yield Story(
                    key,
                    "table",
                    texts,
                    (corner[0] + left, top, corner[0] + right, bottom),
                    insets=sum(margins) * scale,
                )
        top += heights[number]


def _paragraphs(body: Any) -> tuple[str, ...]:
    """The texts of the paragraphs that have any; a line break counts as a space."""
    if body is None:
        return ()
    found = ("".join(map(_said, each.iter(tag("a:t"), tag("a:br")))) for each in body.findall(tag("a:p")))
    return tuple(text for text in found if text.strip())


def _said(node: Any) -> str:
    return "\n" if node.tag == tag("a:br") else node.text or ""
