"""Which face sets which character, and which faces are chosen together."""

import numpy as np
import pytest

from synth.fonts import FontError
from synth.pairing import chinese, chooser
from synth.text import Pairing, choose_pairing, find_faces, missing
from tests.synth.faces import ARABIC, EMOJI, HEBREW, LATIN, MIXED, SANS, SERIF, face


def families(text: str, pairing: Pairing = MIXED) -> list[str]:
    settings = chooser(pairing).settings(list(text), chinese(text))
    return [setting.face.family if setting else "" for setting in settings]


def test_scripts_have_their_faces() -> None:
    found = families("a中，1（ب؟א😀")
    names = [f.family for f in (LATIN, SERIF, SERIF, LATIN, SERIF, ARABIC, ARABIC, HEBREW, EMOJI)]
    assert found == names


def test_shared_punctuation_follows_the_language() -> None:
    assert families("“中文字”…")[0] == families("“中文字”…")[-1] == "Noto Serif SC"
    assert set(families("“plain words” with one 字…")) - {"Noto Serif SC"} == {"EB Garamond"}
    assert families("“plain words” with one 字…")[0] == families("“plain words” with one 字…")[-1] == "EB Garamond"


def test_space_is_that_of_the_letters_before_it() -> None:
    assert families("a b 中 b") == ["EB Garamond"] * 4 + ["Noto Serif SC"] * 2 + ["EB Garamond"]
    assert families("😀 😀")[1] == "EB Garamond"


def test_missing_names_each_character_once() -> None:
    assert missing(Pairing(LATIN), "a中b文中\n\u3000") == ("中", "文")
    assert missing(MIXED, "a中b文 العربية עברית 👩‍🚀") == ()


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
def test_choice_is_repeatable_and_varied(language: str) -> None:
    chosen = [choose_pairing(np.random.default_rng([1, i]), find_faces(), language) for i in range(60)]
    again = [choose_pairing(np.random.default_rng([1, i]), find_faces(), language) for i in range(60)]
    assert chosen == again
    assert len({pairing.latin.family for pairing in chosen}) > 10
    assert all(not pairing.latin.italic for pairing in chosen)
    assert all((pairing.cjk is not None) == (language != "en") for pairing in chosen)
    for pairing in chosen:
        if pairing.cjk:
            assert abs(pairing.cjk.weight - pairing.latin.weight) <= 150
            assert (pairing.cjk.kind == "serif") == (pairing.latin.kind == "serif")


def test_kinds_narrow_the_choice() -> None:
    rngs = [np.random.default_rng([2, i]) for i in range(20)]
    assert {choose_pairing(r, find_faces(), "en", ("mono",)).latin.family for r in rngs} == {"Roboto Mono"}


def test_a_pairing_that_draws_the_text_is_found() -> None:
    text = "Ω and я"  # Greek and Cyrillic, which few families have
    for i in range(20):
        pairing = choose_pairing(np.random.default_rng([3, i]), find_faces(), "en", text=text)
        assert missing(pairing, text) == ()


def test_one_chinese_font_does_for_everything() -> None:
    pairing = choose_pairing(np.random.default_rng(0), [SANS], "mixed")
    assert pairing.faces == (SANS,)


def test_no_font_for_the_language() -> None:
    with pytest.raises(FontError, match="Chinese"):
        choose_pairing(np.random.default_rng(0), [face("Inter Regular")], "zh")


def test_the_apostrophe_of_an_english_word_is_english_in_chinese_text() -> None:
    pairing = choose_pairing(np.random.default_rng(0), find_faces(), "mixed")
    text = "她说I’d去‘看看’"
    latin = [setting.face == pairing.latin for setting in chooser(pairing).settings(text, True) if setting]
    assert latin == [False, False, True, True, True, False, False, False, False, False]
