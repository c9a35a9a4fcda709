"""What is wished of a sample depends on (seed, index) alone, and is in balance."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.sample import GRADES, LANGUAGES, Wish
from synth.wishes import RATIOS, STEP, Mix, sides


def wide(wish: Wish) -> bool:
    return wish.width > 1.2 * wish.height and wish.grade != "word"


def any_shape(wish: Wish) -> bool:
    return True


KINDS = {"slides": wide, "cards": any_shape}

MIXES = st.builds(
    Mix,
    st.integers(0, 2**31 - 1),
    st.just(KINDS),
    st.sampled_from([LANGUAGES, ("zh",), ("en", "zh"), ("en",), ("zh", "mixed")]),
    st.sampled_from([GRADES, ("paragraph",), ("word", "line")]),
)


@given(MIXES, st.integers(0, 10**6))
def test_any_run_of_as_many_samples_as_there_are_choices_has_each_once(mix: Mix, block: int) -> None:
    pairs = len(mix.languages) * len(mix.grades)
    wishes = [mix.wish(index) for index in range(block * pairs, (block + 1) * pairs)]
    assert Counter((w.language, w.grade) for w in wishes) == {(n, g): 1 for n in mix.languages for g in mix.grades}


def test_only_the_ratios_that_are_named_are_wished() -> None:
    mix = Mix(1, {"cards": any_shape}, size=64, ratios=((1, 1), (2, 1)))
    assert {(w.width, w.height) for w in map(mix.wish, range(50))} == {(64, 64), (96, 48)}


@given(MIXES, st.integers(0, 300))
def test_samples_that_expose_are_numbered_one_after_the_other(mix: Mix, start: int) -> None:
    number = mix.exposing_before(start)
    for index in range(start, start + 20):
        assert mix.exposing_before(index) == number
        number += mix.exposes(index)
        wish = mix.wish(index)
        assert mix.exposes(index) == (wish.language != "en" and wish.grade == "paragraph")


@given(MIXES, st.integers(1, 2000))
def test_the_count_is_the_least_that_holds_so_many(mix: Mix, wanted: int) -> None:
    if mix.languages == ("en",) or "paragraph" not in mix.grades:
        with pytest.raises(ValueError, match="only Chinese or mixed paragraphs"):
            mix.count_for(wanted)
        return
    count = mix.count_for(wanted)
    assert mix.exposing_before(count) == wanted
    assert mix.exposing_before(count - 1) == wanted - 1


@given(st.sampled_from(RATIOS), st.integers(256, 2048))
def test_sides_are_multiples_and_keep_area_and_shape(ratio: tuple[int, int], size: int) -> None:
    width, height = sides(size, ratio)
    assert width % STEP == height % STEP == 0
    assert abs(width / height / (ratio[0] / ratio[1]) - 1) < 0.12
    assert abs(width * height / size**2 - 1) < 0.12


def test_kinds_get_what_they_can_be_made_as_and_seeds_differ() -> None:
    mix = Mix(3, KINDS)
    for index in range(90):
        assert KINDS[mix.kind(index)](mix.wish(index))
    turns = [mix.kind(index) for index in range(900) if mix.wish(index).grade != "word"]
    assert 0.45 < turns.count("slides") / len(turns) < 0.55
    assert len({(wish.width, wish.height) for wish in map(mix.wish, range(200))}) == len(RATIOS)
    assert [Mix(1, KINDS).wish(i) for i in range(9)] != [Mix(2, KINDS).wish(i) for i in range(9)]
    with pytest.raises(ValueError, match="nothing to make"):
        Mix(1, {"none": lambda wish: False}).kind(5)


def test_what_no_kind_can_be_made_as_is_not_wished() -> None:
    mix = Mix(3, {"slides": wide}, size=640)
    assert {mix.wish(index).grade for index in range(60)} == {"line", "paragraph"}
