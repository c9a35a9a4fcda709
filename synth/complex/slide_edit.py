"""Edits the XML of a slide: words go in, and place, alignment and the look of the runs stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from synth.complex.render import family
from synth.complex.slide_bullets import name_face, own_bullet, sign
from synth.complex.slide_template import tag
from synth.coverage import GRAPHEME, coverage
from synth.fonts import Face
from synth.pairing import Pairing, chinese, chooser
from synth.sample import Discarded

LANGUAGE = {"en": "en-GB", "zh": "zh-CN", "mixed": "zh-CN"}
"""Language tags for what is written; in a mixed text they go by the run."""

_AFTER_FACES = {tag(f"a:{name}") for name in ("cs", "sym", "hlinkClick", "hlinkMouseOver", "rtl", "extLst")}


@dataclass
class Typesetter:
    """Sets text in faces, and remembers which face has to draw which characters.

    `heading` and `body`: the regular pairings; `bold`: the bold face of a family, where there is one; `own`: faces
    whose family a template may name and keep.
    """

    heading: Pairing
    body: Pairing
    bold: Mapping[str, Face]
    own: Mapping[str, Face]
    used: dict[Face, set[str]] = field(default_factory=dict)

    def use(self, face: Face, text: str) -> None:
        self.used.setdefault(face, set()).update(text)

    def faces(self) -> dict[Face, str]:
        return {face: "".join(sorted(text)) for face, text in self.used.items()}

    def runs(self, text: str, pattern: Any, heading: bool) -> Iterator[Any]:
        """The text as runs, one a face, that look like `pattern` (an `a:rPr`, or None)."""
        pairing = self._pairing(pattern, heading)
        for face, piece in self._pieces(text, pairing):
            run = etree.Element(tag("a:r"))
            properties = etree.Element(tag("a:rPr")) if pattern is None else deepcopy(pattern)
            run.append(properties)
            etree.SubElement(run, tag("a:t")).text = piece
            strong = properties.get("b") in ("1", "true") and face.family in self.bold
            face = self.bold[face.family] if strong else face
            properties.set("b", "1" if face.weight == 700 else "0")
            properties.set("i", "0")
            properties.set("lang", LANGUAGE["zh" if "Hani" in face.scripts else "en"])
            set_faces(properties, family(face))
            self.use(face, piece)
            yield run

    def _pairing(self, pattern: Any, heading: bool) -> Pairing:
        latin = None if pattern is None else pattern.find(tag("a:latin"))
        name = "" if latin is None else latin.get("typeface", "")
        if name in self.own:
            return Pairing(self.own[name], self.body.cjk)
        if name.startswith("+"):
            heading = name.startswith("+mj")
        return self.heading if heading else self.body

    def _pieces(self, text: str, pairing: Pairing) -> Iterator[tuple[Face, str]]:
        graphemes = GRAPHEME.findall(text)
        settings = chooser(pairing).settings(graphemes, chinese(text))
        face, piece = pairing.latin, ""
        for grapheme, setting in zip(graphemes, settings, strict=True):
            if setting is None:
                codes = " ".join(f"U+{ord(c):04X}" for c in grapheme)
                raise Discarded("missing glyph", f"{codes} {grapheme}")
            if piece and setting.face != face:
                yield face, piece
                piece = ""
            face = setting.face
            piece += grapheme
        if piece:
            yield face, piece


def set_faces(properties: Any, typeface: str) -> None:
    """Names one typeface for every script of a run; the place among its siblings is the schema's."""
    for name in ("a:latin", "a:ea"):
        for old in properties.findall(tag(name)):
            properties.remove(old)
    at = next((i for i, child in enumerate(properties) if child.tag in _AFTER_FACES), len(properties))
    for offset, name in enumerate(("a:latin", "a:ea")):
        properties.insert(at + offset, etree.Element(tag(name), typeface=typeface))


