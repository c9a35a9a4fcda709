"""How a text is to be set: each character in the face that our own layer would take, with room for its ink."""

from __future__ import annotations

import pytest

from synth.complex.fitting import texts
from synth.complex.setting import Setting, setting
from synth.complex.template import Template
from tests.synth.complex.plates import plate_of, saying


def set_in(template: Template, language: str = "zh") -> Setting:
    (part,) = texts(plate_of(template, language).panes[0].root)
    return setting(part)


@pytest.mark.parametrize("text", ["Agility, quickly", "第一次，mixed with English。", "¥12.50"])
def test_clusters_are_the_text_each_in_a_face_that_is_its_own(text: str) -> None:
    how = set_in(saying(text))
    assert "".join(cluster.text for cluster in how.clusters) == text
    for cluster in how.clusters:
        assert cluster.face is not None
        if "\u4e00" <= cluster.text <= "\u9fff":
            assert "Hani" in cluster.face.scripts


@pytest.mark.parametrize("leading", [0.8, 1.0, 1.5])
def test_lines_are_high_enough_for_their_ink(leading: float) -> None:
    how = set_in(saying("Ågjy", leading=leading), "en")
    above, below = max(c.above for c in how.clusters), max(c.below for c in how.clusters)
    assert how.line_height >= max(leading, above + below)
    top, bottom = how.line_height / 2 + 0.36 + how.lower, how.line_height / 2 - 0.36 - how.lower
    assert top + bottom >= above + below


def test_a_column_is_wide_enough_for_its_ink() -> None:
    how = set_in(saying("好友常伴，平安", vertical=True))
    assert all(max(c.above, c.below) <= how.line_height / 2 for c in how.clusters)
