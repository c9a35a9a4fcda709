"""What stages sort images into, such as the language of their text: a column of the shards, and counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from curation import storage
from curation.assess import Outcome
from curation.output import markers
from filters.base import Filter


def parts_of(outcome: Outcome, sorters: Iterable[Filter]) -> dict[str, str]:
    """By stage the part that an image belongs to, of which these stages measured the signals."""
    found = {}
    for stage in sorters:
        measured = {signal.name: outcome.signals.get(f"{stage.name}.{signal.name}") for signal in stage.signals}
        found[stage.name] = stage.part(measured)
    return found


def collect(output: str, sorters: Iterable[Filter]) -> dict[str, dict[str, int]]:
    """By stage how many images are in each part, from the markers of the units, which are there until a run is
    complete."""
    counts = {stage.name: Counter[str]() for stage in sorters}
    for path in markers(output) if counts else ():
        for name, found in json.loads(storage.read_bytes(path))["parts"].items():
            counts[name].update(found)
    return {stage.name: {part: counts[stage.name][part] for part in stage.parts} for stage in sorters}
