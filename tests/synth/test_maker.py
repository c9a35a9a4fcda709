"""Sample i is the same whatever was made before it, and what cannot be made is counted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from synth import maker
from synth.fonts import FontError
from synth.maker import ATTEMPTS, Failed, Made, Maker
from synth.sample import Discarded, Sample, Wish
from synth.source import TextSource
from synth.tiers import TIERS, Kind
from synth.wishes import Mix


def nothing(sample: Sample) -> None:
    """Accepts any sample."""


@pytest.fixture(scope="module")
def pure() -> Maker:
    return maker.build("pure", lambda kinds: Mix(5, kinds, size=512))


def same(one: Made[None], other: Made[None]) -> bool:
    equal = np.array_equal(one.sample.pixels, other.sample.pixels) and one.sample.lines == other.sample.lines
    return equal and one.discards == other.discards


def test_a_sample_does_not_depend_on_those_before_it(pure: Maker) -> None:
    forwards = [pure.make(index, nothing) for index in range(6)]
    backwards = [pure.make(index, nothing) for index in reversed(range(6))][::-1]
    assert all(map(same, forwards, backwards))
    assert len({made.sample.pixels.tobytes() for made in forwards}) == 6


def test_a_sample_that_is_refused_is_made_anew(pure: Maker) -> None:
    seen: list[Sample] = []

    def choosy(sample: Sample) -> str:
        seen.append(sample)
        if len(seen) < 3:
            raise Discarded("not nice", "enough")
        return "nice"

    made = pure.make(0, choosy)
    assert (made.result, made.discards["not nice"]) == ("nice", 2)
    assert made.attempts == made.discards.total() + 1
    assert len({sample.pixels.tobytes() for sample in seen}) == 3


def test_what_is_refused_again_and_again_fails(pure: Maker) -> None:
    def never(sample: Sample) -> None:
        raise Discarded("not nice", "at all")

    with pytest.raises(
        Failed, match=f"{ATTEMPTS} attempts .not nice {ATTEMPTS}.; the last: not nice: at all"
    ) as caught:
        pure.make(0, never)
    assert caught.value.discards.total() == ATTEMPTS


def test_targets_are_shown_in_order_by_the_samples_that_have_to() -> None:
    seen: dict[int, tuple[str, ...]] = {}

    def make(rng: np.random.Generator, wish: Wish, text: TextSource, all_of_them: bool) -> Sample:
        seen[wish.index] = text.targets
        shown = "".join(text.targets if all_of_them else text.targets[1:])
        from tests.curation.synthesis.made import line, sample

        return sample([line(shown)])

    def build(all_of_them: bool) -> Maker:
        return Maker({"": Kind(partial(make, all_of_them=all_of_them))}, mix, source, all_targets=True)

    source = TextSource()
    mix = Mix(5, {"": lambda wish: True}, grades=("line", "paragraph"))
    whole, lacking = build(True), build(False)
    exposing = [index for index in range(18) if mix.exposes(index)]
    for index in range(18):
        whole.make(index, nothing)
    assert [seen[index] for index in exposing] == [source.for_sample(5, n).targets for n in range(len(exposing))]
    with pytest.raises(Failed, match="target not shown"):
        lacking.make(exposing[0], nothing)
    assert lacking.make(next(i for i in range(18) if not mix.exposes(i)), nothing).attempts == 1


def test_a_corpus_of_ones_own_is_left_as_it_is_unless_targets_are_wished(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("".join(f"今天有{number}个人来了。" for number in range(60)), encoding="utf-8")
    wished: dict[bool, tuple[str, ...]] = {}

    def make(rng: np.random.Generator, wish: Wish, text: TextSource, named: bool) -> Sample:
        wished[named] = text.targets
        from tests.curation.synthesis.made import line, sample

        paragraph = text.paragraph(rng, "zh", (100, 200))
        assert named or set(paragraph) <= set("今天有个人来了。0123456789")
        return sample([line(paragraph)])

    for named in (False, True):
        kind = Kind(partial(make, named=named))
        mix = Mix(5, {"": kind.fits}, languages=("zh",), grades=("paragraph",))
        Maker({"": kind}, mix, TextSource([own]), all_targets=named).make(3, nothing)
    assert wished[False] == ()
    assert len(wished[True]) == 8


@pytest.mark.parametrize("tier", TIERS)
def test_each_tier_makes_what_is_wished(tier: str) -> None:
    ready = maker.build(tier, lambda kinds: Mix(9, kinds))
    for index in range(len(ready.kinds)):
        wish = ready.mix.wish(index)
        made = ready.make(index, nothing)
        assert made.sample.pixels.shape == (wish.height, wish.width, 3)
        assert made.sample.pixels.dtype == np.uint8
        assert all(line.text and line.chars for line in made.sample.lines)


def test_a_folder_without_fonts_is_said(tmp_path: Path) -> None:
    with pytest.raises(FontError):
        maker.build("pure", lambda kinds: Mix(5, kinds), fonts=[str(tmp_path)])
