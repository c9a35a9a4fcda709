"""One slide in the making: a template's slots filled with text, data and pictures, in new colours and faces."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

import numpy as np

from synth.chance import chance
from synth.complex.package import pack
from synth.complex.render import Box, family, shape_key
from synth.complex.slide_bullets import list_styles
from synth.complex.slide_chart import ChartData, edited_chart, series_count, workbook
from synth.complex.slide_checks import Expected, language_of
from synth.complex.slide_colours import recolour, theme_colours, turned
from synth.complex.slide_edit import LANGUAGE, Typesetter, resize_table, rewrite, set_theme_fonts, write
from synth.complex.slide_media import put_picture, written
from synth.complex.slide_pictures import Photos, illustration, photograph
from synth.complex.slide_space import WIDTH, Space, spaces
from synth.complex.slide_template import SlideTemplate, Slot, parse, relations, tag
from synth.complex.slide_words import Words
from synth.coverage import refused
from synth.fonts import Face
from synth.pairing import Pairing, choose_pairing
from synth.palette import Colour
from synth.sample import Discarded, Wish
from synth.source import TextSource

EMU, POINT = 9525, 12700

KEPT = 0.25
"""Share of slides that keep the template's own colours."""

CELL_MARGINS = 2 * 91440
"""Left and right margin of a cell together, in EMU, where a template does not say otherwise."""

_NUMERALS = "0123456789.,-−% "


