from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synth.complex.slide_template import load
from synth.complex.slides import Slides
from synth.maker import build
from synth.sample import GRADES, Discarded, Wish
from synth.source import TextSource
from synth.tiers import EngineError, Kit, complex
from synth.wishes import RATIOS, Mix, sides
from tests.synth.complex.decks import own_deck
from tests.synth.faces import LATIN, SANS

FACES = (LATIN, SANS)


@pytest.mark.parametrize(
    ("tier", "engines", "message"),
    [
        ("complex", ("words",), "no engine 'words'; there are libreoffice, chromium"),
        ("pure", ("libreoffice",), "libreoffice draws slides, of tier complex: tier pure has none"),
    ],
)
def test_an_engine_that_cannot_be_used_is_one_line(tier: str, engines: tuple[str, ...], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        build(tier, lambda kinds: Mix(1, kinds), engines=engines)


@pytest.mark.parametrize("engine", ["libreoffice", "chromium"])
def test_an_engine_that_is_not_installed_is_one_line(
    engine: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="install") as raised:
        complex(Kit(FACES, engines=(engine,)))
    assert "\n" not in str(raised.value)


def test_slides_have_templates_of_every_grade_in_every_shape_but_the_longest() -> None:
    fits = complex(Kit(FACES))["slides"].fits
    for ratio in RATIOS:
        width, height = sides(1024, ratio)
        for grade in GRADES:
            assert fits(Wish(1, 0, width, height, "en", grade)) == (ratio not in ((1, 3), (3, 1)))


def test_a_grade_that_a_folder_lacks_is_not_wished_for(tmp_path: Path) -> None:
    (tmp_path / "own.pptx").write_bytes(own_deck())
    kit = Kit(FACES, tmp_path)
    fits = complex(kit)["slides"].fits
    assert {template.grade for template in load(tmp_path)} == {"line"}
    assert [fits(Wish(1, 0, 800, 600, "en", grade)) for grade in GRADES] == [False, True, False]
    with pytest.raises(Discarded, match="no template: for words of about 800×600"):
        Slides(load(tmp_path), FACES).make(
            np.random.default_rng(0), Wish(1, 0, 800, 600, "en", "word"), TextSource().for_sample(1, 0)
        )
