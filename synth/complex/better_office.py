"""The engine that slides are drawn with by default: in process, and quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex.render import Box, Drawing, DrawnLine, family, reach, shape_key
from synth.complex.subset import subset
from synth.coverage import GRAPHEME, ink_due
from synth.fonts import Face
from synth.sample import Discarded

EMU = 9525


class BetterOffice:
    """The engine of the package `betteroffice-pptx`: 15 to 30 ms a slide, no font but those that it is handed.

    It takes `a:latin` for every script, so that a run must name the face of its own script there.
    """

    name = "betteroffice-pptx 0.2.1"

    def draw(self, pptx: bytes, width: int, height: int, faces: Mapping[Face, str]) -> Drawing:
        from betteroffice_pptx import Presentation

        deck = Presentation.open(pptx)
        named: dict[tuple[str, bool], Face] = {}
        for face, text in faces.items():
            bold = face.weight == 700
            deck.register_font(family(face), subset(face, text), bold=bold, italic=False)
            named[family(face), bold] = face
        scale = width * EMU / deck.width_emu * (1 - 1e-6)  # it rounds up
        listing = deck.render_slide(0).to_dict()
        lines = tuple(_lines(listing["primitives"], scale, named, "text"))
        pixels = _cut(_decoded(deck.render_png(0, scale=scale).bytes), width, height)
        return Drawing(pixels, lines, dict(_frames(listing["primitives"], scale)))


def _key(primitive: Mapping[str, Any]) -> str:
    return shape_key(primitive["shapeId"].partition(":")[0], primitive["objectId"])


def _decoded(png: bytes) -> NDArray[np.uint8]:
    """RGB out of an opaque PNG; skia's decoder is a sixth faster than OpenCV's."""
    codec = skia.Codec.MakeFromData(skia.Data.MakeWithoutCopy(png))
    size = codec.dimensions()
    pixels = np.empty((size.height(), size.width(), 4), np.uint8)
    layout = skia.ImageInfo.Make(size, skia.kRGBA_8888_ColorType, skia.kUnpremul_AlphaType)
    codec.getPixels(layout, pixels, pixels.strides[0])
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.uint8)


def _cut(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The picture without the row or column that the engine adds where a side is no whole number of points."""
    high, wide = pixels.shape[:2]
    if not (height <= high <= height + 2 and width <= wide <= width + 2):
        raise ValueError(f"the engine drew {wide}×{high} pixels, not {width}×{height}")
    return np.ascontiguousarray(pixels[:height, :width])


def _frames(primitives: Sequence[Mapping[str, Any]], scale: float) -> Iterator[tuple[str, Box]]:
    for primitive in primitives:
        if primitive["kind"] in ("table", "chart"):
            yield _key(primitive), _box(primitive, scale)
        yield from _frames(primitive.get("primitives", ()), scale)


def _lines(
    primitives: Sequence[Mapping[str, Any]], scale: float, named: Mapping[tuple[str, bool], Face], within: str
) -> Iterator[DrawnLine]:
    for number, primitive in enumerate(primitives):
        kind = primitive["kind"]
        if primitive.get("lines"):
            story = primitive.get("storyId") or f"{within} {primitive['objectId']} {number}"
            for index, line in enumerate(primitive["lines"]):
                follows = primitive["lines"][index + 1 : index + 2]
                last = not follows or follows[0]["start"] > line["end"]
                drawn = _line(primitive, line, scale, named, (within, story, last))
                if drawn:
                    yield drawn
        yield from _lines(primitive.get("primitives", ()), scale, named, kind if kind in ("table", "chart") else within)


def _box(primitive: Mapping[str, Any], scale: float) -> Box:
    x, y = primitive["x"] * scale, primitive["y"] * scale
    return x, y, x + primitive["w"] * scale, y + primitive["h"] * scale


def _line(
    owner: Mapping[str, Any],
    line: Mapping[str, Any],
    scale: float,
    named: Mapping[tuple[str, bool], Face],
    place: tuple[str, str, bool],
) -> DrawnLine | None:
    """None for a line without ink; bullets and numbers before an item are drawn, but no part of its text."""
    baseline = line["baseline"] * scale
    cells: list[tuple[str, Box]] = []
    faces: dict[Face, None] = {}
    above, below, size = 0.0, 0.0, 0.0
    for run in line["runs"]:
        face = _face(run, named)
        _refuse_missing(run, face)
        if run["end"] == run["start"]:
            continue
        em = run["fontSizePx"] * scale
        up, down = reach(face, run["text"])
        above, below, size = max(above, up * em), max(below, down * em), max(size, em)
        cells += _cells(run, scale)
        faces[face] = None
    spaced = bool(cells) and cells[-1][0].isspace()
    while cells and not ink_due(cells[-1][0]):
        cells.pop()
    if not cells:
        return None
    top, bottom = baseline - above, baseline + below
    tall = tuple((text, (x0, top, x1, bottom)) for text, (x0, _, x1, _) in cells)
    frame, turn = _box(owner, scale), owner.get("transform") or {}
    return DrawnLine(
        _key(owner), place[1], place[0], "".join(text for text, _ in cells), frame,
        (min(box[0] for _, box in tall), top, max(box[2] for _, box in tall), bottom),
        tall, tuple(faces), size, line["runs"][-1]["color"],
        float(turn.get("rotationDeg", 0.0)), ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2), place[2], spaced,
    )  # fmt: skip


def _face(run: Mapping[str, Any], named: Mapping[tuple[str, bool], Face]) -> Face:
    name, bold = run["fontFamily"], bool(run.get("bold"))
    face = named.get((name, bold))
    if face is None:
        raise Discarded("missing font", f"the engine asks for {name}{' Bold' if bold else ''}")
    return face


def _refuse_missing(run: Mapping[str, Any], face: Face) -> None:
    for glyph in run["glyphs"]:
        if glyph["glyphId"] == 0:
            units = run["text"].encode("utf-16-le")
            at = 2 * (glyph["cluster"] - run["start"])
            missing = units[at : at + 4].decode("utf-16-le", "ignore")[:1]
            raise Discarded("missing glyph", f"{missing!r} in {face.name}")


def _cells(run: Mapping[str, Any], scale: float) -> list[tuple[str, Box]]:
    """Grapheme clusters of a run with left and right edges; one glyph's clusters (a ligature) share it evenly."""
    starts: list[int] = []  # UTF-16 offset of each grapheme within the run
    graphemes = GRAPHEME.findall(run["text"])
    offset = 0
    for grapheme in graphemes:
        starts.append(offset)
        offset += len(grapheme.encode("utf-16-le")) // 2
    edges = {glyph["cluster"] - run["start"]: 0.0 for glyph in run["glyphs"]}
    for glyph in reversed(run["glyphs"]):
        edges[glyph["cluster"] - run["start"]] = glyph["x"]
    known = sorted(edges)
    ends = [*(edges[at] for at in known[1:]), run["x"] + run["width"]]
    cells: list[tuple[str, Box]] = []
    for position, at in enumerate(known):
        until = known[position + 1] if position + 1 < len(known) else offset
        inside = [grapheme for grapheme, start in zip(graphemes, starts, strict=True) if at <= start < until]
        left, right = edges[at] * scale, ends[position] * scale
        step = (right - left) / max(1, len(inside))
        for index, grapheme in enumerate(inside):
            cells.append((grapheme, (left + index * step, 0.0, left + (index + 1) * step, 0.0)))
    return cells
