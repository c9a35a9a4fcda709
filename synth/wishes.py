"""What each sample of a run is to be: language, grade, kind and shape, from (seed, index) alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

import numpy as np

from synth.sample import GRADES, LANGUAGES, Wish

RATIOS = ((1, 1), (2, 3), (3, 2), (3, 4), (4, 3), (9, 16), (16, 9), (1, 3), (3, 1))
"""Width to height, as in the first stage of the Qwen-Image report (arXiv 2508.02324); each as often as any other."""

STEP = 16
"""Sides are multiples of this many pixels: what a patch of the generator covers."""

Ratio = tuple[int, int]

Fits = Callable[[Wish], bool]
"""Whether a kind of picture can be made in the shape, language and grade of a wish."""

_TEXT, _KIND, _RATIO = 0x74657874, 0x6B696E64, 0x72617469
"""Set the choices apart from each other and from every other use of the seed."""


@dataclass(frozen=True)
class Mix:
    """`kinds`: what the tier makes, each with what it can be made as. `size`²: about the pixels of an image, in one of
    the `ratios`.

    All pairs of a language and a grade that can be made come equally often: of as many samples in a row as there
    are pairs each is one, in an order drawn from the seed. Kinds take turns likewise, of those that can be made in
    such a pair. Raises ValueError, when it is first asked, where nothing can be made.
    """

    seed: int
    kinds: Mapping[str, Fits]
    languages: tuple[str, ...] = LANGUAGES
    grades: tuple[str, ...] = GRADES
    size: int = 1024
    ratios: tuple[Ratio, ...] = RATIOS

    def wish(self, index: int) -> Wish:
        """What sample `index` is to be."""
        language, grade = self._texts[_place(_TEXT, self.seed, len(self._texts), index)]
        ratios = self._shapes[language, grade][self.kind(index)]
        ratio = ratios[int(np.random.default_rng([_RATIO, self.seed, index]).integers(len(ratios)))]
        return Wish(self.seed, index, *sides(self.size, ratio), language, grade)

    def kind(self, index: int) -> str:
        """Which of the kinds sample `index` is."""
        kinds = tuple(self._shapes[self._texts[_place(_TEXT, self.seed, len(self._texts), index)]])
        return kinds[_place(_KIND, self.seed, len(kinds), index)]

    def exposes(self, index: int) -> bool:
        """Whether the sample has to show its target characters: it holds a paragraph of Chinese, which has room."""
        return self._exposing[_place(_TEXT, self.seed, len(self._texts), index)]

    def exposing_before(self, index: int) -> int:
        """How many of the samples 0 to `index` - 1 have to show their targets."""
        block, within = divmod(index, len(self._texts))
        order = permutation(_TEXT, self.seed, len(self._texts), block)
        return block * sum(self._exposing) + sum(self._exposing[place] for place in order[:within])

    def count_for(self, exposing: int) -> int:
        """The fewest samples, from 0 on, of which `exposing` have to show their targets. Raises ValueError if none
        ever has to."""
        share = sum(self._exposing)
        if not share:
            raise ValueError("only Chinese or mixed paragraphs have room for the characters")
        index = max(0, exposing // share - 1) * len(self._texts)
        while self.exposing_before(index) < exposing:
            index += 1
        return index

    @cached_property
    def _texts(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._shapes)

    @cached_property
    def _shapes(self) -> dict[tuple[str, str], dict[str, tuple[Ratio, ...]]]:
        """For each language and grade that any kind can be made in the kinds that can, and in which ratios."""
        found = {}
        for text in product(self.languages, self.grades):
            fitting = {
                kind: tuple(ratio for ratio in self.ratios if fits(self._as(ratio, text)))
                for kind, fits in self.kinds.items()
            }
            able = {kind: ratios for kind, ratios in fitting.items() if ratios}
            if able or not self.kinds:
                found[text] = able
        if not found:
            raise ValueError(
                f"there is nothing to make: of the grades {', '.join(self.grades)} none fits about "
                f"{self.size}×{self.size} pixels in these ratios and languages"
            )
        return found

    def _as(self, ratio: Ratio, text: tuple[str, str]) -> Wish:
        return Wish(self.seed, 0, *sides(self.size, ratio), *text)

    @cached_property
    def _exposing(self) -> tuple[bool, ...]:
        return tuple(language != "en" and grade == GRADES[-1] for language, grade in self._texts)


def _place(stream: int, seed: int, choices: int, index: int) -> int:
    block, within = divmod(index, choices)
    return permutation(stream, seed, choices, block)[within]


@lru_cache(maxsize=256)
def permutation(stream: int, seed: int, choices: int, block: int) -> tuple[int, ...]:
    """0 to `choices` - 1 in an order of the block's own."""
    return tuple(np.random.default_rng([stream, seed, block]).permutation(choices).tolist())


def sides(size: int, ratio: Ratio) -> tuple[int, int]:
    """Width and height in pixels, multiples of STEP, of about `size`² pixels in this ratio."""
    stretch = (ratio[0] / ratio[1]) ** 0.5
    return max(STEP, round(size * stretch / STEP) * STEP), max(STEP, round(size / stretch / STEP) * STEP)
