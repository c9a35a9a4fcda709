import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from synth.sentences import Sentences

TEXTS = ["山高水长。", "水落石出。", "“𬉼”字少见。", "春天来了，山上的花都开了。", "Hello there."]
SEEDS = st.integers(0, 2**32)
CORPORA = st.lists(st.text(alphabet="山水花石𬉼a。，", min_size=1, max_size=12), min_size=1, max_size=30)


@given(CORPORA, st.sampled_from("山水花石𬉼a"))
def test_counts_the_sentences_that_hold_a_character(texts, character):
    expected = 0 if character == "a" else sum(character in text for text in texts)
    assert Sentences(texts).count(character) == expected


@given(CORPORA, st.sampled_from("山水花石𬉼"), st.integers(1, 14), SEEDS)
def test_finds_a_sentence_that_holds_the_character_and_fits(texts, character, most, seed):
    found = Sentences(texts).holding(np.random.default_rng(seed), character, most)
    assert found is None or (found in texts and character in found and len(found) <= most)
    if len(texts) <= 12:  # so few are all looked at
        assert (found is None) == (not any(character in text and len(text) <= most for text in texts))


def test_prefers_what_holds_more_of_what_is_wanted():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        assert Sentences(TEXTS).holding(rng, "山", 50, also="山花") == "春天来了，山上的花都开了。"


@given(CORPORA, st.integers(1, 14), st.integers(0, 10), SEEDS)
def test_fits_by_length(texts, least, more, seed):
    found = Sentences(texts).fitting(np.random.default_rng(seed), least, least + more)
    assert found in texts if found else not any(least <= len(text) <= least + more for text in texts)


@given(CORPORA, st.integers(0, 60), st.integers(0, 40), st.integers(0, 1), SEEDS)
def test_a_run_never_exceeds_its_room(texts, least, more, space, seed):
    found = Sentences(texts).run(np.random.default_rng(seed), least, least + more, space)
    length = sum(map(len, found)) + space * max(0, len(found) - 1)
    assert length <= least + more
    assert set(found) <= set(texts)


def test_a_run_follows_the_text():
    found = Sentences(TEXTS[:2] * 10).run(np.random.default_rng(3), 20, 40, 0)
    assert found in (["山高水长。", "水落石出。"] * 2, ["水落石出。", "山高水长。"] * 2)