def write(body: Any, texts: Sequence[str], setter: Typesetter, heading: bool, styles: Sequence[Any] = ()) -> None:
    """Puts one paragraph a text into `body` (`p:txBody` or `a:txBody`), each in the look of the template's own.

    Where there are more texts than paragraphs the last one is the pattern of the rest. `styles`: see `list_styles`.
    """
    every = body.findall(tag("a:p"))
    patterns = [node for node in every if node.find(tag("a:r")) is not None] or every
    for name in ("a:normAutofit", "a:spAutoFit"):  # what does not fit is discarded, not shrunk, and no shape grows
        for node in body.findall(f"{tag('a:bodyPr')}/{tag(name)}"):
            node.getparent().remove(node)
    for node in body.findall(tag("a:p")):
        body.remove(node)
    for index, text in enumerate(texts):
        paragraph = deepcopy(patterns[min(index, len(patterns) - 1)])
        rewrite(paragraph, text, setter, heading, styles)
        body.append(paragraph)


def rewrite(paragraph: Any, text: str, setter: Typesetter, heading: bool, styles: Sequence[Any] = ()) -> None:
    """Replaces the runs of one paragraph; the first one's look is kept."""
    pattern = paragraph.find(f"{tag('a:r')}/{tag('a:rPr')}")
    for name in ("a:r", "a:br", "a:fld"):
        for node in paragraph.findall(tag(name)):
            paragraph.remove(node)
    end = paragraph.find(tag("a:endParaRPr"))
    at = len(paragraph) if end is None else paragraph.index(end)
    for offset, run in enumerate(setter.runs(text, pattern, heading)):
        paragraph.insert(at + offset, run)
    _keep_inside(paragraph)
    _set_bullet(paragraph, setter, styles)


def _keep_inside(paragraph: Any) -> None:
    """Punctuation must not hang over the edge of its box, as the stock master has it and LibreOffice then draws it."""
    properties = paragraph.find(tag("a:pPr"))
    if properties is None:
        properties = etree.Element(tag("a:pPr"))
        paragraph.insert(0, properties)
    properties.set("hangingPunct", "0")


def _set_bullet(paragraph: Any, setter: Typesetter, styles: Sequence[Any]) -> None:
    """The bullet is drawn in a face that has it; both weights are handed over, as the engine follows the text's."""
    bullet = own_bullet(paragraph.find(tag("a:pPr")), styles)
    if bullet is None:
        return
    text = sign(bullet)
    face = next((f for f in setter.body.faces if all(coverage(f).draws(c) for c in text)), None)
    if face is None:
        raise Discarded("missing glyph", f"the bullet {text}")
    name_face(bullet, family(face))
    setter.use(face, text)
    if face.family in setter.bold:
        setter.use(setter.bold[face.family], text)


def set_theme_fonts(root: Any, heading: Pairing, body: Pairing) -> None:
    """The theme's own fonts, for whoever goes on working with the file."""
    for name, pairing in (("a:majorFont", heading), ("a:minorFont", body)):
        fonts = next(root.iter(tag(name)))
        fonts.find(tag("a:latin")).set("typeface", family(pairing.latin))
        if pairing.cjk:
            fonts.find(tag("a:ea")).set("typeface", family(pairing.cjk))


def resize_table(table: Any, rows: int, columns: int) -> None:
    """Takes rows and columns away from the end; those that stay share the room."""
    grid = table.find(tag("a:tblGrid"))
    for nodes, key, count in ((list(grid), "w", columns), (table.findall(tag("a:tr")), "h", rows)):
        total = sum(int(node.get(key)) for node in nodes)
        kept = sum(int(node.get(key)) for node in nodes[:count])
        for node in nodes[count:]:
            node.getparent().remove(node)
        for node in nodes[:count]:
            node.set(key, str(int(node.get(key)) * total // kept))
    for row in table.findall(tag("a:tr")):
        for cell in row.findall(tag("a:tc"))[columns:]:
            row.remove(cell)
