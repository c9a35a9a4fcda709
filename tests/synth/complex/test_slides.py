from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from pptx import Presentation

from synth.complex.slide_template import load
from synth.complex.slides import Slides, default
from synth.contrast import contrast
from synth.sample import Discarded, Sample, Wish
from synth.source import TextSource
from tests.synth.complex.decks import SEED, made, own_slides, source

SHAPES = {"16x9": (768, 432), "4x3": (680, 510), "1x1": (608, 608), "2x3": (500, 750)}
LAYOUTS = list(dict.fromkeys(template.layout for template in load()))
LOOKS = sorted({template.look for template in load()})


def bare(texts: list[str] | tuple[str, ...]) -> str:
    return re.sub(r"\s+", "", "".join(texts))


def check(sample: Sample, width: int, height: int) -> None:
    """What holds of every sample."""
    assert sample.pixels.shape == (height, width, 3)
    assert sample.pixels.dtype == np.uint8
    assert sample.lines
    assert bare([line.text for line in sample.lines]) == bare(sample.paragraphs)
    for line in sample.lines:
        assert "".join(char.text for char in line.chars) == line.text
        corners = np.array([line.quad, *(char.quad for char in line.chars)]).reshape(-1, 4, 2)
        assert corners.min() >= 0
        assert (corners.max(axis=(0, 1)) <= (width, height)).all()
        left, right = corners[0, :, 0].min(), corners[0, :, 0].max()
        assert (corners[:, :, 0] >= left - 0.01).all()
        assert (corners[:, :, 0] <= right + 0.01).all()
        assert (np.diff([char.quad[0] for char in line.chars]) >= -0.01).all()
        assert inked(sample, line.quad)


def inked(sample: Sample, quad: tuple[float, ...]) -> bool:
    """Whether something is drawn in a box: its pixels are not all alike."""
    x0, y0, x1, y1 = (round(value) for value in (min(quad[0::2]), min(quad[1::2]), max(quad[0::2]), max(quad[1::2])))
    return int(np.ptp(sample.pixels[y0 : y1 + 1, x0 : x1 + 1].astype(int), axis=(0, 1)).max()) > 60


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("look", LOOKS)
def test_every_layout_of_every_theme(look: str, language: str) -> None:
    for number, layout in enumerate(LAYOUTS):
        width, height = list(SHAPES.values())[(number + LOOKS.index(look)) % len(SHAPES)]
        templates = tuple(t for t in load() if (t.look, t.layout) == (look, layout))
        assert len(templates) == len(SHAPES)
        sample = made(Slides(templates), number, language, templates[0].grade, width, height)
        check(sample, width, height)
        assert sample.layout == f"{look}/{layout}"
        assert all(line.role != "body" or line.language == language for line in sample.lines) or language == "zh"


