"""The Beam pipeline of a run. Every verb is a plain function of another module; here they are wired.

It keeps to the subset of Beam on which every runner gives the same output: small records, one leaf, no state, no
tagged outputs, no `finish_bundle`, no Beam sinks. Workers read and write files themselves, under names given by
the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam

from curation.duplicates import GroupDuplicates, Seen, group, seen
from curation.fingerprints import Fingerprints
from curation.judge import Drops, fingerprint, judge, split
from curation.output import work_folder
from curation.recipe import Recipe
from curation.shards.unit import Unit

Look = Callable[[Any, Recipe], Iterator[tuple[bytes, Seen]]]
"""What the first pass does with a unit: the group and the views of each image that is compared."""

Finish = Callable[[tuple[int, Iterable[Any]], Recipe], Iterator[int]]
"""What the second does with a unit and its duplicates, under its number."""


def build(
    pipeline: beam.Pipeline,
    recipe: Recipe,
    units: list[Unit],
    done: set[int],
    look: Look,
    finish: Finish,
) -> None:
    """Look at `units` and finish them; those whose number is in `done` are compared with, but not written again."""
    todo = [unit for unit in units if unit.number not in done]
    work = pipeline | "Units" >> beam.Create(todo, reshuffle=False) | "By number" >> beam.Map(by_number)
    _, dedup, _ = split(recipe.stages)
    if dedup is not None:
        drops = (
            pipeline
            | "Row groups" >> beam.Create(units, reshuffle=False)
            | "Spread" >> beam.Reshuffle()
            | "Fingerprint" >> beam.FlatMap(look, recipe)
            | "Group duplicates" >> GroupDuplicates(dedup, work_folder(recipe.output), sum(u.rows for u in units))
        )
        work = (work, drops) | "With their duplicates" >> beam.Flatten()
    (work | "Back to row groups" >> beam.GroupByKey() | "Judge and write" >> beam.FlatMap(finish, recipe))


def by_number(unit: Unit) -> tuple[int, Any]:
    return unit.number, unit


def fingerprints(unit: Unit, recipe: Recipe) -> Iterator[tuple[bytes, Seen]]:
    """The group and the views of every image of the unit that is still in."""
    yield from in_groups(unit, recipe, fingerprint(unit, recipe))


def in_groups(unit: Unit, recipe: Recipe, found: Fingerprints) -> Iterator[tuple[bytes, Seen]]:
    """The group and the views of every image of the unit that has a fingerprint."""
    _, dedup, _ = split(recipe.stages)
    assert dedup is not None
    for row, image in found.alive():
        yield group(dedup, image), seen((unit.number, row), image)


def judge_and_write(grouped: tuple[int, Iterable[Any]], recipe: Recipe) -> Iterator[int]:
    """Judge the unit in the group with its duplicates; nothing if only duplicates are there: it was done before."""
    units, drops = parted(grouped[1])
    for unit in units:
        judge(unit, recipe, drops)
        yield unit.number


def parted(items: Iterable[Any]) -> tuple[list[Any], Drops]:
    """The units among `items`, and the duplicates."""
    units, drops = [], {}
    for item in items:
        if isinstance(item, Unit):
            units.append(item)
        else:
            drops[item[0]] = tuple(item[1:])
    return units, drops
