"""The browser's pictures: what was asked for, where it says, always the same."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest

from synth.complex import studio
from synth.complex.browser import browser
from synth.complex.chromium import PROGRAMS, Chromium, NoChromium
from synth.complex.engine import Drawing
from synth.complex.fitting import overflowing, texts
from synth.complex.flex import Length, Rect
from synth.sample import Discarded, Line, Wish
from synth.text import find_faces
from tests.synth.complex.plates import ours, plate_of, saying, source


def installed() -> bool:
    try:
        Chromium()
    except NoChromium:
        return False
    return True


needs_chromium = pytest.mark.skipif(not installed(), reason="needs Playwright and a Chromium")


@cache
def engine() -> Chromium:
    return Chromium()


def program() -> str:
    return next(filter(None, map(shutil.which, PROGRAMS)))


def rect(line: Line) -> Rect:
    return Rect(line.quad[0], line.quad[1], line.quad[4] - line.quad[0], line.quad[5] - line.quad[1])


def assert_true(drawing: Drawing) -> None:
    """Lines say the text, lie in the picture, share nothing, and hold ink of another shade than what is around."""
    high, wide = drawing.pixels.shape[:2]
    boxes = [rect(line) for text in drawing.texts for line in text.lines]
    for text in drawing.texts:
        assert "".join("".join(line.text.split()) for line in text.lines) == "".join(text.text.split())
    assert all(Rect(0, 0, wide, high).holds(box) for box in boxes)
    for at, box in enumerate(boxes):
        crop = drawing.pixels[int(box.y) : int(box.bottom) + 1, int(box.x) : int(box.right) + 1].astype(int)
        edges = np.median(np.concatenate([crop[0], crop[-1]]), axis=0)
        assert np.abs(crop - edges).sum(axis=2).max() > 100
        for other in boxes[at + 1 :]:
            wide = min(box.right, other.right) - max(box.x, other.x)
            high = min(box.bottom, other.bottom) - max(box.y, other.y)
            assert wide < 1 or high < 1, (box, other)


@needs_chromium
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("family", "name"), [
    ("screens", "dashboard"), ("screens", "article_site"), ("posters", "event"), ("cards", "menu"),
])  # fmt: skip
def test_pictures_say_what_was_asked(family: str, name: str, language: str) -> None:
    plate = plate_of(ours(family, name), language, (900, 900))
    before = [box.rect for pane in plate.panes for box in pane.root.walk()]
    drawing = engine().draw(plate)
    assert drawing.pixels.shape == (900, 900, 3)
    assert_true(drawing)
    parts = [box for pane in plate.panes for box in pane.root.walk()]
    assert all(overflowing(pane.root) is None for pane in plate.panes)
    apart = [abs(box.rect.x - rect.x) + abs(box.rect.y - rect.y) for box, rect in zip(parts, before, strict=True)]
    assert np.median(apart) < 8, "the browser's flexbox puts boxes about where ours does"


@needs_chromium
def test_columns_of_chinese_run_downwards() -> None:
    drawing = engine().draw(plate_of(ours("cards", "greeting_vertical"), "zh"))
    assert_true(drawing)
    lines = [line for text in drawing.texts for line in text.lines if line.vertical and len(line.chars) > 2]
    assert lines
    for line in lines:
        tops = [char.quad[1] for char in line.chars]
        assert tops == sorted(tops)
        assert rect(line).h > 2 * rect(line).w


@needs_chromium
def test_lines_end_where_they_are_told_to() -> None:
    plate = plate_of(saying("A line as long as those", lines=3))
    (part,) = texts(plate.panes[0].root)
    assert part.words is not None
    part.words.take("First\nThird & last")
    (text,) = engine().draw(plate).texts
    assert [line.text for line in text.lines] == ["First", "Third & last"]


@needs_chromium
def test_phones_lie_on_their_desk() -> None:
    template = ours("screens", "wallet_phone")
    rng = np.random.default_rng(3)
    wish = Wish(3, 0, 700, 700, "en", template.grades[0])
    sample = studio.make(rng, wish, source().for_sample(3, 0), [template], find_faces(), engine=engine())
    assert "phone" in sample.scene
    assert sample.notes["engine"] == engine().name
    assert engine().name.split()[-1][0].isdigit()


ROOT = Path(__file__).parents[3]

SCRIPT = """
import hashlib
from synth.complex.chromium import Chromium
from tests.synth.complex.plates import ours, plate_of
drawing = Chromium().draw(plate_of(ours("posters", "event"), "zh"))
print(hashlib.sha256(drawing.pixels.tobytes() + repr(drawing.texts).encode()).hexdigest())
"""


@needs_chromium
def test_the_same_plate_gives_the_same_bytes_in_any_process() -> None:
    drawing = engine().draw(plate_of(ours("posters", "event"), "zh"))
    here = hashlib.sha256(drawing.pixels.tobytes() + repr(drawing.texts).encode()).hexdigest()
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert said.strip() == here


@needs_chromium
def test_a_browser_that_dies_is_started_again() -> None:
    template = ours("posters", "event")
    before = engine().draw(plate_of(template, "en"))
    chromium = [p for p in psutil.Process().children(recursive=True) if p.name().startswith(("chrom", "google"))]
    whole = [process for process in chromium if not any("--type=" in each for each in process.cmdline())]
    assert whole
    for process in whole:
        os.kill(process.pid, signal.SIGKILL)
    after = engine().draw(plate_of(template, "en"))
    assert before.pixels.tobytes() == after.pixels.tobytes()
    assert before.texts == after.texts


@needs_chromium
def test_a_font_that_steps_in_is_noticed() -> None:
    html = "<p class='proof'><span>no font of ours</span></p>"

    def foreign(tab) -> list[str]:  # type: ignore[no-untyped-def]
        tab.show(html, 100, 100)
        return tab.foreign_fonts(".proof")  # type: ignore[no-any-return]

    assert browser(program()).use(foreign)


@needs_chromium
def test_a_text_that_its_box_cannot_hold_is_discarded() -> None:
    plate = plate_of(saying("Unabridgeable"))
    (part,) = texts(plate.panes[0].root)
    part.width = Length(40.0)
    with pytest.raises(Discarded) as caught:
        engine().draw(plate)
    assert caught.value.cause == "text does not fit"


@needs_chromium
def test_more_lines_than_allowed_are_discarded() -> None:
    plate = plate_of(saying("Some words that go on for a while", lines=2))
    (part,) = texts(plate.panes[0].root)
    part.width = Length(150.0)
    with pytest.raises(Discarded) as caught:
        engine().draw(plate)
    assert caught.value.cause == "text does not fit"


@needs_chromium
def test_text_that_cannot_be_seen_is_discarded() -> None:
    plate = plate_of(saying("Here"))
    (part,) = texts(plate.panes[0].root)
    assert part.words is not None
    part.words.colour = "ground"
    drawing = engine().draw(plate)  # the ink changes to one that reads
    assert_true(drawing)
    plate.ground[:] = np.random.default_rng(0).integers(0, 256, plate.ground.shape, np.uint8)
    plate.ground[..., 3] = 255
    with pytest.raises(Discarded) as caught:
        engine().draw(plate)
    assert caught.value.cause == "contrast too low"


def test_what_is_missing_is_said_in_one_line() -> None:
    with pytest.raises(NoChromium) as caught:
        Chromium("/nonexistent/chromium")
    assert "install" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(find_spec("playwright") is None, reason="needs Playwright")
def test_a_program_that_is_no_browser_is_refused() -> None:
    with pytest.raises(NoChromium, match="no Chromium"):
        Chromium(sys.executable)


@needs_chromium
def test_a_browser_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("synth.complex.browser.SECONDS", 1.0)
    with pytest.raises(Discarded) as caught:
        browser(program()).use(lambda tab: tab.ask("() => new Promise(() => 0)"))
    assert caught.value.cause == "engine failed"
    monkeypatch.undo()
    assert_true(engine().draw(plate_of(saying("Here again"))))
