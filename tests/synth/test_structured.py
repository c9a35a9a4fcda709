import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.splitting import HAN
from synth.structured import ABOUT_WORDS, KINDS, chart, fill, short, words

LANGUAGES = st.sampled_from(["en", "zh"])
SEEDS = st.integers(0, 2**32)


@given(LANGUAGES, st.sampled_from([kind for kind in KINDS if kind not in ABOUT_WORDS]), SEEDS)
def test_every_kind_is_written_in_either_language(language, kind, seed):
    text = short(np.random.default_rng(seed), language, kind)
    assert text
    assert text == text.strip()
    assert not re.search(r"[{}]", text)
    assert text == short(np.random.default_rng(seed), language, kind)
    if language == "en":
        assert not re.search(f"[{HAN}]", text)


FORMS = {
    "price": r"[$£€¥]\d[\d,]*(\.\d\d)?|\d+元",
    "percentage": r"\d{1,2}(\.\d)?%",
    "email": r"[a-z]+\.[a-z]+@[a-z]+\.example",
    "website": r"www\.[a-z]+\.example",
    "number": r"\d{1,3}(,\d{3})*",
    "year": r"20\d\d",
}


@given(LANGUAGES, st.sampled_from(sorted(FORMS)), SEEDS)
def test_forms(language, kind, seed):
    assert re.fullmatch(FORMS[kind], short(np.random.default_rng(seed), language, kind))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_pattern_can_be_filled(language):
    for kind in ("title", "point", "sentence", "message", *(["bilingual"] if language == "zh" else [])):
        for number, pattern in enumerate(words(language)[kind]):
            text = fill(np.random.default_rng(number), language, pattern, word="竹林", word2="石桥")
            assert text
            assert not re.search(r"[{}]", text)


@given(LANGUAGES, st.integers(1, 12), SEEDS)
def test_charts_have_as_many_labels_as_asked_none_twice(language, count, seed):
    rows = chart(np.random.default_rng(seed), language, count)
    assert len(rows) == count == len({label for label, _ in rows})
    assert all(value > 0 and value == round(value, 1) for _, value in rows)
