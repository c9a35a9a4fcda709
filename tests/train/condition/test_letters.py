"""The encoder without weights: what becomes one token, that tokens can be told apart, and where characters stand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from synth.characters import standard
from train.condition.letters import LIMIT, Letters, Piece, pieces, vectors, wave

ENCODER = Letters()


def texts(caption: str) -> list[str]:
    return [piece.text for piece in pieces(caption)]


def test_words_outside_quotation_marks_and_characters_in_them() -> None:
    assert texts('A red Sign reads "Cat 猫".') == ["a", "red", "sign", "reads", "C", "a", "t", " ", "猫", "."]
    assert texts("Don't pay 10%") == ["don", "'", "t", "pay", "1", "0", "%"]
    assert texts("红色的字“你好”") == ["红", "色", "的", "字", "你", "好"]


@pytest.mark.parametrize("quoted", ['"ab"', "“ab”", "「ab」", "『ab』", "«ab»"])
def test_quotation_marks(quoted: str) -> None:
    assert pieces(f"x {quoted} y") == [Piece("x"), Piece("a", (0, 1, 0)), Piece("b", (1, 0, 0)), Piece("y")]


def test_marks_within_a_quotation_are_characters() -> None:
    assert texts('"a “b”"') == ["a", " ", "“", "b", "”"]
    assert pieces('"a" and "b"')[-1] == Piece("b", (0, 0, 1))


def test_an_open_quotation_is_none() -> None:
    assert texts('5" wide') == ["5", '"', "wide"]


def test_nothing_is_one_token() -> None:
    empty, blank = ENCODER.encode(["", " \n "])
    assert empty.shape == (1, ENCODER.width)
    assert torch.equal(empty, blank)


def test_long_captions_are_cut() -> None:
    assert len(ENCODER.encode(['"' + "字" * 5000 + '"'])[0]) == LIMIT


def test_every_standard_character_is_known_from_every_other_by_one_token() -> None:
    table = torch.stack([ENCODER.encode([f'"{character}"'])[0][0] for character in standard()])
    normed = torch.nn.functional.normalize(table, dim=1)
    likest = (normed @ normed.T).fill_diagonal_(0).max()
    assert len(table) == 8105
    assert likest < 0.6  # what they share is where they stand


def test_a_character_is_no_word_of_one() -> None:
    word, character = vectors([Piece("a"), Piece("a", (0, 0, 0))])
    assert not np.array_equal(word[:416], character[:416])


def test_places_are_told_apart_and_neighbours_are_alike() -> None:
    waves = wave(np.arange(LIMIT))
    waves /= np.linalg.norm(waves, axis=1, keepdims=True)
    likeness = waves @ waves.T
    assert np.sort(likeness, axis=1)[:, -2].max() < 0.999
    assert (likeness[0, 1:4] > likeness[0, 100]).all()


def test_the_vectors_never_change() -> None:
    """What a model learnt with must be what it is asked with, on any machine and by any release."""
    (token,) = vectors([Piece("猫", (1, 2, 0))])
    assert ENCODER.name == "letters-1"
    assert token[:12].tolist() == PINNED
    assert token[416:418] == pytest.approx([np.sqrt(2) * np.sin(1), np.sqrt(2) * np.sin(1000 ** (-1 / 15))], rel=1e-6)


PINNED = [-1, -1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1]


@given(st.text(max_size=60))
def test_any_text_is_encoded_alike_each_time(caption: str) -> None:
    tokens = ENCODER.encode([caption, caption])
    assert torch.equal(*tokens)
    assert 1 <= len(tokens[0]) <= max(1, len(caption))
    assert tokens[0].shape[1] == ENCODER.width <= 512
    assert tokens[0].dtype == torch.float32
    assert tokens[0].isfinite().all()
    alone = [vectors([piece])[0] for piece in pieces(caption)]
    np.testing.assert_allclose(tokens[0], alone, atol=1e-6)


def test_values_are_of_about_unit_variance() -> None:
    (tokens,) = ENCODER.encode(['A poster with the words "Grand Opening" and "今日开业" in red.'])
    assert 0.8 < tokens.square().mean() < 1.2
