"""Chart data, edited in the chart and in the workbook behind it, so that both say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from synth.complex.package import pack
from synth.complex.slide_template import parse, tag


@dataclass(frozen=True)
class ChartData:
    """`values`: one row a series, one number a category."""

    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


def series_count(data: bytes) -> int:
    """How many series the chart of a template draws."""
    return sum(1 for _ in parse(data).iter(tag("c:ser")))


def edited_chart(data: bytes, new: ChartData, typeface: str, language: str) -> bytes:
    """The chart part with other data; its type, colours and axes stay. Its text is set in `typeface`."""
    root = parse(data)
    count = len(new.categories)
    for index, series in enumerate(root.iter(tag("c:ser"))):
        _replace(series, "c:tx", _texts(f"Sheet1!${chr(66 + index)}$1", [new.series[index]]))
        _replace(series, "c:cat", _texts(f"Sheet1!$A$2:$A${count + 1}", new.categories))
        column = chr(66 + index)
        _replace(series, "c:val", _numbers(f"Sheet1!${column}$2:${column}${count + 1}", new.values[index]))
        for point in series.findall(tag("c:dPt")):
            if int(point.find(tag("c:idx")).get("val")) >= count:
                series.remove(point)
    _set_typeface(root, typeface, language)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def workbook(new: ChartData) -> bytes:
    """A workbook (`.xlsx`) of one sheet with the data, as small as the format allows."""
    rows = [
        ["", *new.series],
        *([name, *row] for name, row in zip(new.categories, zip(*new.values, strict=True), strict=True)),
    ]
    sheet = "".join(
        f'<row r="{r}">{"".join(_cell(chr(65 + c) + str(r), value) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    return pack({name: f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode() for name, text in texts.items()})


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value:g}</v></c>'


def _replace(series: Any, name: str, content: Any) -> None:
    old = series.find(tag(name))
    if old is None:
        raise ValueError(f"a series of the chart has no {name}")
    for child in list(old):
        old.remove(child)
    old.append(content)


def _texts(formula: str, values: Sequence[str]) -> Any:
    return _reference("str", formula, values)


def _numbers(formula: str, values: Sequence[float]) -> Any:
    return _reference("num", formula, [f"{value:g}" for value in values])


def _reference(kind: str, formula: str, values: Sequence[str]) -> Any:
    reference = etree.Element(tag(f"c:{kind}Ref"))
    etree.SubElement(reference, tag("c:f")).text = formula
    cache = etree.SubElement(reference, tag(f"c:{kind}Cache"))
    if kind == "num":
        etree.SubElement(cache, tag("c:formatCode")).text = "General"
    etree.SubElement(cache, tag("c:ptCount"), val=str(len(values)))
    for index, value in enumerate(values):
        etree.SubElement(etree.SubElement(cache, tag("c:pt"), idx=str(index)), tag("c:v")).text = value
    return reference


def _set_typeface(root: Any, typeface: str, language: str) -> None:
    """Every text of the chart, so that nothing is set in a face that is not there."""
    if root.find(tag("c:txPr")) is None:
        _add_text_properties(root)
    for name in ("a:defRPr", "a:rPr", "a:endParaRPr"):
        for properties in root.iter(tag(name)):
            properties.set("lang", language)
            for old in [*properties.findall(tag("a:latin")), *properties.findall(tag("a:ea"))]:
                properties.remove(old)
            at = next((i for i, child in enumerate(properties) if child.tag in _AFTER_FACES), len(properties))
            for offset, kind in enumerate(("a:latin", "a:ea")):
                node = etree.Element(tag(kind), typeface=typeface)
                properties.insert(at + offset, node)


_AFTER_FACES = {tag(name) for name in ("a:cs", "a:sym", "a:hlinkClick", "a:hlinkMouseOver", "a:rtl", "a:extLst")}


def _add_text_properties(root: Any) -> None:
    properties = etree.Element(tag("c:txPr"))
    etree.SubElement(properties, tag("a:bodyPr"))
    paragraph = etree.SubElement(properties, tag("a:p"))
    etree.SubElement(etree.SubElement(paragraph, tag("a:pPr")), tag("a:defRPr"))
    before = root.find(tag("c:spPr"))
    (root.find(tag("c:chart")) if before is None else before).addnext(properties)
