"""Captions name all text verbatim, whatever it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import tokens
from annotate.agreement import letters
from annotate.checks import MAX_TOKENS
from annotate.refusal import refuses
from curation.synthesis.pieces import pieces
from curation.synthesis.prompt import LONGEST, prompt, quoted
from synth.sample import Discarded
from tests.curation.synthesis.made import line, sample

TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(deadline=None)  # the first call loads the vocabulary of the tokenizer
@given(st.lists(TEXTS, min_size=1, max_size=5), st.integers(0, 99))
def test_every_text_stands_in_the_caption_as_it_is(texts: list[str], seed: int) -> None:
    made = sample([line(text, 20 + 40 * at) for at, text in enumerate(texts)])
    caption = prompt(made, rng(seed))
    assert all(text in caption for text in texts)
    assert "cream paper" in caption
    assert len(caption) <= LONGEST


def test_a_text_that_looks_like_a_blank_is_text() -> None:
    made = sample([line("{rest} and {title}", role="title"), line("{scene}", 60), line("{font}", 90)])
    for seed in range(40):
        caption = prompt(made, rng(seed))
        assert all(f'"{text}"' in caption for text in made.paragraphs)


def test_marks_of_quotation_are_those_the_text_does_not_hold() -> None:
    assert quoted("Open") == '"Open"'
    assert quoted('say "yes"') == '“say "yes"”'
    assert quoted('"a" “b”') == '「"a" “b”」'
    assert quoted("two\nlines") == '"two lines"'


def test_wording_varies_and_depends_on_the_generator_alone() -> None:
    made = sample([line("Fresh bread every day.", 20)])
    captions = [prompt(made, rng(seed)) for seed in range(60)]
    assert captions == [prompt(made, rng(seed)) for seed in range(60)]
    assert len(set(captions)) > 30
    assert any("upper left" in caption for caption in captions)
    assert any("Inter Regular" in caption for caption in captions)
    assert not any('day.".' in caption or "{" in caption or refuses(caption) for caption in captions)


def test_a_picture_of_one_word_has_both_brief_and_whole_captions() -> None:
    made = sample([line("TEA")], brief="{text} in navy on white")
    captions = [prompt(made, rng(seed)) for seed in range(80)]
    brief = [caption for caption in captions if '"TEA" in navy on white' in caption]
    assert {'"TEA" in navy on white', '"TEA" in navy on white.', 'The word "TEA" in navy on white.'} <= set(brief)
    assert 40 < len(brief) < 75
    assert all("cream paper" in caption for caption in set(captions) - set(brief))


def test_a_title_is_called_one() -> None:
    made = sample([line("Our Year", 20, "title"), line("It went well", 80)])
    captions = [prompt(made, rng(seed)) for seed in range(20)]
    assert all(caption.index('"Our Year"') < caption.index('"It went well"') for caption in captions)
    assert all(any(word in caption for word in ("title", "head")) for caption in captions)


def test_what_may_go_goes_before_the_text_does() -> None:
    text = "x y " * 380
    made = sample([line("x")], [text.strip()])
    captions = [prompt(made, rng(seed)) for seed in range(20)]
    assert all(text.strip() in caption and len(caption) <= LONGEST for caption in captions)


@pytest.mark.parametrize("text", ["word " * 400, "𫗧" * 1100])
def test_text_too_long_for_a_caption_is_discarded(text: str) -> None:
    assert len(text) > LONGEST or tokens.count(text) > MAX_TOKENS
    with pytest.raises(Discarded) as caught:
        prompt(sample([line("x")], [text]), rng())
    assert caught.value.cause == "too much text for a caption"


def test_pieces_are_the_paragraphs_with_what_their_lines_say() -> None:
    lines = [line("A title", 10, "title"), line("one two", 100), line("three", 130), line("end", 260, "label")]
    found = pieces(sample(lines, ["A title", "one two three", "end"]))
    assert [(piece.text, piece.role) for piece in found] == [
        ("A title", "title"),
        ("one two three", "body"),
        ("end", "label"),
    ]
    assert found[0].y < 0.1 < found[1].y < 0.5 < 0.85 < found[2].y
    assert [piece.role for piece in pieces(sample(lines[1:], ["something else", "one two three"]))] == ["", "body"]


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_lines_are_found_again_whatever_they_hold(texts: list[str]) -> None:
    made = sample([line(text, 30 * at, role="label") for at, text in enumerate(texts)])
    known = [piece for piece in pieces(made) if letters(piece.text)]
    assert all(piece.role == "label" for piece in known)
