"""Makes sample i of a tier: the same one in any process, whatever was made before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from synth.font_packages import find_faces
from synth.sample import Discarded, Sample
from synth.source import TextSource
from synth.tiers import TIERS, Kind, Kit, Photos, check_engines
from synth.wishes import Fits, Mix

ATTEMPTS = 16
"""How often a sample is tried before it counts as failed."""

T = TypeVar("T")

_APART = 0x6D6F7265
"""Sets the targets of samples that need not show all of theirs apart from those that count."""


class Failed(Exception):
    """A sample that could not be made within ATTEMPTS. `discards`: attempts by cause; `last` says it in words."""

    def __init__(self, discards: Counter[str], last: Discarded):
        causes = ", ".join(f"{cause} {count}" for cause, count in sorted(discards.items()))
        super().__init__(f"given up after {discards.total()} attempts ({causes}); the last: {last}")
        self.discards, self.last = discards, last


@dataclass(frozen=True)
class Made(Generic[T]):
    """What came of one sample: `result` is what `accept` made of it. `discards`: attempts given up, by cause."""

    sample: Sample
    result: T
    attempts: int
    discards: Counter[str] = field(default_factory=Counter)


class Maker:
    """A tier at work: `kinds` take turns as `mix` has it, with text from `source`.

    `all_targets`: a sample that should show target characters and lacks one is given up, so that all are shown.
    """

    def __init__(self, kinds: Mapping[str, Kind], mix: Mix, source: TextSource, all_targets: bool = False):
        self.kinds, self.mix, self.source, self.all_targets = kinds, mix, source, all_targets

    @property
    def engines(self) -> dict[str, str]:
        """Versions by name of the engines that draw."""
        names = {kind.engine for kind in self.kinds.values() if kind.engine}
        return {name: version for name, _, version in (each.rpartition(" ") for each in names)}

    def make(self, index: int, accept: Callable[[Sample], T]) -> Made[T]:
        """Sample `index`. `accept` may refuse it by raising Discarded, as a tier does. Raises Failed.

        Attempt n draws from the generator of (seed, index, n) and nothing else.
        """
        wish, make = self.mix.wish(index), self.kinds[self.mix.kind(index)].make
        discards = Counter[str]()
        while True:
            rng, text = np.random.default_rng([wish.seed, index, discards.total()]), self._text(index)
            try:
                sample = make(rng, wish, text)
                self._check_targets(index, sample, text)
                return Made(sample, accept(sample), discards.total() + 1, discards)
            except Discarded as discarded:
                discards[discarded.cause] += 1
                if discards.total() == ATTEMPTS:
                    raise Failed(discards, discarded) from discarded

    def _text(self, index: int) -> TextSource:
        """Texts with target characters in them, but for a corpus that a person named without asking for targets."""
        if self.source.own and not self.all_targets:
            return copy(self.source)
        if self.mix.exposes(index):
            return self.source.for_sample(self.mix.seed, self.mix.exposing_before(index))
        return self.source.for_sample(self.mix.seed ^ _APART, index)

    def _check_targets(self, index: int, sample: Sample, text: TextSource) -> None:
        if not self.all_targets or not self.mix.exposes(index):
            return
        drawn = "".join(line.text for line in sample.lines)
        if lacking := [character for character in text.targets if character not in drawn]:
            raise Discarded("target not shown", " ".join(lacking))


def build(
    tier: str,
    mix: Callable[[Mapping[str, Fits]], Mix],
    corpora: Sequence[Path] = (),
    fonts: Sequence[str] = (),
    templates: Path | None = None,
    photos: Photos = (),
    all_targets: bool = False,
    engines: Sequence[str] = (),
) -> Maker:
    """The maker of a tier of TIERS, once a process. `mix` is given the kinds of the tier with what they fit;
    `engines`: those of ENGINES to be used.

    Raises FontError, CorpusError, TemplateError, NoTemplate, EngineError, or what an engine raises that is not
    installed: ValueErrors with one line that says what is wrong.
    """
    check_engines(tier, engines)
    kinds = TIERS[tier](Kit(find_faces(tuple(fonts)), templates, photos, tuple(engines)))
    ready = mix({name: kind.fits for name, kind in kinds.items()})
    return Maker(kinds, ready, TextSource(corpora), all_targets)
