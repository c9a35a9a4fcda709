"""Measures one filter on its hold-out, and other tools on the same images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from bench.accuracy import blur, dedup, entropy, exposure, nsfw, peers, text_density, watermark
from bench.accuracy.figures import CLEAN, CLEAR, Case, Judged, area_under_curve, intervals, judge, rates, wilson
from bench.accuracy.results import Figure, Peer, Result
from bench.accuracy.sources import HALVES, Source
from bench.accuracy.summary import AREA, PAIRS, RECALL, TARGETS, Target, chosen, figure, figures, rows
from bench.watermark.artist import Artist
from filters.base import Filter

TUNE, HELD = HALVES
PLAIN: dict[str, Callable[[Source], Iterable[Case]]] = {
    "blur": blur.cases,
    "exposure": exposure.cases,
    "entropy": entropy.cases,
    "nsfw": nsfw.cases,
}
LETTERED: dict[str, Callable[[Source, Artist], Iterable[Case]]] = {
    "watermark": watermark.cases,
    "text_density": text_density.cases,
}
FILTERS = ("dedup", *PLAIN, *LETTERED)
LARGER_CROP = "cropped by 5%"


def half(name: str, sources: Iterable[Source], half: str) -> list[Source]:
    """The sources of one half as the filter of that name has it: the watermark detector keeps its training's split."""
    half_of = watermark.half if name == "watermark" else lambda source: source.half
    return [source for source in sources if half_of(source) == half]


def cases(name: str, sources: Iterable[Source], artist: Artist) -> Iterator[Case]:
    for source in sources:
        yield from PLAIN[name](source) if name in PLAIN else LETTERED[name](source, artist)


def one(filter: Filter, held: Sequence[Case], tune: Iterable[Case] = (), ask_peer: bool = True) -> Result:
    """A filter that judges images one by one, at its thresholds."""
    name, judged = filter.name, list(judge(filter, held))
    notes = chosen(judged, list(judge(filter, tune)))
    found: tuple[Peer, ...] = ()
    if ask_peer and name in peers.ISSUES:
        verdicts = peers.verdicts(name, [case.data for case in held])
        if verdicts is None:
            notes += ("cleanvision: not installed",)
        else:
            theirs = [Judged(c.source, c.kind, c.grade, float(hit), hit) for c, hit in zip(held, verdicts, strict=True)]
            found = (Peer(peers.version("cleanvision"), figures(theirs)),)
    told = figures(judged, TARGETS[name])
    if {CLEAR, CLEAN} <= {case.grade for case in judged}:
        told += (figure(AREA, *area_under_curve(judged)),)
    return Result(len(held), len({case.source for case in held}), rows(judged), told, found, notes)


def duplicates(sources: list[Source], ask_peers: bool = True) -> Result:
    """Copies among look-alikes, by us and by others."""
    made, different = dedup.built(sources)
    found, false = dedup.ours(made, different)
    notes = tuple(f"merged by mistake: {one.source} and {other.source}" for one, other in false[:20])
    others = []
    originals = {image.source: number for number, image in enumerate(different)}
    for name in ("cleanvision", "imagededup") if ask_peers else ():
        pairs = peers.merged(name, [copy.data for copy in different + made])
        if pairs is None:
            notes += (f"{name}: not installed",)
            continue
        theirs = [
            dedup.pair(copy, (originals[copy.source], len(different) + number) in pairs)
            for number, copy in enumerate(made)
        ]
        wrong = [(different[i], different[j]) for i, j in sorted(pairs) if j < len(different)]
        others.append(Peer(peers.version(name), merging(theirs, different, wrong)[1]))
    judged, told = merging(found, different, false, TARGETS["dedup"])
    return Result(len(judged), len(sources), rows(judged), told, tuple(others), notes)


def merging(
    copies: list[Judged], different: list[Case], false: list[tuple[Case, Case]], targets: Sequence[Target] = ()
) -> tuple[list[Judged], tuple[Figure, ...]]:
    """The verdicts and figures of a tool that merges: a copy is found with its original, an image of its own is dropped
    by mistake if it stands in a false pair."""
    wrong = {image.source for pair in false for image in pair}
    kept = [Judged(i.source, i.kind, CLEAN, float(i.source in wrong), i.source in wrong) for i in different]
    judged = [replace(case, source=case.source.split(" ")[0]) for case in copies + kept]  # look-alikes: "NAME pan 1"
    told = figures(judged, targets)
    wider = [replace(case, grade=CLEAR) if case.kind == LARGER_CROP else case for case in judged]
    if wider != judged:
        recall, among = rates(wider).recall, intervals(wider)["recall"]
        told += (figure(f"{RECALL}, crops of 5 % too", recall, among),)
    pairs = len(different) * (len(different) - 1) // 2
    low, high = (share * pairs * 1000 / len(different) for share in wilson(len(false), pairs))
    return judged, (*told, figure(PAIRS, len(false) * 1000 / len(different), (low, high), targets))
