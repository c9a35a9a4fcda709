import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.carriers import ALONE, NAMED, RARE, TOGETHER_PATTERNS, WITH_WORD, WORDED, carrier, room_for
from synth.characters import levels, standard
from synth.corpus import balanced
from synth.vocabulary import common, reading, words

CHARACTERS = st.lists(st.sampled_from(standard()), min_size=1, max_size=8, unique=True)


@settings(deadline=None)  # the first call reads the dictionary
@given(CHARACTERS, st.integers(1, 80), st.integers(0, 2**32))
def test_holds_every_character_or_says_that_it_does_not_fit(characters, room, seed):
    text = carrier(np.random.default_rng(seed), characters, room)
    if text is None:
        assert room < room_for(len(characters))
    else:
        assert len(text) <= room
        assert all(it in text for it in characters)
        assert balanced(text)
        assert text[-1] in "。？"
        assert "{" not in text


def test_there_is_one_for_each_of_the_8105():
    for number, it in enumerate(standard()):
        assert it in carrier(np.random.default_rng(number), [it], 60)


def test_is_varied():
    texts = {carrier(np.random.default_rng(seed), ["蠼"], 60) for seed in range(200)}
    assert len(texts) > 40
    patterns = ALONE + NAMED + RARE + TOGETHER_PATTERNS + WITH_WORD + WORDED
    assert len(set(patterns)) == len(patterns) > 40


@pytest.mark.parametrize(("it", "sound"), [("蠼", "qú"), ("饕", "tāo"), ("一", "yī")])
def test_readings(it, sound):
    assert reading(it) == sound


def test_words_hold_their_character_and_are_written_in_the_table():
    assert "饕餮" in words()["饕"]
    for it, held in words().items():
        assert all(it in word and 2 <= len(word) <= 4 and set(word) <= levels().keys() for word in held)
    assert len(words()) > 5500
    assert len(common()) > 4000
