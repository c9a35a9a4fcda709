"""The Beam pipeline of `curation synth`, on the same portable subset of Beam as that of `curation run`."""

from __future__ import annotations

from collections.abc import Iterable

import apache_beam as beam

from curation.shards.unit import Unit
from curation.synthesis.settings import Settings
from curation.synthesis.worker import write_unit


def build(pipeline: beam.Pipeline, settings: Settings, units: Iterable[Unit], done: set[int]) -> None:
    """Make `units` but those whose number is in `done`."""
    todo = [unit for unit in units if unit.number not in done]
    (
        pipeline
        | "Units" >> beam.Create(todo, reshuffle=False)
        | "Spread" >> beam.Reshuffle()
        | "Make and write" >> beam.Map(write_unit, settings)
    )
