from __future__ import annotations

import io
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation

from synth.complex.render import family
from synth.complex.slide_bullets import list_styles, name_face, own_bullet, sign
from synth.complex.slide_template import NAMESPACES, tag
from synth.complex.slides import Slides
from tests.synth.complex.decks import made, own_slides

STYLE = """<a:lstStyle><a:lvl1pPr><a:buFont typeface="Arial"/><a:buChar char="•"/></a:lvl1pPr>
<a:lvl2pPr><a:buFont typeface="Wingdings"/><a:buChar char="§"/></a:lvl2pPr></a:lstStyle>"""


def xml(text: str) -> Any:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return etree.fromstring(f"<any {names}>{text}</any>")[0]


def properties(text: str = "<a:pPr/>") -> Any:
    return xml(text)


def test_the_nearest_style_decides() -> None:
    nearer = xml("<a:lstStyle><a:lvl1pPr><a:buNone/></a:lvl1pPr></a:lstStyle>")
    assert own_bullet(properties(), [nearer, xml(STYLE)]) is None
    assert own_bullet(properties("<a:pPr><a:buNone/></a:pPr>"), [xml(STYLE)]) is None
    assert own_bullet(properties(), []) is None
    bullet = own_bullet(properties(), [xml("<a:lstStyle/>"), xml(STYLE)])
    assert bullet.get("char") == "•"


def test_an_inherited_bullet_becomes_the_paragraphs_own_in_the_order_of_the_schema() -> None:
    own = properties("<a:pPr><a:lnSpc/><a:buClr/><a:tabLst/><a:defRPr/></a:pPr>")
    style = xml(STYLE)
    name_face(own_bullet(own, [style]), "Ours")
    assert [etree.QName(node).localname for node in own] == ["lnSpc", "buClr", "buFont", "buChar", "tabLst", "defRPr"]
    assert own.find(tag("a:buFont")).get("typeface") == "Ours"
    assert style.find(f"{tag('a:lvl1pPr')}/{tag('a:buFont')}").get("typeface") == "Arial"


def test_a_sign_of_a_pictorial_face_becomes_a_bullet() -> None:
    assert sign(own_bullet(properties('<a:pPr lvl="1"/>'), [xml(STYLE)])) == "•"
    assert sign(own_bullet(properties('<a:pPr><a:buChar char="–"/></a:pPr>'), [])) == "–"


def test_the_stock_layout_gives_its_placeholders_bullets_and_its_titles_none() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    title, body = slide.placeholders[0]._element, slide.placeholders[1]._element
    above = slide.slide_layout._element, deck.slide_master._element
    assert own_bullet(properties(), list_styles(title, *above)) is None
    assert sign(own_bullet(properties(), list_styles(body, *above))) == "•"
    assert sign(own_bullet(properties('<a:pPr lvl="1"/>'), list_styles(body, *above))) == "–"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_slides_with_inherited_bullets_are_made(language: str) -> None:
    slides = own_slides()
    listed = tuple(t for t in slides.templates if any(slot.role == "bullets" for slot in t.slots))
    sample = made(Slides(listed, slides.faces), 3, language, width=720, height=540)
    deck = Presentation(io.BytesIO(sample.files["pptx"]))
    body = next(shape for shape in deck.slides[0].shapes if "bullets" in shape.name)
    found = [paragraph._p.pPr for paragraph in body.text_frame.paragraphs]
    named = {family(face) for face in slides.faces}
    assert found
    assert all(each.find(tag("a:buChar")).get("char") == "•" for each in found)
    assert all(each.find(tag("a:buFont")).get("typeface") in named for each in found)
    assert "•" not in "".join(line.text for line in sample.lines)
