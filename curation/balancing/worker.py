"""The work on one unit, as plain functions: first its best images of each node are named, then it is written."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from curation import storage
from curation.assess import DECODE, Outcome, first_look
from curation.balancing.mix import weights
from curation.balancing.node import UNKNOWN, node
from curation.balancing.quality import quality, signals
from curation.balancing.settings import SIGNALS, STAGE, Settings
from curation.commit import commit
from curation.output import work_folder
from curation.shards.plan import read_unit
from curation.shards.schema import BALANCED, Row
from curation.shards.unit import Unit, part
from filters.image import Image, tune_process

Rank = tuple[float, str]
"""(quality below 0, key): the best image comes first, of equal ones the first key."""

Best = tuple[int, list[Rank]]
"""Of a node: how many images there are, and the ranks of the best of them, none where all are kept."""

Cut = tuple[str, int, Rank | None]
"""A node, the number of its images that are kept, and the rank of the last, None where all are kept."""


@dataclass(frozen=True)
class Placed:
    """A row with what is known of it. `node` is empty where its image cannot be read."""

    row: Row
    outcome: Outcome
    node: str = ""

    @property
    def rank(self) -> Rank:
        return -self.outcome.signals[SIGNALS[0]], self.outcome.key


def look(unit: Unit, settings: Settings) -> Iterator[tuple[str, Best]]:
    """(node, best) of each node that the unit has images of, and in any case of `UNKNOWN`."""
    path = storage.join(work_folder(settings.output), "best", part(unit.number) + ".json")
    if not storage.exists(path):
        storage.write_atomic(path, json.dumps(_best(unit, settings)).encode())
    found = json.loads(storage.read_bytes(path))
    yield from ((name, (count, [tuple(rank) for rank in ranks])) for name, (count, ranks) in found.items())


def _best(unit: Unit, settings: Settings) -> dict[str, Best]:
    counts, ranks = Counter({UNKNOWN: 0}), dict[str, list[Rank]]()
    for placed in place(unit):
        if placed.node:
            counts[placed.node] += 1
            if settings.keep and settings.target.wants(placed.node):
                ranks.setdefault(placed.node, []).append(placed.rank)
    return {name: (count, heapq.nsmallest(settings.keep or 0, ranks.get(name, []))) for name, count in counts.items()}


def cut(grouped: tuple[str, Iterable[Best]], settings: Settings) -> tuple[None, Cut]:
    """Where a node is cut off, from the best of all units."""
    name, found = grouped[0], list(grouped[1])
    count = sum(each for each, _ in found)
    if not settings.target.wants(name):
        return None, (name, 0, None)
    if not settings.keep or count <= settings.keep:
        return None, (name, count, None)
    best = heapq.nsmallest(settings.keep, chain.from_iterable(ranks for _, ranks in found))
    return None, (name, settings.keep, best[-1])


def announce(gathered: tuple[None, Iterable[Cut]], numbers: Iterable[int]) -> Iterator[tuple[int, list[Cut]]]:
    """All cuts to each of the units `numbers`: some hundred bytes a node."""
    cuts = sorted((name, kept, last) for name, kept, last in gathered[1])
    yield from ((number, cuts) for number in numbers)


def write(grouped: tuple[int, Iterable[Any]], settings: Settings) -> Iterator[int]:
    """Write the unit in the group by the cuts in it."""
    items = list(grouped[1])
    cuts = next(item for item in items if not isinstance(item, Unit))
    for unit in items:
        if isinstance(unit, Unit):
            conclude(unit, settings, cuts)
            yield unit.number


def conclude(unit: Unit, settings: Settings, cuts: Iterable[Cut]) -> None:
    """Write shard, signals and rejects of a unit, and the marker, which has the unit's part in the mix."""
    known = {name: (kept, last) for name, kept, last in cuts}
    weight = weights({name: kept for name, (kept, _) in known.items()}, settings.target)
    last = {name: rank for name, (_, rank) in known.items() if rank is not None}
    mix: dict[str, list[int]] = {}

    def judged() -> Iterator[tuple[Row, Outcome]]:
        for placed in place(unit):
            row, outcome = _judge(placed, settings, weight, last)
            if placed.node:
                count = mix.setdefault(placed.node, [0, 0])
                count[0] += 1
                count[1] += outcome.kept
            yield row, outcome

    commit(settings.output, "parquet", unit, SIGNALS, judged(), BALANCED, also={"mix": mix, "weights": weight})


def _judge(
    placed: Placed, settings: Settings, weight: Mapping[str, float], last: Mapping[str, Rank]
) -> tuple[Row, Outcome]:
    row, outcome, name = placed.row, placed.outcome, placed.node
    if not name:
        return row, outcome
    if name == UNKNOWN:
        return row, outcome.drop(STAGE, "no annotation names its domain")
    if name not in weight:
        return row, outcome.drop(STAGE, settings.target.refusal(name))
    if name in last and placed.rank > tuple(last[name]):
        return row, outcome.drop(STAGE, f"{settings.keep} better ones of {name}")
    extra: dict[str, Any] = {"node": name, "weight": weight[name]}
    return replace(row, extra=extra), replace(outcome, signals=outcome.signals | {SIGNALS[1]: weight[name]})


def place(unit: Unit) -> Iterator[Placed]:
    """Each row of a unit with its node and its quality. Only headers of images are read."""
    tune_process()
    measured = signals(unit)
    for row in read_unit(unit):
        outcome = first_look(row)
        try:
            if row.error is not None:
                raise row.error
            assert row.data is not None
            image = Image(row.data)
        except Exception as error:  # an Unreadable says what; anything else of one image must not end the run either
            yield Placed(row, outcome.fail(DECODE, error))
            continue
        value = quality(image.width, image.height, measured.get(row.key, {}))
        outcome = replace(outcome, width=image.width, height=image.height, format=image.format)
        yield Placed(row, replace(outcome, signals={SIGNALS[0]: value}), node(row))
