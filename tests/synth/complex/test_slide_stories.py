from __future__ import annotations

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from synth.complex.slide_stories import Story, stories
from tests.synth.complex.decks import saved

WIDE, HIGH = 1000, 750
"""100 pixels an inch of the stock slide, which is 10 × 7.5 inches."""


def told(deck: Presentation) -> tuple[Story, ...]:
    return stories(saved(deck), WIDE, HIGH)


def blank() -> tuple[Presentation, object]:
    deck = Presentation()
    return deck, deck.slides.add_slide(deck.slide_layouts[6])


def test_texts_in_the_order_of_drawing() -> None:
    deck, slide = blank()
    first = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
    first.text_frame.text = "one\n\ntwo\vthree"
    first.rotation = 30
    slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    last = slide.shapes.add_textbox(Inches(5), 0, Inches(1), Inches(1))
    last.text_frame.text = "last"
    one, two = told(deck)
    assert one.paragraphs == ("one", "two\nthree")
    assert one.frame == pytest.approx((100, 200, 400, 300))
    assert (one.angle, one.centre, one.within) == (30, pytest.approx((250, 250)), "text")
    assert two.paragraphs == ("last",)
    assert one.shape == f"slide {first.shape_id}"


def test_placeholders_take_their_place_from_layout_and_master() -> None:
    deck = Presentation()
    for number in (0, 1):  # the title slide has places of its own; the other takes those of the master
        slide = deck.slides.add_slide(deck.slide_layouts[number])
        slide.shapes.title.text = "title"
        slide.placeholders[1].text = "body"
    for _ in range(2):
        slide = deck.slides[0]
        title, body = told(deck)
        for story, shape in ((title, slide.shapes.title), (body, slide.placeholders[1])):
            box = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            assert story.frame == pytest.approx([value / 9144 for value in box], abs=0.01)
        deck.slides._sldIdLst.remove(deck.slides._sldIdLst[0])
        if not len(deck.slides):
            break


def test_text_of_the_layout_is_told_and_models_are_not() -> None:
    deck, slide = blank()
    fixed = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    fixed.text_frame.text = "fixed"
    slide.slide_layout.shapes._spTree.append(fixed._element)  # it moves there
    assert any(shape.has_text_frame and shape.text_frame.text for shape in slide.slide_layout.placeholders)
    assert [(story.shape.split()[0], story.paragraphs) for story in told(deck)] == [("layout", ("fixed",))]
    slide._element.set("showMasterSp", "0")
    assert told(deck) == ()


def test_cells_share_the_grid() -> None:
    deck, slide = blank()
    table = slide.shapes.add_table(2, 3, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for at, cell in enumerate(table.iter_cells()):
        cell.text = str(at)
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).text = ""
    told_here = told(deck)
    assert [story.paragraphs for story in told_here] == [("0",), ("1", "2"), ("4",), ("5",)]
    assert told_here[1].frame == pytest.approx((300, 200, 700, 250))
    assert told_here[3].frame == pytest.approx((500, 250, 700, 300))
    assert {story.within for story in told_here} == {"table"}
    assert told_here[0].insets == pytest.approx(10)


def test_a_chart_keeps_its_words_to_itself() -> None:
    deck, slide = blank()
    data = CategoryChartData()
    data.categories = ["a", "b"]
    data.add_series("s", (1, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.PIE, Inches(1), Inches(1), Inches(4), Inches(3), data)
    (chart,) = told(deck)
    assert (chart.within, chart.paragraphs) == ("chart", ())
    assert chart.frame == pytest.approx((100, 100, 500, 400))


def test_members_of_a_group_go_with_it() -> None:
    """A group at twice its size, turned by a quarter: what was right of its centre is below it."""
    deck, slide = blank()
    group = slide.shapes.add_group_shape()
    for left, text in ((1, "left"), (4, "right")):
        group.shapes.add_textbox(Inches(left), Inches(1), Inches(1), Inches(1)).text_frame.text = text
    group.left, group.top, group.width, group.height = Inches(1), Inches(2), Inches(8), Inches(2)
    plain = told(deck)
    assert [story.frame for story in plain] == [
        pytest.approx((100, 200, 300, 400)),
        pytest.approx((700, 200, 900, 400)),
    ]
    group.rotation = 90
    left, right = told(deck)
    assert left.centre == pytest.approx((500, 0))
    assert right.centre == pytest.approx((500, 600))
    assert right.angle == 90
