"""Cuts the indices of a synthesis into units: what a worker makes at a time, and what a resumed job skips."""

from __future__ import annotations

from curation.shards.plan import Plan
from curation.shards.unit import Unit

UNIT = 64
"""Images of a unit."""

KIND = "synthesis"


def make_plan(tier: str, count: int) -> Plan:
    """Units of the indices 0 to `count` - 1. A unit depends on its number alone: more images leave the first alone."""
    units = [
        Unit(KIND, tier, tier, min(UNIT, count - first), 0, 0.0, first, first, number)
        for number, first in enumerate(range(0, count, UNIT))
    ]
    return Plan(tier, KIND, units, 0)


def key(tier: str, index: int) -> str:
    """The key of a sample, such as `pure-000123`."""
    return f"{tier}-{index:06d}"