class Filling:
    """Fills a template that has the shape of the wish. After `fill` the rest tells what was put where.

    `texts`: the paragraphs of each shape with text, by `shape_key`, in the order in which shapes stand on the slide;
    `roles` likewise; `charts`: data by shape; `tables`: the boxes of the tables in pixels; `pictures`: what each shows.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        wish: Wish,
        source: TextSource,
        template: SlideTemplate,
        faces: Sequence[Face],
        photos: Photos = (),
    ):
        self.rng, self.wish, self.template, self.faces, self.photos = rng, wish, template, faces, photos
        self.words = Words(rng, source, wish.language, wish.grade)
        self.parts = dict(template.parts)
        self.scale = wish.width / template.width
        self.theme = deepcopy(_tree(template, template.theme))
        self.colours = self._recoloured()
        self.setter = self._typesetter()
        self.texts: dict[str, list[str]] = {}
        self.roles: dict[str, str] = {}
        self.charts: dict[str, ChartData] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.tables: dict[str, Box] = {}
        self.pictures: list[str] = []

    def fill(self) -> bytes:
        """The edited file. Raises Discarded("missing glyph", …) for a character that no face chosen draws."""
        slots = {slot.shape: slot for slot in self.template.slots}
        dates = [slot.shape for slot in self.template.slots if slot.role == "date"]
        timeline = dict(zip(dates, self.words.dates(len(dates)), strict=True)) if len(dates) > 2 else {}
        room = spaces(self.template, self.faces[0])
        for level, part in self.template.levels.items():
            root = deepcopy(_tree(self.template, part))
            for node in root.iter(tag("p:cNvPr")):
                number, shape = int(node.get("id")), node.getparent().getparent()
                slot = slots.get(number) if level == "slide" else None
                if slot is None:
                    self._fixed(shape_key(level, number), shape, level)
                elif slot.role in ("chart", "table", "picture"):
                    getattr(self, f"_{slot.role}")(slot, shape)
                else:
                    self._text(slot, shape, room[number], timeline.get(number))
            self.parts[part] = written(root)
        return pack(self.parts)

    def expected(self) -> Expected:
        return Expected(self.texts, self.names, self.tables)

    def _recoloured(self) -> dict[str, Colour]:
        degrees = 0.0 if chance(self.rng, KEPT) else float(self.rng.uniform(1, 359))
        colours = turned(theme_colours(self.theme), degrees)
        recolour(self.theme, colours)
        return colours

    def _typesetter(self) -> Typesetter:
        """One pairing for the text, another or the same for headings; upright, regular, and bold by run.

        The text is set in a family that has a bold face too: those of one weight are mostly made for headings.
        """
        upright = [face for face in self.faces if not face.italic]
        bold = {face.family: face for face in upright if face.weight == 700}
        plain = [face for face in upright if face.family in bold or "Hani" in face.scripts]
        body = _regular(choose_pairing(self.rng, plain or upright, self.wish.language, ("sans", "serif")), upright)
        heading = body
        if chance(self.rng, 0.5):
            heading = _regular(choose_pairing(self.rng, upright, self.wish.language, ("sans", "serif")), upright)
        set_theme_fonts(self.theme, heading, body)
        self.parts[self.template.theme] = written(self.theme)
        own = {face.family: face for face in upright if face.weight == 400}
        return Typesetter(heading, body, bold, own)

    def _text(self, slot: Slot, shape: Any, space: Space, given: str | None) -> None:
        texts = [given] if given else self.words.slot(slot.role, space)
        write(shape.find(tag("p:txBody")), texts, self.setter, _is_heading(shape), self._styles(shape))
        self._note(slot, texts, {"bullets": "bullet"}.get(slot.role, slot.role))

    def _note(self, slot: Slot, texts: list[str], role: str) -> str:
        key = shape_key("slide", slot.shape)
        self.texts[key], self.roles[key] = texts, role
        return key

    def _fixed(self, key: str, shape: Any, level: str) -> None:
        """Text that is the template's own: kept, and set in faces that we have."""
        if shape.tag in (tag("p:grpSp"), tag("p:sldTree"), tag("p:spTree")):
            return  # its members are looked at one by one
        if level != "slide" and next(shape.iter(tag("p:ph")), None) is not None:
            return  # only a model for the shapes of slides
        bodies = [*shape.iter(tag("p:txBody")), *shape.iter(tag("a:txBody"))]
        for paragraph in (node for body in bodies for node in body.findall(tag("a:p"))):
            text = "".join(node.text or "" for node in paragraph.iter(tag("a:t")))
            if text.strip():
                rewrite(paragraph, text, self.setter, _is_heading(shape), self._styles(shape))
                self.texts.setdefault(key, []).append(text)
                self.roles[key] = "label"

    def _styles(self, shape: Any) -> list[Any]:
        return list_styles(shape, *(_tree(self.template, self.template.levels[name]) for name in ("layout", "master")))

    def _table(self, slot: Slot, frame: Any) -> None:
        table = next(frame.iter(tag("a:tbl")))
        box = self._place(frame)
        merged = any(cell.get(key) for cell in table.iter(tag("a:tc")) for key in ("gridSpan", "rowSpan"))
        rows, columns = len(table.findall(tag("a:tr"))), len(table.find(tag("a:tblGrid")))
        if not merged:
            rows = int(self.rng.integers(max(2, rows - 2), rows + 1))
            columns = int(self.rng.integers(max(2, columns - 1), columns + 1))
            resize_table(table, rows, columns)
        em = _largest(table, "a:rPr") * WIDTH[self.wish.language] * 1.08  # bold is wider
        widths = [int((int(column.get("w")) - CELL_MARGINS) / em) for column in table.find(tag("a:tblGrid"))]
        found = []
        for row, line in zip(table.findall(tag("a:tr")), self.words.table(rows, columns, widths), strict=True):
            for cell, text in zip(row.findall(tag("a:tc")), line, strict=True):
                if not (cell.get("hMerge") or cell.get("vMerge")):
                    write(cell.find(tag("a:txBody")), [text], self.setter, False)
                    found.append(text)
        self.tables[self._note(slot, found, "cell")] = box

    def _chart(self, slot: Slot, frame: Any) -> None:
        part = self.template.charts[slot.shape]
        root = parse(self.parts[part])
        width = int(frame.find(f"{tag('p:xfrm')}/{tag('a:ext')}").get("cx")) / _largest(root, "a:defRPr")
        new = self.words.chart(series_count(self.parts[part]), width)
        texts = (*new.categories, *new.series)
        own = "".join(node.text or "" for node in root.iter(tag("a:t")))
        face = self._chart_face("".join((*texts, own)))
        self.parts[part] = edited_chart(self.parts[part], new, family(face), LANGUAGE[language_of("".join(texts))])
        for kind, target in relations(self.parts, part).values():
            if kind == "package":
                self.parts[target] = workbook(new)
        key = shape_key("slide", slot.shape)
        self.charts[key], self.roles[key] = new, "axis label"
        slices = any(True for kind in ("c:pieChart", "c:doughnutChart") for _ in root.iter(tag(kind)))
        legend = next(root.iter(tag("c:legend")), None) is not None
        self.names[key] = (
            *(new.categories if legend or not slices else ()),
            *(new.series if legend and not slices else ()),
        )

    def _chart_face(self, text: str) -> Face:
        """One face for all of a chart: its texts cannot be parted by script."""
        cjk = self.setter.body.cjk if language_of(text) == "zh" else None
        face = cjk or self.setter.body.latin
        lacking = refused(face, text)
        if lacking:
            raise Discarded("missing glyph", f"{lacking[0]} in {face.name}, for a chart")
        for each in (face, self.setter.bold.get(face.family, face)):
            self.setter.use(each, text + _NUMERALS)
        return face

    def _picture(self, slot: Slot, picture: Any) -> None:
        left, top, right, bottom = self._place(picture)
        accents = [self.colours[key] for key in ("accent1", "accent2", "accent3", "accent4") if key in self.colours]
        colours = accents if len(accents) == 4 else [(62, 92, 130), (214, 150, 82), (96, 140, 120), (150, 90, 120)]
        size = max(8, round(right - left)), max(8, round(bottom - top))
        if len(self.photos) and chance(self.rng, 0.5):
            jpeg, shows = photograph(self.rng, *size, self.photos)
        else:
            jpeg, shows = illustration(self.rng, *size, colours)
        put_picture(self.parts, self.template.slide, picture, jpeg)
        self.pictures.append(shows)

    def _place(self, shape: Any) -> Box:
        """The box of a shape in pixels of the picture."""
        place = next(shape.iter(tag("p:xfrm"), tag("a:xfrm")))
        offset, extent = place.find(tag("a:off")), place.find(tag("a:ext"))
        x, y = int(offset.get("x")) * self.scale, int(offset.get("y")) * self.scale
        return x, y, x + int(extent.get("cx")) * self.scale, y + int(extent.get("cy")) * self.scale


def _regular(pairing: Pairing, faces: Sequence[Face]) -> Pairing:
    """The same families at regular weight, without the fallbacks: on a slide a text has two faces at most."""

    def regular(face: Face) -> Face:
        return next((f for f in faces if f.family == face.family and f.weight == 400), face)

    return Pairing(regular(pairing.latin), regular(pairing.cjk) if pairing.cjk else None)


def _largest(root: Any, name: str) -> float:
    """The largest type size among `a:rPr` or `a:defRPr` below `root`, in EMU; 18 points where none is given."""
    sizes = [int(node.get("sz")) for node in root.iter(tag(name)) if node.get("sz")]
    return max(sizes, default=1800) / 100 * POINT


def _is_heading(shape: Any) -> bool:
    """Whether a shape is a placeholder for a title, which is set in the heading face unless it says otherwise."""
    return any(node.get("type") in ("title", "ctrTitle") for node in shape.iter(tag("p:ph")))


@lru_cache(maxsize=4096)
def _tree(template: SlideTemplate, part: str) -> Any:
    return parse(template.parts[part])
