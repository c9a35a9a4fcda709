import hashlib
import os
import subprocess
import sys
from functools import lru_cache
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.characters import standard
from synth.corpus import CorpusError
from synth.exposure import Exposure, images_needed
from synth.source import WORDS, TextSource
from synth.structured import KINDS

LANGUAGES = st.sampled_from(["en", "zh", "mixed"])
NUMBERS = st.integers(0, 10**6)


@lru_cache(maxsize=1)
def source() -> TextSource:
    return TextSource()


@st.composite
def spans(draw, floor=1, ceiling=400):
    least = draw(st.integers(floor, ceiling))
    return least, least + draw(st.integers(0, 200))


@given(LANGUAGES, spans(), NUMBERS)
@settings(deadline=None)
def test_paragraphs_keep_to_their_length(language, span, number):
    text = source().for_sample(0, number).paragraph(np.random.default_rng(number), language, span)
    assert len(text) <= span[1]
    if span[0] >= 60 and span[1] - span[0] >= 20:
        assert len(text) >= span[0]


@given(st.sampled_from(["zh", "mixed"]), spans(100, 300), NUMBERS)
@settings(deadline=None)
def test_every_target_is_in_a_paragraph_of_a_hundred_characters(language, span, number):
    text = source().for_sample(3, number)
    paragraph = text.paragraph(np.random.default_rng(number), language, span)
    assert all(it in paragraph for it in text.targets)
    assert text.exposed == text.targets


@given(st.integers(2, 6), NUMBERS)
@settings(deadline=None)
def test_targets_are_spread_over_paragraphs_lines_and_bullets(count, number):
    for method, span in (("paragraphs", (50, 120)), ("lines", (6, 30)), ("bullets", (6, 30))):
        text = source().for_sample(4, number)
        parts = getattr(text, method)(np.random.default_rng(number), "zh", count, span)
        assert len(parts) == count
        assert all(0 < len(part) <= span[1] for part in parts)
        assert text.exposed == text.targets
        assert all(any(it in part for part in parts) for it in text.targets)


@given(LANGUAGES, st.integers(2, 60), st.integers(0, 40), NUMBERS)
@settings(deadline=None)
def test_lines_words_and_titles_fit_and_exposed_tells_the_truth(language, least, more, number):
    rng, text = np.random.default_rng(number), source().for_sample(5, number)
    span = (least, least + more)
    given = [text.line(rng, language, span), text.title(rng, language, span), text.words(rng, language, span)]
    assert all(0 < len(each) <= span[1] for each in given)
    assert set(text.exposed) == {it for it in text.targets if any(it in each for each in given)}


@given(LANGUAGES, NUMBERS)
def test_words_are_few(language, number):
    text = source().for_sample(6, number).words(np.random.default_rng(number), language)
    assert 1 <= len(text) <= WORDS[language][1]
    assert len(text.split()) <= 4


@given(LANGUAGES, st.sampled_from(KINDS), NUMBERS)
def test_every_short_text_is_written_in_every_language(language, kind, number):
    text, rng = source().for_sample(8, number), np.random.default_rng(number)
    written = text.short(rng, language, kind)
    assert written
    assert not set("{}") & set(written)
    assert set(text.exposed) == {it for it in text.targets if it in written}


def test_samples_do_not_see_one_another():
    first, second = source().for_sample(0, 1), source().for_sample(0, 1)
    first.paragraph(np.random.default_rng(0), "zh", (100, 200))
    assert second.exposed == ()
    assert source().targets == ()
    assert source().for_sample(0, 2).targets != second.targets


def test_every_character_is_shown_after_the_images_that_were_promised():
    shown = Exposure()
    for index in range(images_needed(1)):
        text = source().for_sample(7, index).paragraph(np.random.default_rng([7, index]), "zh", (100, 160))
        shown += Exposure.of([text])
    assert shown.least() >= 1
    assert len(shown.table()) == len(standard())


def digest() -> str:
    texts = []
    for index in (0, 5, 77):
        text, rng = source().for_sample(2, index), np.random.default_rng([2, index])
        for language in ("en", "zh", "mixed"):
            texts += [
                text.paragraph(rng, language),
                text.title(rng, language),
                *text.bullets(rng, language, 3, (6, 40)),
            ]
            texts += [text.words(rng, language), text.short(rng, language, "point")]
    return hashlib.sha256("|".join(texts).encode()).hexdigest()


def test_another_process_writes_the_same():
    program = "from tests.synth.test_source import digest; print(digest())"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == digest()


def test_a_corpus_of_ones_own_is_all_there_is(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("\n".join(f"The parcel number {number} came today." for number in range(60)), encoding="utf-8")
    own = TextSource([path])
    for seed in range(20):
        text = own.paragraph(np.random.default_rng(seed), "en", (80, 300))
        assert set(text.replace(".", "").split()) <= {"The", "parcel", "number", "came", "today", *map(str, range(60))}
    with pytest.raises(CorpusError, match="no sentence in Chinese"):
        own.for_sample(0, 0).paragraph(np.random.default_rng(0), "zh", (80, 300))


def test_words_come_out_of_a_list_as_long_as_asked(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("AB\nMOON\n猫\n春天\nSTATIONS\n", encoding="utf-8")
    source, rng = TextSource([path]), np.random.default_rng(1)
    assert {source.words(rng, "en", (1, 5)) for _ in range(50)} == {"AB", "MOON"}
    assert {source.words(rng, "zh") for _ in range(50)} == {"猫", "春天"}
    assert {source.words(rng, "mixed") for _ in range(99)} == {"AB", "MOON", "STATIONS", "猫", "春天"}
    with pytest.raises(CorpusError, match="no sentence in English"):
        source.line(rng, "en")


def test_a_paragraph_takes_little_time():
    rng, count = np.random.default_rng(0), 200
    source().for_sample(0, 0).paragraph(rng, "zh", (100, 400))
    start = process_time()
    for index in range(count):
        source().for_sample(0, index).paragraph(rng, ("zh", "mixed", "en")[index % 3], (100, 400))
    assert (process_time() - start) / count < 0.0015
