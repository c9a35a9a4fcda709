from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synth.complex import office
from synth.complex.libre_office import LibreOffice
from synth.complex.render import Drawing
from synth.complex.slide_template import load
from synth.complex.slides import default
from synth.sample import Discarded
from tests.synth.complex.decks import check_text_and_ink, ink, made, own_slides, text_deck
from tests.synth.complex.test_slides import check
from tests.synth.faces import LATIN, SANS, SERIF, face

pytest.importorskip("pypdfium2")
try:
    office.find_program()
except office.OfficeError as error:
    pytest.skip(str(error), allow_module_level=True)

WIDTH, HEIGHT = 800, 450
FEW = (LATIN, SANS, SERIF, face("EB Garamond Bold"), face("Inter Regular"), face("Inter Bold"))


@pytest.fixture(scope="module")
def engine() -> LibreOffice:
    return LibreOffice(FEW)


def drawn(engine: LibreOffice, text: str, *faces: office.Face, rotation: float = 0) -> Drawing:
    return engine.draw(text_deck(text, faces[0], rotation), WIDTH, HEIGHT, dict.fromkeys(faces, text))


@pytest.mark.parametrize(
    ("text", "one"), [("Efficient office AVATAR, jggy over-engineered", LATIN), ("江南可采莲，𠙶莲叶何田田", SANS)]
)
def test_boxes_hold_the_ink(engine: LibreOffice, text: str, one: office.Face) -> None:
    drawing = drawn(engine, text, one)
    assert drawing.pixels.shape == (HEIGHT, WIDTH, 3)
    check_text_and_ink(drawing, text)
    for line in drawing.lines:
        assert line.faces == (one,)
        assert line.size == pytest.approx(28 * 96 / 72 * WIDTH / 960, rel=0.01)
        for _, (x0, y0, x1, y1) in line.cells:
            inside = drawing.pixels[round(y0) : round(y1) + 1, round(x0) : round(x1) + 1]
            assert x1 > x0
            assert inside.size


def test_turned_shape(engine: LibreOffice) -> None:
    drawing = drawn(engine, "turned", LATIN, rotation=30)
    (line,) = drawing.lines
    corners = np.array(line.quad(line.box)).reshape(4, 2)
    across = corners[1] - corners[0]
    assert np.degrees(np.arctan2(across[1], across[0])) == pytest.approx(30, abs=0.01)
    seen = ink(drawing)
    for at in range(4):
        side = corners[(at + 1) % 4] - corners[at]
        inside = (side[0] * (seen[:, 1] - corners[at][1]) - side[1] * (seen[:, 0] - corners[at][0])) / np.hypot(*side)
        assert inside.min() > -2


def test_missing_glyphs(engine: LibreOffice) -> None:
    """No face has the one, another face steps in for the other, and no emoji is drawn in parts."""
    for text in ("a\U0003106cb", "a缺b", "👩‍🚀"):
        with pytest.raises(Discarded) as raised:
            drawn(engine, text, LATIN)
        assert raised.value.cause == "missing glyph"
    assert drawn(engine, "a缺b", LATIN, SANS).lines[0].faces == (LATIN, SANS)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("layout", ["table", "line chart and figures", "quote", "two columns", "bullets"])
def test_slides(engine: LibreOffice, layout: str, language: str) -> None:
    templates = tuple(t for t in load() if t.layout == layout)
    slides = replace(default(), templates=templates, engine=engine, faces=FEW)
    sample = made(slides, len(layout), language, templates[0].grade, 768, 768)
    check(sample, 768, 768)
    assert sample.notes["engine"].startswith("LibreOffice ")
    if layout == "line chart and figures":
        assert {"axis label", "legend"} <= {line.role for line in sample.lines}
    if layout == "table":
        assert "cell" in {line.role for line in sample.lines}


def test_a_template_of_ones_own(engine: LibreOffice) -> None:
    """Placeholders with places and bullets from their layout, and text that stays."""
    slides = replace(own_slides(), engine=engine, faces=FEW)
    for index in range(3):
        check(made(slides, index, "mixed", width=800, height=600), 800, 600)


def test_same_pixels_in_any_process_and_nothing_is_left_behind(engine: LibreOffice) -> None:
    texts = ("江南可采莲", "over-engineered words", "莲叶何田田")

    def digests(one: LibreOffice, order: tuple[str, ...]) -> dict[str, str]:
        found = {text: drawn(one, text, SANS) for text in order}
        return {text: hashlib.sha256(found[text].pixels.tobytes()).hexdigest() for text in sorted(order)}

    other = LibreOffice(FEW)
    assert digests(engine, texts) == digests(other, texts[::-1])
    folder, child = other.office.folder, Path("/proc") / str(other.office.process.child.pid)
    assert child.exists()
    assert folder.exists()
    del other
    assert not folder.exists()
    assert not child.exists()


def test_a_process_that_died_or_hangs_is_replaced(engine: LibreOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn(engine, "words", LATIN)
    monkeypatch.setattr(office, "SLIDE", 5.0)
    for blow in (signal.SIGKILL, signal.SIGSTOP):
        process = engine.office.process
        os.kill(process.child.pid, blow)
        assert (drawn(engine, "words", LATIN).pixels == before.pixels).all()
        assert engine.office.process is not process
        assert process.child.returncode is not None
        assert not process.folder.exists()


def test_a_file_that_cannot_be_read_is_discarded(engine: LibreOffice) -> None:
    with pytest.raises(Discarded, match="engine failed"):
        engine.draw(b"PK\x03\x04 nothing", WIDTH, HEIGHT, {LATIN: "a"})
    assert drawn(engine, "words", LATIN).lines


def test_nothing_is_left_behind_where_the_program_is_killed() -> None:
    code = (
        "import os, signal\n"
        "from synth.complex.office import Office\n"
        "from tests.synth.faces import LATIN\n"
        "office = Office([LATIN])\n"
        "print(office.folder, office.process.child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    folder, child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split()
    deadline = time.monotonic() + 60
    while (Path(folder).exists() or Path("/proc", child).exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(folder).exists()
    assert not Path("/proc", child).exists()
