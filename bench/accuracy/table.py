"""Prints what was measured: one table a filter, the target beside each figure and whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bench.accuracy.figures import (
    CLEAN,
    CLEAR,
    WEAK,
    Judged,
    Range,
    area_under_curve,
    best_cut,
    intervals,
    rates,
    wilson,
)

GRADES = (CLEAR, WEAK, CLEAN)


@dataclass(frozen=True)
class Target:
    """A bound that one of the figures `recall`, `dropped`, `f1` has to reach or must not exceed."""

    figure: str
    bound: float

    def met(self, value: float) -> bool:
        return value <= self.bound if self.figure == "dropped" else value >= self.bound

    def words(self, value: float) -> str:
        sign = "≤" if self.figure == "dropped" else "≥"
        return f"target {sign} {self.bound:g}: {'met' if self.met(value) else 'MISSED'}"


CLEAR_DEFECTS = (Target("f1", 0.95), Target("dropped", 0.02))
TARGETS = {
    "blur": CLEAR_DEFECTS,
    "exposure": CLEAR_DEFECTS,
    "entropy": CLEAR_DEFECTS,
    "watermark": (Target("recall", 0.9), Target("dropped", 0.02)),
    "text_density": (Target("f1", 0.95),),
    "nsfw": (Target("dropped", 0.01),),
    "dedup": (Target("recall", 0.95),),
}
FALSE_PAIRS = 1.0
"""Target: at most so many in 1,000 images."""

LABELS = {"precision": "precision*", "recall": "recall", "f1": "F1*", "dropped": "clean dropped"}


def kinds(cases: Sequence[Judged]) -> None:
    """A row a kind and grade: the share dropped, which is right of defects and wrong of clean images, by Wilson."""
    ordered = sorted(cases, key=lambda case: (GRADES.index(case.grade), case.kind))
    for (grade, kind), group in groupby(ordered, key=lambda case: (case.grade, case.kind)):
        hits = [case.dropped for case in group]
        low, high = wilson(sum(hits), len(hits))
        share = f"{sum(hits) / len(hits):7.3f}  [{low:.3f}, {high:.3f}]  {sum(hits)} of {len(hits)}"
        print(f"  {f'{kind} [{grade}]':<56}{share}")


def whole(name: str, held: list[Judged], tune: list[Judged], peer: list[bool] | None, wants_peer: bool) -> None:
    """Everything of one filter that judges images one by one."""
    sources = len({case.source for case in held})
    print(f"\n{name}: {len(held)} images of {sources} hold-out sources, default thresholds")
    kinds(held)
    figures, ranges = vars(rates(held)), intervals(held)
    defects = any(case.grade == CLEAR for case in held)
    for key, label in LABELS.items():
        if defects or key == "dropped":
            line(label, figures[key], ranges[key], next((t for t in TARGETS[name] if t.figure == key), None))
    if defects:
        print(f"  {'AUC':<56}{area_under_curve(held):7.3f}")
        chosen(held, tune)
    if wants_peer:
        beside(held, peer)


def line(label: str, value: float, interval: Range, target: Target | None) -> None:
    note = target.words(value) if target else ""
    print(f"  {label:<56}{value:7.3f}  [{interval[0]:.3f}, {interval[1]:.3f}]  {note}".rstrip())


def chosen(held: list[Judged], tune: list[Judged]) -> None:
    """What a threshold chosen on the other half would give here."""
    if not {CLEAR, CLEAN} <= {case.grade for case in tune}:
        return
    cut = best_cut(tune)
    there, here = rates(tune, cut), rates(held, cut)
    print(
        f"  limits moved by {cut:.4g} (above 1: laxer), chosen on tune (F1* {there.f1:.3f}, clean dropped "
        f"{there.dropped:.3f}): recall {here.recall:.3f}, F1* {here.f1:.3f}, clean dropped {here.dropped:.3f}"
    )


def beside(held: list[Judged], peer: list[bool] | None) -> None:
    """cleanvision on the same images."""
    if peer is None:
        print("  cleanvision: not installed")
        return
    theirs = [Judged(case.source, case.kind, case.grade, float(hit), hit) for case, hit in zip(held, peer, strict=True)]
    got = rates(theirs)
    print(
        f"  cleanvision's defaults on the same images: precision* {got.precision:.3f}, recall {got.recall:.3f}, "
        f"F1* {got.f1:.3f}, clean dropped {got.dropped:.3f}"
    )


def duplicates(found: list[Judged], false: dict[str, int], images: int, names: str) -> None:
    """The pairs of one tool: recall by kind of copy, false pairs by kind of look-alike."""
    print(f"\ndedup, {names}: {len(found)} copies, {images} different images")
    kinds(found)
    for what, more in (("cropped ≤ 2 %", ()), ("cropped ≤ 5 %", ("cropped by 5%",))):
        hits = [case.dropped for case in found if case.grade == CLEAR or case.kind in more]
        recall = sum(hits) / len(hits)
        line(f"recall: re-encoded, resized, tone, {what}", recall, wilson(sum(hits), len(hits)), TARGETS["dedup"][0])
    count = sum(false.values())
    per = 1000 * count / images
    met = "met" if per <= FALSE_PAIRS else "MISSED"
    print(f"  {'false pairs in 1,000 images':<56}{per:7.2f}  {count} in all; target ≤ {FALSE_PAIRS:g}: {met}")
    for kind, number in sorted(false.items()):
        print(f"    {kind}: {number}")
