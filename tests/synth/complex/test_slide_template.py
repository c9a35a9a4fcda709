from __future__ import annotations

from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Inches

from synth.complex.package import pack, unpack
from synth.complex.slide_template import BUNDLED, TemplateError, load, parse, read, relations, tag
from tests.synth.complex.decks import own_deck, saved


def named(name: str) -> bytes:
    deck = Presentation()
    box = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(0, 0, Inches(4), Inches(1))
    box.text_frame.text = "words"
    box.name = name
    return saved(deck)


def test_bundled_ones_are_small_and_cover_all_layouts() -> None:
    templates = load()
    looks = {template.look for template in templates}
    layouts = {template.layout for template in templates}
    assert len(looks) >= 3
    assert {
        "title",
        "section",
        "bullets",
        "two columns",
        "table",
        "quote",
        "process",
        "timeline",
        "big number",
    } <= layouts
    assert len(templates) == len(looks) * len(layouts) * 4
    assert {template.grade for template in templates} == {"word", "line", "paragraph"}
    assert all(template.description for template in templates)
    assert all(path.stat().st_size < 100_000 for path in BUNDLED.glob("*.pptx"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (named("Text 1"), "has no slot"),
        (named("{{titel}}"), "title?"),
        (named("{{chart}}"), "must be the name of a chart"),
        (b"PK\x05\x06 no zip", "not a readable Office file"),
        (pack({"[Content_Types].xml": b"<Types/>"}), "cannot be used"),
        (own_deck()[:4000], "not a readable Office file"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(TemplateError) as raised:
        read(data, "deck.pptx")
    assert words in str(raised.value)
    assert "deck.pptx" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"holds no \.pptx"):
        load(tmp_path)


def test_folder_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "b.pptx").write_bytes(named("{{title}}"))
    (tmp_path / "a.pptx").write_bytes(own_deck())
    (tmp_path / "~$a.pptx").write_bytes(b"a lock file")
    assert [template.name for template in load(tmp_path)] == ["a/1", "a/2", "b/1"]


def test_each_layout_stands_alone() -> None:
    whole = unpack(own_deck())
    for template in read(own_deck(), "own.pptx"):
        slides = [name for name in template.parts if name.startswith("ppt/slides/slide")]
        assert slides == [template.slide]
        assert len(parse(template.parts["ppt/presentation.xml"]).findall(f".//{tag('p:sldId')}")) == 1
        for part in template.parts:
            assert all(target in template.parts for _, target in relations(template.parts, part).values())
        types = template.parts["[Content_Types].xml"].decode()
        assert all(name in types for name in slides)
        assert sum(map(len, template.parts.values())) < sum(map(len, whole.values()))


def test_bundled_files_are_what_the_script_makes() -> None:
    from synth.complex.deckmaking.__main__ import SHAPES, deck
    from synth.complex.deckmaking.looks import LOOKS

    assert len(list(BUNDLED.glob("*.pptx"))) == len(LOOKS) * len(SHAPES)
    look = LOOKS[1]
    assert unpack(deck(look, *SHAPES["4x3"])) == unpack((BUNDLED / f"{look.name}-4x3.pptx").read_bytes())
