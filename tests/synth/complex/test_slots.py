"""Texts for slots and lists: short enough, in the language asked for, none twice while there are others."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from synth.complex.slots import SLOTS, Chooser
from synth.sample import Discarded
from synth.source import TextSource

LISTS = {"colours": {"en": ("Red", "Green", "Blue", "Ultramarine"), "zh": ("红", "绿", "蓝", "群青色")}}


@cache
def source() -> TextSource:
    return TextSource()


def chooser(language: str, seed: int = 1) -> Chooser:
    return Chooser(np.random.default_rng(seed), source(), language, LISTS)


@pytest.mark.parametrize("language", ["en", "zh", "mixed"])
@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_writes(slot: str, language: str) -> None:
    text, said = chooser(language).choose({"slot": slot}, None)
    assert text == text.strip()
    assert text
    assert said in ("en", "zh")


@pytest.mark.parametrize("slot", ["title", "line", "words", "paragraph"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_prose_keeps_to_its_limit(slot: str, language: str) -> None:
    for seed in range(10):
        try:
            text, _ = chooser(language, seed).choose({"slot": slot}, 30)
        except Discarded as refusal:
            assert refusal.cause == "text does not fit"  # noqa: PT017
        else:
            assert len(text) <= 30


def test_lists_are_used_up_before_anything_comes_twice() -> None:
    taking = chooser("en")
    assert {taking.choose({"pick": ("colours",)}, None)[0] for _ in range(4)} == set(LISTS["colours"]["en"])


def test_a_limit_leaves_what_is_short_enough() -> None:
    assert {chooser("en", seed).choose({"pick": ("colours",)}, 3)[0] for seed in range(9)} == {"Red"}
    with pytest.raises(Discarded, match="text does not fit"):
        chooser("en").choose({"pick": ("colours",)}, 2)


def test_sums_of_a_sample_share_their_sign() -> None:
    taking = chooser("en", 5)
    signs = {taking.choose({"slot": slot}, None)[0][0] for slot in ("price", "amount", "small_amount") * 6}
    assert len(signs) == 1