def test_edited_file_says_the_same() -> None:
    for index, layout in enumerate(("table", "column chart", "quote", "picture gallery")):
        templates = tuple(t for t in load() if t.layout == layout)
        sample = made(Slides(templates), index, "zh", templates[0].grade)
        deck = Presentation(io.BytesIO(sample.files["pptx"]))
        assert len(deck.slides) == 1
        shapes = list(deck.slides[0].shapes)
        texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
        texts += [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
        assert all(bare([text]) in bare(sample.paragraphs) for text in texts if text)
        for shape in shapes:
            if shape.has_chart:
                names = [*shape.chart.plots[0].categories, *(series.name for series in shape.chart.plots[0].series)]
                assert set(names) <= set(sample.paragraphs)


def test_chart_and_workbook_agree() -> None:
    import zipfile

    from synth.complex.package import unpack

    templates = tuple(t for t in load() if t.layout == "column chart")
    sample = made(Slides(templates), 0, "en", "word")
    book = next(data for name, data in unpack(sample.files["pptx"]).items() if name.endswith(".xlsx"))
    sheet = zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()
    chart = next(s.chart for s in Presentation(io.BytesIO(sample.files["pptx"])).slides[0].shapes if s.has_chart)
    for value in (value for series in chart.plots[0].series for value in series.values):
        assert f"<v>{value:g}</v>" in sheet
    for name in chart.plots[0].categories:
        assert f"<t>{name}</t>" in sheet


def test_roles_and_formatting_are_kept() -> None:
    templates = tuple(t for t in load() if (t.look, t.layout) == ("harbour", "bar chart and notes"))
    sample = made(Slides(templates), 3, "en")
    assert {"title", "heading", "bullet", "axis label"} <= {line.role for line in sample.lines}
    shapes = {shape.name: shape for shape in Presentation(io.BytesIO(sample.files["pptx"])).slides[0].shapes}
    first = shapes["{{title}}"].text_frame.paragraphs[0].runs[0]
    assert first.font.size is not None
    assert first.font.size.pt == 31
    bullets = shapes["{{bullets}}"]._element.txBody.findall(".//{*}buChar")
    assert [node.get("char") for node in bullets] == ["•"] * len(shapes["{{bullets}}"].text_frame.paragraphs)


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
def test_a_template_of_ones_own(language: str) -> None:
    slides = own_slides()
    assert [(t.layout, t.grade) for t in slides.templates] == [
        ("title and bullets", "line"),
        ("chart and table", "line"),
    ]
    for index in range(6):
        sample = made(slides, index, language, width=800, height=600)
        check(sample, 800, 600)
        if sample.layout == "own/title and bullets":
            assert "Internal use" in sample.paragraphs
            assert "Old title" not in sample.paragraphs


def test_rare_character_that_no_face_has_discards() -> None:
    class Rare(TextSource):
        def __init__(self, text: str):
            self.__dict__.update(source().__dict__)
            self.text = text

        def title(self, *_: object, **__: object) -> str:
            return self.text

    templates = tuple(t for t in load() if t.layout == "full picture")
    wish = Wish(SEED, 0, language="zh", grade="word")
    for text in ("甲\U0003106c乙", "标题👩‍🚀", "न"):
        with pytest.raises(Discarded) as raised:
            Slides(templates).make(np.random.default_rng(0), wish, Rare(text))
        assert raised.value.cause == "missing glyph"
    shown = Slides(templates).make(np.random.default_rng(0), wish, Rare("龘靐齉"))
    assert "龘靐齉" in shown.paragraphs


def test_text_too_long_and_too_small_discard() -> None:
    class Long(TextSource):
        def __init__(self) -> None:
            self.__dict__.update(source().__dict__)

        def line(self, *_: object, **__: object) -> str:
            return "many words " * 60

    templates = tuple(t for t in load() if t.layout == "full picture")
    with pytest.raises(Discarded, match="text does not fit"):
        Slides(templates).make(np.random.default_rng(0), Wish(SEED, 0, grade="word"), Long())
    with pytest.raises(Discarded, match="text too small"):
        Slides(templates).make(np.random.default_rng(0), Wish(SEED, 0, 256, 256, grade="word"), source())


def test_no_template_of_that_shape_discards() -> None:
    with pytest.raises(Discarded, match="no template"):
        default().make(np.random.default_rng(0), Wish(SEED, 0, 1536, 512), source())


def test_grade_and_variety() -> None:
    for grade, roles in (("word", {"body", "bullet", "quote"}), ("line", {"body", "quote"})):
        for index in range(4):
            assert not roles & {line.role for line in made(default(), index, "en", grade).lines}
    samples = [made(default(), index, "en", ("word", "line", "paragraph")[index % 3]) for index in range(24)]
    looks = {(s.layout, s.notes["colours"]["accent1"], tuple(s.notes["fonts"])) for s in samples}
    assert len(looks) == 24


def test_photos_are_shown() -> None:
    red = np.zeros((300, 500, 3), np.uint8)
    red[..., 0] = 210
    templates = tuple(t for t in load() if t.layout == "full picture")
    slides = replace(default(), templates=templates, photos=[red])
    shown = [made(slides, index, "en", "word") for index in range(6)]
    photographs = [s for s in shown if "a photograph" in s.scene]
    assert 0 < len(photographs) < 6
    assert all(abs(int(s.pixels[5, 5, 0]) - 210) < 6 and s.pixels[5, 5, 1] < 6 for s in photographs)


def test_text_reads_on_its_ground() -> None:
    """The darkest and the lightest pixel of a line's box differ as the guidelines ask, at least."""
    for index in range(6):
        sample = made(default(), index, "zh", "line")
        for line in sample.lines:
            x0, y0, x1, y1 = (round(v) for v in (line.quad[0], line.quad[1], line.quad[4], line.quad[5]))
            pixels = sample.pixels[y0 : y1 + 1, x0 : x1 + 1].reshape(-1, 3)
            light = pixels.astype(int).sum(axis=1)
            dark, bright = pixels[light.argmin()].tolist(), pixels[light.argmax()].tolist()
            assert contrast(tuple(dark), tuple(bright)) >= 2.9


def digest(sample: Sample) -> str:
    return hashlib.sha256(sample.pixels.tobytes() + sample.files["pptx"] + repr(sample.lines).encode()).hexdigest()


def test_same_bytes_in_any_process() -> None:
    indices = [0, 1, 2, 5]
    here = [digest(made(default(), index, "mixed", "line")) for index in reversed(indices)][::-1]
    code = (
        "from tests.synth.complex.test_slides import *\n"
        f"print(*(digest(made(default(), index, 'mixed', 'line')) for index in {indices}))"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert here == there
