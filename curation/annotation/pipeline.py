"""The Beam pipeline of `curation annotate`, on the same portable subset of Beam as that of `curation run`.

An element is a stretch of units, references only. It is long, because at the end of each one slots stand empty until
its slowest reply is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import apache_beam as beam
from apache_beam.ml.inference.base import RunInference

from curation.annotation.handler import AnnotateUnits
from curation.annotation.settings import Settings
from curation.shards.unit import Unit

ROUNDS = 64
"""Rows of a stretch, in multiples of the slots of a worker: less than 2 % of their time is spent at its end."""


def build(pipeline: beam.Pipeline, settings: Settings, units: Iterable[Unit], done: set[int], workers: int) -> None:
    """Annotate `units` but those whose number is in `done`; each of so many `workers` gets at least one stretch."""
    todo = [unit for unit in units if unit.number not in done]
    share = -(-sum(unit.rows for unit in todo) // workers)
    (
        pipeline
        | "Stretches" >> beam.Create(list(stretches(todo, min(share, ROUNDS * settings.slots))), reshuffle=False)
        | "Spread" >> beam.Reshuffle()
        | "Annotate and write" >> RunInference(AnnotateUnits(settings).with_no_batching())
    )


def stretches(units: Iterable[Unit], rows: int) -> Iterator[list[Unit]]:
    """`units` in lists of at least `rows` rows each, but for the last."""
    stretch: list[Unit] = []
    for unit in units:
        stretch.append(unit)
        if sum(unit.rows for unit in stretch) >= rows:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
