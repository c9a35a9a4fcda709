"""What the tests of slides share: wishes, texts, and a template of a user's own."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from synth.complex.render import Drawing, family
from synth.complex.slide_template import read
from synth.complex.slides import Slides
from synth.font_packages import find_faces
from synth.fonts import Face
from synth.sample import Discarded, Sample, Wish
from synth.source import TextSource

SEED = 20


@cache
def source() -> TextSource:
    return TextSource()


def made(slides: Slides, index: int, language: str, grade: str = "line", width: int = 720, height: int = 720) -> Sample:
    """Sample `index`, at the first attempt that succeeds."""
    wish = Wish(SEED, index, width, height, language, grade)
    last: Discarded | None = None
    for attempt in range(16):
        try:
            return slides.make(np.random.default_rng([SEED, index, attempt]), wish, source().for_sample(SEED, index))
        except Discarded as discarded:
            last = discarded
    raise AssertionError(f"nothing but discards, the last one: {last}")


def saved(presentation: Any) -> bytes:
    buffer = io.BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def text_deck(text: str, face: Face, rotation: float = 0) -> bytes:
    """One text of 28 points in a box of 5 × 2 inches on a slide of 10 × 5.625, as wide as 800 × 450 pixels."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(10), Inches(5.625)
    box = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(Inches(2), Inches(1.5), Inches(5), Inches(2))
    box.text_frame.word_wrap = True
    box.rotation = rotation
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size = text, Pt(28)
    for name in ("a:latin", "a:ea"):
        etree.SubElement(run._r.get_or_add_rPr(), qn(name), typeface=family(face))
    return saved(deck)


def ink(drawing: Drawing) -> np.ndarray:
    """x and y of the dark pixels."""
    return np.argwhere(drawing.pixels.min(axis=2) < 128)[:, ::-1]


def check_text_and_ink(drawing: Drawing, text: str) -> None:
    """The lines are the text, but for spaces, and every dark pixel lies in a line's box, up to 1.5 pixels."""
    assert "".join(line.text for line in drawing.lines).replace(" ", "") == text.replace(" ", "")
    boxes = np.array([line.box for line in drawing.lines])
    for x, y in ink(drawing).tolist():
        assert (
            (boxes[:, 0] - 1.5 <= x) & (x <= boxes[:, 2] + 1.5) & (boxes[:, 1] - 1.5 <= y) & (y <= boxes[:, 3] + 1.5)
        ).any()


def own_deck() -> bytes:
    """A template as a person would make it: the stock layout's placeholders, a chart, a fixed footer, a table."""
    deck = Presentation()  # 4:3, with the layouts that come with it
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Old title"
    slide.shapes.title._element.nvSpPr.cNvPr.set("name", "{{title}}")
    body = slide.placeholders[1]
    body.text = "one\ntwo\nthree"
    body._element.nvSpPr.cNvPr.set("name", "{{ bullets 1 }}")
    footer = slide.shapes.add_textbox(Inches(0.5), Inches(6.9), Inches(4), Inches(0.4))
    footer.text_frame.text = "Internal use"
    footer.text_frame.paragraphs[0].runs[0].font.size = Pt(14)
    second = deck.slides.add_slide(deck.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", (1, 2))
    chart = second.shapes.add_chart(XL_CHART_TYPE.LINE, Inches(0.5), Inches(0.5), Inches(9), Inches(3.5), data)
    chart.name = "{{chart}}"
    chart.chart.has_title = False
    chart.chart.font.size = Pt(16)
    table = second.shapes.add_table(3, 3, Inches(0.5), Inches(4.4), Inches(9), Inches(2.4))
    table.name = "{{table}}"
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(0, 0, Inches(1), Inches(1)).text = "no slot"
    return saved(deck)


def own_slides() -> Slides:
    return Slides(read(own_deck(), "own.pptx"), find_faces())
