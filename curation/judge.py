"""The work on one unit, as plain functions: the first pass fingerprints it, the second judges and writes it.

Everything a unit yields is written under names that its number gives, each file whole or not at all, the done
marker last: a unit counts once its marker is there, and doing it again writes the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from curation import fingerprints, storage
from curation.assess import Candidate, Outcome, assess, columns
from curation.commit import commit
from curation.fingerprints import Fingerprints
from curation.output import work_folder
from curation.recipe import Recipe
from curation.shards.plan import read_unit
from curation.shards.schema import CURATED, Row, widened
from curation.shards.unit import Unit
from curation.sorting import parts_of
from filters.base import Filter
from filters.dedup import Dedup
from filters.image import tune_process

Id = tuple[int, int]
"""(unit number, row in the unit)."""

Drops = Mapping[int, tuple[str, int, str]]
"""Duplicates in a unit: row → (key of the kept copy, distance, reason)."""


def split(stages: tuple[Filter, ...]) -> tuple[list[Filter], Dedup | None, list[Filter]]:
    """(stages before dedup, dedup or None, stages after): dedup sees all images, so it makes two passes of a run."""
    for at, stage in enumerate(stages):
        if isinstance(stage, Dedup):
            return list(stages[:at]), stage, list(stages[at + 1 :])
    return [], None, list(stages)


def fingerprint(unit: Unit, recipe: Recipe) -> Fingerprints:
    """First pass over a unit; read from its file if that is there."""
    before, dedup, _ = split(recipe.stages)
    assert dedup is not None
    work = work_folder(recipe.output)
    if not storage.exists(fingerprints.path(work, unit.number)):
        tune_process()
        rows = ((row, None) for row in read_unit(unit))
        candidates = [noted(candidate) for candidate in assess(rows, before, dedup.fingerprint)]
        fingerprints.save(work, unit.number, candidates)
    return Fingerprints.load(work, unit.number)


def noted(candidate: Candidate) -> Candidate:
    """The candidate with dedup's texture among its signals, and without its bytes: a unit of them is held."""
    outcome = candidate.outcome
    if outcome.kept:
        outcome = replace(outcome, signals=outcome.signals | {"dedup.texture": candidate.note.texture})
    return replace(candidate, row=Row(candidate.row.key, candidate.row.source), outcome=outcome)


def judge(unit: Unit, recipe: Recipe, drops: Drops) -> Mapping[str, Any]:
    """Second pass: run the remaining stages, write shard, signals, rejects and the marker. Returns the counts."""
    tune_process()
    candidates = assess(_with_outcomes(unit, recipe, drops), split(recipe.stages)[2])
    sorters = [stage for stage in recipe.stages if stage.parts]
    counts = {stage.name: Counter[str]() for stage in sorters}

    def judged() -> Iterator[tuple[Row, Outcome]]:
        for candidate in candidates:
            found = parts_of(candidate.outcome, sorters) if candidate.outcome.kept else {}
            for name, part in found.items():
                counts[name][part] += 1
            yield replace(candidate.row, extra=found), candidate.outcome

    schema, also = (widened(counts), {"parts": counts}) if counts else (CURATED, None)
    signals = columns(recipe.stages)
    return commit(recipe.output, recipe.output_format, unit, signals, judged(), schema, also=also)


def _with_outcomes(unit: Unit, recipe: Recipe, drops: Drops) -> Iterator[tuple[Row, Outcome | None]]:
    """The unit's rows with what the first pass and the grouping found."""
    _, dedup, _ = split(recipe.stages)
    if dedup is None:
        yield from ((row, None) for row in read_unit(unit))
        return
    earlier = Fingerprints.load(work_folder(recipe.output), unit.number).outcomes()
    for number, (row, outcome) in enumerate(zip(read_unit(unit), earlier, strict=True)):
        if outcome.kept and number in drops:
            kept, distance, reason = drops[number]
            measured = outcome.signals | {"dedup.distance": float(distance)}
            outcome = replace(outcome.drop("dedup", reason), signals=measured, duplicate_of=kept)
        yield row, outcome
