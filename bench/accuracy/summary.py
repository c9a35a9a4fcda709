"""From single verdicts to a filter's rows and figures, with the targets beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.accuracy.figures import (
    CLEAN,
    CLEAR,
    WEAK,
    Judged,
    Range,
    best_cut,
    intervals,
    rates,
    wilson,
)
from bench.accuracy.results import Figure, Row

GRADES = (CLEAR, WEAK, CLEAN)
PRECISION, RECALL, F1, DROPPED, AREA = "precision", "recall", "F1", "clean dropped", "AUC"
PAIRS = "false pairs in 1,000 images"
"""Names of figures. Precision and F1 are at equal numbers of clear defects and clean images."""

RATES = {PRECISION: "precision", RECALL: "recall", F1: "f1", DROPPED: "dropped"}


@dataclass(frozen=True)
class Target:
    """A bound that a figure has to reach or, where it counts what goes wrong, must not exceed."""

    figure: str
    bound: float

    @property
    def words(self) -> str:
        if self.figure == DROPPED:
            return f"≤ {100 * self.bound:g} %"
        return f"{'≤' if self.figure == PAIRS else '≥'} {self.bound:g}"

    def met(self, value: float) -> bool:
        return value <= self.bound if self.figure in (DROPPED, PAIRS) else value >= self.bound


CLEAR_DEFECTS = (Target(F1, 0.95), Target(DROPPED, 0.02))
TARGETS = {
    "dedup": (Target(RECALL, 0.95), Target(PAIRS, 1.0)),
    "blur": CLEAR_DEFECTS,
    "exposure": CLEAR_DEFECTS,
    "entropy": CLEAR_DEFECTS,
    "nsfw": (Target(DROPPED, 0.01),),
    "watermark": (Target(RECALL, 0.9), Target(DROPPED, 0.02)),
    "text_density": (Target(F1, 0.95),),
}


def figure(name: str, value: float, interval: Range, targets: Sequence[Target] = ()) -> Figure:
    """With its target, if there is one among them."""
    target = next((target for target in targets if target.figure == name), None)
    return Figure(name, value, *interval, *((target.words, target.met(value)) if target else ()))


def rows(cases: Sequence[Judged]) -> tuple[Row, ...]:
    """One a grade and kind: the share dropped, which is right of defects and wrong of clean images.

    Kinds that cases also are of come after those that tell them apart.
    """
    hits: dict[tuple[int, bool, str], list[bool]] = {}
    for case in cases:
        for kind in (case.kind, *case.also):
            hits.setdefault((GRADES.index(case.grade), kind != case.kind, kind), []).append(case.dropped)
    return tuple(
        Row(kind, GRADES[grade], sum(found), len(found), *wilson(sum(found), len(found)))
        for (grade, _, kind), found in sorted(hits.items())
    )


def figures(cases: list[Judged], targets: Sequence[Target] = ()) -> tuple[Figure, ...]:
    """Those that can be told: of clean images alone only how many are dropped."""
    values, ranges = vars(rates(cases)), intervals(cases)
    return tuple(
        figure(name, values[key], ranges[key], targets) for name, key in RATES.items() if not math.isnan(values[key])
    )


def chosen(held: list[Judged], tune: list[Judged]) -> tuple[str, ...]:
    """What a threshold chosen on the other half would give here, as a sentence; none where there is nothing to choose
    by."""
    if not {CLEAR, CLEAN} <= {case.grade for case in tune}:
        return ()
    cut = best_cut(tune)
    there, here = rates(tune, cut), rates(held, cut)
    return (
        f"limits moved by {cut:.4g} (above 1: laxer), chosen on tune (F1 {there.f1:.3f}, clean dropped "
        f"{there.dropped:.3f}): recall {here.recall:.3f}, F1 {here.f1:.3f}, clean dropped {here.dropped:.3f}",
    )
