"""A slide under construction: boxes in pixels, and the few things that are put into them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

EMU = 9525
"""English Metric Units in a pixel of 1/96 inch."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the slide (1/96 inch): left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    def inset(self, x: float, y: float | None = None) -> Box:
        y = x if y is None else y
        return Box(self.x + x, self.y + y, self.w - 2 * x, self.h - 2 * y)

    def top(self, height: float, gap: float = 0) -> tuple[Box, Box]:
        """The uppermost `height`, and the rest below `gap`."""
        below = height + gap
        return Box(self.x, self.y, self.w, height), Box(self.x, self.y + below, self.w, self.h - below)

    def left(self, width: float, gap: float = 0) -> tuple[Box, Box]:
        """The leftmost `width`, and the rest beyond `gap`."""
        beyond = width + gap
        return Box(self.x, self.y, width, self.h), Box(self.x + beyond, self.y, self.w - beyond, self.h)

    def columns(self, count: int, gap: float) -> list[Box]:
        width = (self.w - gap * (count - 1)) / count
        return [Box(self.x + i * (width + gap), self.y, width, self.h) for i in range(count)]

    def rows(self, count: int, gap: float) -> list[Box]:
        height = (self.h - gap * (count - 1)) / count
        return [Box(self.x, self.y + i * (height + gap), self.w, height) for i in range(count)]

    def middle(self, height: float) -> Box:
        return Box(self.x, self.y + (self.h - height) / 2, self.w, height)


@dataclass(frozen=True)
class Font:
    """How a slot is set: size in points, theme colour, bold, heading face or body face."""

    size: float
    colour: str = "tx1"
    bold: bool = False
    heading: bool = False
    spacing: int = 100


