"""The mix of an input and of what was kept of it, as the manifest has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curation import storage
from curation.balancing.node import families, family
from curation.output import work_folder


@dataclass(frozen=True)
class Node:
    """A leaf of the taxonomy in figures: images `before`, and `kept`, each of which has `weight`."""

    name: str
    before: int
    kept: int
    weight: float

    @property
    def mass(self) -> float:
        """What is drawn of it, in proportion to the other nodes."""
        return self.kept * self.weight


@dataclass(frozen=True)
class Family:
    """A family in shares, 0 to 1: `target` is None where it has none; `before`, `kept`, and `drawn` by the weights."""

    name: str
    target: float | None
    before: float
    kept: float
    drawn: float


def collect(output: str) -> list[Node]:
    """Every node, from the markers of the units, which are there until a job is complete."""
    before, kept, weights = Counter[str](), Counter[str](), dict[str, float]()
    for path in storage.files(storage.join(work_folder(output), "done"), ".json"):
        marker = json.loads(storage.read_bytes(path))
        weights |= marker["weights"]
        for name, (count, left) in marker["mix"].items():
            before[name] += count
            kept[name] += left
    return [Node(name, before[name], kept[name], weights.get(name, 0.0)) for name in _ordered(before)]


def as_records(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """For the manifest."""
    return [asdict(node) for node in nodes]


def of_manifest(record: Mapping[str, Any]) -> list[Node]:
    """The nodes of a complete job; none of another."""
    return [Node(**node) for node in record.get("mix", [])]


def by_family(nodes: Sequence[Node], target: Mapping[str, float]) -> list[Family]:
    """The families that have a target, or images."""
    before = sum(node.before for node in nodes) or 1
    kept, mass = sum(node.kept for node in nodes) or 1, sum(node.mass for node in nodes) or 1.0
    found = []
    for name in _ordered({*target, *(family(node.name) for node in nodes)}):
        own = [node for node in nodes if family(node.name) == name]
        counts = sum(node.before for node in own) / before, sum(node.kept for node in own) / kept
        found.append(Family(name, target.get(name), *counts, sum(node.mass for node in own) / mass))
    return found


def _ordered(names: Mapping[str, int] | set[str]) -> list[str]:
    """In the order of the taxonomy, within a family by name; what is unknown last."""
    order = {name: number for number, name in enumerate(families())}
    return sorted(names, key=lambda name: (order.get(family(name), len(order)), name))
