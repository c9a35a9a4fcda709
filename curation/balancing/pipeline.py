"""The Beam pipeline of `curation balance`, on the same portable subset of Beam as that of `curation run`.

Keys and qualities of the best images of each unit are shuffled, and where each node is cut off; never an image.
"""

from __future__ import annotations

import apache_beam as beam

from curation.balancing.settings import Settings
from curation.balancing.worker import announce, cut, look, write
from curation.pipeline import by_number
from curation.shards.unit import Unit


def build(pipeline: beam.Pipeline, settings: Settings, units: list[Unit], done: set[int]) -> None:
    """Look at all `units`, and write those whose number is not in `done`."""
    todo = [unit for unit in units if unit.number not in done]
    cuts = (
        pipeline
        | "Units" >> beam.Create(units, reshuffle=False)
        | "Spread" >> beam.Reshuffle()
        | "Look" >> beam.FlatMap(look, settings)
        | "By node" >> beam.GroupByKey()
        | "Cut" >> beam.Map(cut, settings)
        | "In one place" >> beam.GroupByKey()
        | "Announce" >> beam.FlatMap(announce, [unit.number for unit in todo])
    )
    work = pipeline | "To write" >> beam.Create(todo, reshuffle=False) | "By number" >> beam.Map(by_number)
    (
        (work, cuts)
        | "With the cuts" >> beam.Flatten()
        | "Back to units" >> beam.GroupByKey()
        | "Write" >> beam.FlatMap(write, settings)
    )