class Page:
    """One slide of `width` × `height` pixels; shapes named `{{role}}` become slots, others are decoration."""

    def __init__(self, slide: Any, width: float, height: float):
        self.slide, self.w, self.h = slide, width, height
        self.shapes = slide.shapes

    @property
    def wide(self) -> bool:
        return self.w > 1.2 * self.h

    def shape(self, kind: str, box: Box, fill: str | None, *, line: str | None = None, radius: float = 0) -> Any:
        """Decoration (`kind` of MSO_SHAPE); `fill` and `line` name theme colours, "accent1:30" one at 30 % opacity."""
        shape = self.shapes.add_shape(getattr(MSO_SHAPE, kind), *_emu(box))
        shape.name = "Decoration"
        _paint(shape._element.spPr, fill, line)
        style = shape._element.find(qn("p:style"))
        if style is not None:
            shape._element.remove(style)
        if radius:
            shape.adjustments[0] = min(0.5, radius / min(box.w, box.h))
        return shape

    def disc(self, x: float, y: float, radius: float, fill: str | None, line: str | None = None) -> Any:
        """A circle that stays one when the slide is stretched."""
        shape = self.shape("OVAL", Box(x - radius, y - radius, 2 * radius, 2 * radius), fill, line=line)
        keep_aspect(shape)
        return shape

    def text(
        self, slot: str, box: Box, font: Font, sample: list[str], *,
        align: str = "l", anchor: str = "t", bullet: str | None = None, gap: float = 0,
    ) -> None:  # fmt: skip
        """A text slot with one paragraph for each of `sample`; `gap` in points before each but the first."""
        shape = self.shapes.add_textbox(*_emu(box))
        shape.name = slot
        body = shape._element.txBody
        properties = body.find(qn("a:bodyPr"))
        for side in ("lIns", "tIns", "rIns", "bIns"):
            properties.set(side, "0")
        properties.set("wrap", "square")
        properties.set("anchor", anchor)
        for paragraph in body.findall(qn("a:p")):
            body.remove(paragraph)
        for index, words in enumerate(sample):
            body.append(_paragraph(words, font, align, bullet, gap if index else 0))

    def picture(self, slot: str, box: Box, blank: bytes, shape: str = "RECTANGLE") -> None:
        picture = self.shapes.add_picture(io.BytesIO(blank), *_emu(box))
        picture.name = slot
        picture.auto_shape_type = getattr(MSO_SHAPE, shape)
        if shape == "OVAL":
            keep_aspect(picture)

    def table(self, slot: str, box: Box, rows: int, columns: int, font: Font, style: tuple[str, ...]) -> None:
        """`style`: fill of the head, its text, fill of odd and of even rows, colour of the rules ("" for none)."""
        frame = self.shapes.add_table(rows, columns, *_emu(box))
        frame.name = slot
        table = frame._element.graphic.graphicData.tbl
        table.tblPr.find(qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
        first = 1.35
        widths = [first if c == 0 else 1.0 for c in range(columns)]
        for column, width in zip(frame.table.columns, widths, strict=True):
            column.width = Emu(round(box.w * EMU * width / sum(widths)))
        for r in range(rows):
            frame.table.rows[r].height = Emu(round(box.h * EMU / rows))
            for c in range(columns):
                _cell(frame.table.cell(r, c), r, c, font, style)

    def chart(self, slot: str, box: Box, kind: str, series: int, size: float, *, labels: bool = False) -> None:
        """A chart (`kind` of XL_CHART_TYPE) with sample data, in the colours of the theme."""
        round_one = kind in ("PIE", "DOUGHNUT")
        data = CategoryChartData()
        names = ["One", "Two", "Three", "Four", "Five", "Six"][: 6 if round_one else 4]
        data.categories = names
        for index in range(series):
            data.add_series(f"Series {index + 1}", [30 + 8 * (n * (index + 2) % 5) for n in range(len(names))])
        frame = self.shapes.add_chart(getattr(XL_CHART_TYPE, kind), *_emu(box), data)
        frame.name = slot
        chart = frame.chart
        chart.has_title = False
        chart.font.size = Pt(size)
        _set_colour(chart._chartSpace.find(qn("c:txPr")).find(f".//{qn('a:defRPr')}"), "tx1")
        chart.has_legend = round_one or series > 1
        if chart.has_legend:
            chart.legend.position = XL_LEGEND_POSITION.BOTTOM
            chart.legend.include_in_layout = False
        _paint_series(chart, round_one, labels)


def keep_aspect(shape: Any) -> None:
    """Locks the aspect ratio, as the box of that name in an office suite does."""
    for tag, lock in (("p:cNvSpPr", "a:spLocks"), ("p:cNvPicPr", "a:picLocks")):
        for node in shape._element.iter(qn(tag)):
            found = node.find(qn(lock))
            if found is None:
                found = etree.SubElement(node, qn(lock))
            found.set("noChangeAspect", "1")


def _emu(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    return Emu(round(box.x * EMU)), Emu(round(box.y * EMU)), Emu(round(box.w * EMU)), Emu(round(box.h * EMU))


def _colour(name: str) -> Any:
    name, _, opacity = name.partition(":")
    fill = etree.Element(qn("a:solidFill"))
    scheme = etree.SubElement(fill, qn("a:schemeClr"), val=name)
    if opacity:
        etree.SubElement(scheme, qn("a:alpha"), val=f"{int(opacity)}000")
    return fill


def _paint(properties: Any, fill: str | None, line: str | None) -> None:
    properties.append(_colour(fill) if fill else etree.Element(qn("a:noFill")))
    rule = etree.SubElement(properties, qn("a:ln"))
    if line:
        rule.set("w", str(round(1.5 * EMU)))
        rule.append(_colour(line))
    else:
        etree.SubElement(rule, qn("a:noFill"))


def _paragraph(words: str, font: Font, align: str, bullet: str | None, gap: float) -> Any:
    paragraph = etree.Element(qn("a:p"))
    properties = etree.SubElement(paragraph, qn("a:pPr"), algn=align)
    if bullet:
        indent = round(font.size * 1.35 * 12700)
        properties.set("marL", str(indent))
        properties.set("indent", str(-indent))
    spacing = etree.SubElement(properties, qn("a:lnSpc"))
    etree.SubElement(spacing, qn("a:spcPct"), val=f"{font.spacing}000")
    if gap:
        before = etree.SubElement(properties, qn("a:spcBef"))
        etree.SubElement(before, qn("a:spcPts"), val=str(round(gap * 100)))
    if bullet:
        etree.SubElement(etree.SubElement(properties, qn("a:buClr")), qn("a:schemeClr"), val="accent1")
        etree.SubElement(properties, qn("a:buFont"), typeface="+mn-lt")
        if bullet == "1.":
            etree.SubElement(properties, qn("a:buAutoNum"), type="arabicPeriod")
        else:
            etree.SubElement(properties, qn("a:buChar"), char=bullet)
    run = etree.SubElement(paragraph, qn("a:r"))
    _set_run(etree.SubElement(run, qn("a:rPr"), lang="en-GB"), font)
    etree.SubElement(run, qn("a:t")).text = words
    return paragraph


def _set_run(properties: Any, font: Font) -> None:
    properties.set("sz", str(round(font.size * 100)))
    if font.bold:
        properties.set("b", "1")
    _set_colour(properties, font.colour)
    face = "mj" if font.heading else "mn"
    for tag, script in (("a:latin", "lt"), ("a:ea", "ea")):
        etree.SubElement(properties, qn(tag), typeface=f"+{face}-{script}")


def _set_colour(properties: Any, colour: str) -> None:
    for old in properties.findall(qn("a:solidFill")):
        properties.remove(old)
    properties.insert(0, _colour(colour))


def _cell(cell: Any, row: int, column: int, font: Font, style: tuple[str, ...]) -> None:
    head, head_text, odd, even, rule = style
    cell.text_frame.text = ""
    body = cell._tc.txBody
    body.remove(body.find(qn("a:p")))
    shown = Font(font.size, head_text, True) if row == 0 else Font(font.size, font.colour, False)
    body.append(_paragraph("Text" if column == 0 or row == 0 else "12", shown, "l" if column == 0 else "ctr", None, 0))
    properties = cell._tc.get_or_add_tcPr()
    properties.set("anchor", "ctr")
    if rule:
        edge = etree.SubElement(properties, qn("a:lnB"), w=str(EMU if row else 2 * EMU))
        edge.append(_colour(rule))
    fill = head if row == 0 else (odd if row % 2 else even)
    properties.append(_colour(fill) if fill else etree.Element(qn("a:noFill")))


def _paint_series(chart: Any, round_one: bool, labels: bool) -> None:
    plot = chart.plots[0]
    if round_one:
        plot.vary_by_categories = True
        series = plot.series[0]
        for index in range(6):
            _fill(series.points[index].format, f"accent{index + 1}", line="bg1")
        return
    for index, series in enumerate(plot.series):
        if series._element.getparent().tag == qn("c:lineChart"):
            series.smooth = False
            _stroke(series.format, f"accent{index + 1}")
            _fill(series.marker.format, f"accent{index + 1}", line=f"accent{index + 1}")
        else:
            _fill(series.format, f"accent{index + 1}")
    if hasattr(plot, "gap_width"):
        plot.gap_width, plot.overlap = 70, -8 if "CLUSTERED" in str(chart.chart_type) else 100
    value = chart.value_axis
    value.major_gridlines.format.line.width = Emu(EMU)
    _stroke(value.major_gridlines.format, "tx1:15", 1)
    value.format.line.fill.background()
    _stroke(chart.category_axis.format, "tx1:40", 1)
    if labels:
        value.visible = False
        value.has_major_gridlines = False
        plot.has_data_labels = True
        plot.data_labels.show_value = True


def _fill(form: Any, colour: str, line: str | None = None) -> None:
    form.fill.solid()
    properties = form._element.find(qn("c:spPr"))
    old = properties.find(qn("a:solidFill"))
    properties.replace(old, _colour(colour))
    if line:
        _stroke(form, line, 2)


def _stroke(form: Any, colour: str, width: float = 3) -> None:
    form.line.width = Emu(round(width * EMU))
    form.line.fill.solid()
    rule = form._element.find(qn("c:spPr")).find(qn("a:ln"))
    rule.replace(rule.find(qn("a:solidFill")), _colour(colour))
