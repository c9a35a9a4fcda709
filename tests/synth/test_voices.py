"""Faces that are made for running text, and go together."""

import numpy as np
import pytest

from synth.font_packages import find_faces
from synth.fonts import FontError
from synth.sample import LANGUAGES
from synth.text import missing
from synth.voices import choose_voices


def voices(seed: int, language: str, kinds: tuple[str, ...] = (), faces=()):
    return choose_voices(np.random.default_rng(seed), faces or find_faces(), language, kinds)


@pytest.mark.parametrize("language", LANGUAGES)
def test_body_is_upright_and_regular_and_strong_is_bolder(language):
    for seed in range(60):
        chosen = voices(seed, language)
        assert not chosen.body.latin.italic
        assert 300 <= chosen.body.latin.weight <= 500
        assert chosen.strong.latin.weight >= 600
        assert chosen.strong.latin.family == chosen.body.latin.family == chosen.slanted.latin.family
        assert chosen.kind != "display"


def test_kinds_are_kept_to():
    for kind in ("serif", "sans", "mono", "handwriting"):
        assert {voices(seed, "en", (kind,)).kind for seed in range(20)} == {kind}


@pytest.mark.parametrize("language", ["zh", "mixed"])
def test_chinese_pages_have_chinese_faces_that_stand_apart_where_they_are_strong(language):
    for seed in range(40):
        chosen = voices(seed, language)
        for pairing in (chosen.body, chosen.strong, chosen.slanted, chosen.title):
            assert missing(pairing, "彧说 Text，12。") == ()
        assert chosen.strong.cjk != chosen.body.cjk


def test_families_vary():
    assert len({voices(seed, "en").body.latin.family for seed in range(80)}) >= 8
    assert len({voices(seed, "en").title.latin.family for seed in range(80)}) >= 10


def test_one_font_does_for_a_page():
    only = tuple(face for face in find_faces() if face.family == "PT Serif" and face.weight == 400 and not face.italic)
    chosen = voices(0, "en", (), only)
    assert set(chosen.faces) == set(only)


def test_a_language_without_a_face_is_refused():
    hebrew = tuple(face for face in find_faces() if "Hebr" in face.scripts)
    with pytest.raises(FontError, match="Latin"):
        voices(0, "en", (), hebrew)
