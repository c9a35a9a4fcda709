"""Lines lie in their box, cells tile their line, and breaking never changes the text."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.coverage import GRAPHEME
from synth.layout import ALIGNMENTS
from synth.paragraph import AUTOSPACE
from synth.text import Discarded, Layout, Pairing, Style, fit, flow, lay_out, sample_lines
from tests.synth.faces import LATIN, MIXED, SERIF, face

WORDS = [
    "Affine",
    "flow ",
    "(f)",
    "jfj ",
    "中文，",
    "「彧𠳐」",
    "。",
    "——",
    "“引” ",
    "2030",
    "שלום ",
    "עולם",
    "العربية ",
    " ",
]
WORDS += ["e\u0301 ", "\U0001f469\u200d\U0001f680"]
PARAGRAPHS = st.lists(st.lists(st.sampled_from(WORDS), max_size=14).map("".join), max_size=4)
ROUNDING = 1e-3

STYLES = st.builds(
    Style,
    st.sampled_from([MIXED, Pairing(face("Pacifico Regular"), SERIF, MIXED.others)]),
    st.floats(8, 60),
    st.floats(1, 2),
    st.sampled_from(ALIGNMENTS),
    st.sampled_from([0, 0.05, 0.3]),
    st.sampled_from([0, 2]),
    st.sampled_from([0, 0.7]),
    st.booleans(),
)


@settings(max_examples=100, deadline=None)
@given(PARAGRAPHS, STYLES, st.floats(200, 900), st.floats(200, 900), st.floats(0, 50), st.floats(0, 50))
def test_any_layout(text: list[str], style: Style, width: float, height: float, x: float, y: float) -> None:
    try:
        layout = lay_out(text, style, width, height, x, y)
    except Discarded:
        lay_out(text, style, 9000, 9000)  # only the room was wanting
        return
    check_text(layout, text)
    check_boxes(layout, x, y, x + width, y + height)


def check_text(layout: Layout, text: list[str]) -> None:
    for index, paragraph in enumerate(text):
        raw = "".join(line.raw for line in layout.lines if line.paragraph == index)
        assert raw == paragraph or (not paragraph.strip() and not raw)
    for line in layout.lines:
        assert line.raw.startswith(line.text)
        assert line.raw[len(line.text) :].strip() == ""
        assert [character for character, _ in line.characters] == GRAPHEME.findall(line.text)


def check_boxes(layout: Layout, left: float, top: float, right: float, bottom: float) -> None:
    bounds = layout.bounds
    if layout.lines:
        assert bounds[0] >= left - ROUNDING
        assert bounds[1] >= top - ROUNDING
        assert bounds[2] <= right + ROUNDING
        assert bounds[3] <= bottom + ROUNDING
    start, end = (1, 3) if layout.style.vertical else (0, 2)
    for line in layout.lines:
        cells = sorted((box for _, box in line.characters), key=lambda box: (box[start], box[end]))
        assert cells[0][start] == pytest.approx(line.box[start])
        assert cells[-1][end] == pytest.approx(line.box[end])
        for one, following in pairwise(cells):
            assert one[end] == pytest.approx(following[start], abs=ROUNDING)
        assert {(box[1 - start], box[3 - start]) for _, box in line.characters} == {
            (line.box[1 - start], line.box[3 - start])
        }
    for above, below in pairwise(layout.lines):
        if layout.style.vertical:
            assert below.box[2] <= above.box[0] + ROUNDING
        else:
            assert above.box[3] <= below.box[1] + ROUNDING


TEXT = "人工智能（AI）正在改变世界，它是一门新的学科。The quick brown fox jumps over the lazy dog. " * 3


def test_fit_is_the_largest_size() -> None:
    style = Style(MIXED, 1)
    layout = fit(TEXT, style, 500, 300, 8, 80)
    assert 8 < layout.style.size < 80
    lay_out(TEXT, layout.style, 500, 300)
    with pytest.raises(Discarded, match="does not fit"):
        lay_out(TEXT, replace(style, size=layout.style.size + 0.25), 500, 300)


def test_fit_stays_within_its_limits() -> None:
    assert fit("a", Style(MIXED, 1), 900, 900, 8, 40).style.size == 40
    with pytest.raises(Discarded, match="does not fit"):
        fit(TEXT, Style(MIXED, 1), 100, 50, 8, 40)


def test_long_word_is_not_split() -> None:
    with pytest.raises(Discarded) as caught:
        lay_out("an incomprehensibilities here", Style(Pairing(LATIN), 40), 150, 900)
    assert caught.value.cause == "text does not fit"
    assert "incomprehensibil" in caught.value.detail


def test_alignment() -> None:
    edges = {}
    for align in ALIGNMENTS:
        lines = lay_out(TEXT, Style(MIXED, 20, align=align), 400).lines
        assert len(lines) > 5
        edges[align] = [(line.box[0], 400 - line.box[2]) for line in lines[:-1]]
    assert all(left < 2 for left, _ in edges["left"])
    assert all(right < 4 for _, right in edges["right"])
    assert all(left == pytest.approx(right, abs=3) for left, right in edges["centre"])
    assert all(left < 2 and right < 4 for left, right in edges["justified"])
    assert any(right > 5 for _, right in edges["left"])


def test_justified_leaves_the_last_line_and_far_too_short_ones() -> None:
    lines = lay_out("a b\n" + "incomprehensible " * 3, Style(Pairing(LATIN), 30, align="justified"), 300).lines
    assert lines[0].box[2] < 60
    assert lines[1].box[2] < 250


def test_first_line_indent_and_gap_of_paragraphs() -> None:
    style = Style(MIXED, 20, pitch=1.5, indent=2, paragraph_gap=1)
    one, two, three = lay_out(["一" * 30, "二"], style, 420).lines
    assert one.box[0] == pytest.approx(40, abs=2)
    assert two.box[0] < 2
    assert two.box[1] - one.box[1] == pytest.approx(30, abs=1)
    assert three.box[0] == pytest.approx(40, abs=2)
    assert 45 < three.box[1] - two.box[1] < 60  # the glyph 二 is lower than 一 is long


def test_letter_spacing_and_space_between_scripts() -> None:
    tight, wide = (lay_out("中文字体", Style(MIXED, 100, letter_spacing=s), 900).lines[0] for s in (0, 0.2))
    assert wide.box[2] - tight.box[2] == pytest.approx(60, abs=0.1)
    mixed = lay_out("中a", Style(MIXED, 100), 900).lines[0]
    apart = sum(lay_out(c, Style(MIXED, 100), 900).lines[0].characters[0][1][2] for c in "中")
    assert mixed.characters[1][1][0] - apart == pytest.approx(100 * AUTOSPACE, abs=6)


def test_right_to_left() -> None:
    lines = lay_out("שלום עולם abc 12", Style(MIXED, 30), 500).lines
    (line,) = lines
    assert line.text == "שלום עולם abc 12"
    assert line.box[2] > 498
    lefts = [box[0] for character, box in line.characters if "א" <= character <= "ת"]
    assert lefts == sorted(lefts, reverse=True)
    latin = [box[0] for character, box in line.characters if character in "abc"]
    assert latin == sorted(latin)
    assert max(latin) < min(lefts)
    assert lay_out("שלום", Style(MIXED, 30, align="right"), 500).lines[0].box[0] < 2


def test_vertical_columns_run_from_right_to_left() -> None:
    layout = lay_out("天地玄黄，宇宙洪荒。" * 3, Style(MIXED, 40, vertical=True), 400, 300, 100, 50)
    assert len(layout.lines) > 3
    assert layout.lines[0].box[2] == pytest.approx(400, abs=6)
    first = [box[1] for _, box in layout.lines[0].characters]
    assert first == sorted(first)
    assert all(line.box[3] - line.box[1] > line.box[2] - line.box[0] for line in layout.lines)


def test_columns_take_up_the_text_one_after_the_other() -> None:
    boxes = [(0.0, 0.0, 200.0, 130.0), (220.0, 0.0, 420.0, 130.0), (440.0, 0.0, 640.0, 900.0)]
    columns = flow([TEXT, "尾"], Style(MIXED, 20), boxes)
    assert all(column.lines for column in columns)
    assert "".join(line.raw for column in columns for line in column.lines) == TEXT + "尾"
    for column, (left, top, right, bottom) in zip(columns, boxes, strict=True):
        check_boxes(column, left, top, right, bottom)
    with pytest.raises(Discarded, match="does not fit"):
        flow(TEXT, Style(MIXED, 20), boxes[:1])


def test_empty_text_and_empty_paragraphs() -> None:
    assert lay_out("", Style(MIXED, 20), 100, 100).bounds == (0, 0, 0, 0)
    one, two = lay_out("一\n\n二", Style(MIXED, 20, pitch=1.5), 100).lines
    assert (one.paragraph, two.paragraph) == (0, 2)
    assert two.box[3] - one.box[3] > 55


def test_lines_of_a_sample() -> None:
    layout = lay_out("ab", Style(MIXED, 20), 100, 100, 10, 20).moved(5.5, 7)
    (line,) = sample_lines(layout, "en", "title")
    left, top, right, bottom = layout.bounds
    assert line.quad == (left, top, right, top, right, bottom, left, bottom)
    assert [char.text for char in line.chars] == ["a", "b"]
    assert line.chars[0].quad[0] == left
    assert line.chars[1].quad[2] == right
    assert left > 15.4
    assert top > 26
    assert (line.font, line.size, line.role, line.language) == (MIXED.name, 20, "title", "en")
