"""The mix of an input and of what was kept of it, as the manifest has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curation import storage
from curation.balancing.mix import Target
from curation.balancing.node import families, family, text, texts
from curation.output import markers


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
class Part:
    """A family, or what shows text of one language, in shares, 0 to 1: `target` is None where it has none; `before`,
    `kept`, and `drawn` by the weights."""

    name: str
    target: float | None
    before: float
    kept: float
    drawn: float


def collect(output: str) -> list[Node]:
    """Every node, from the markers of the units, which are there until a job is complete."""
    before, kept, weights = Counter[str](), Counter[str](), dict[str, float]()
    for path in markers(output):
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


def by_family(nodes: Sequence[Node], target: Target) -> list[Part]:
    """The families that have a target, or images."""
    return _parts(nodes, family, target.families, families())


def by_text(nodes: Sequence[Node], target: Target) -> list[Part]:
    """The languages of text that have a target, or images; of images whose node is known."""
    return _parts([node for node in nodes if text(node.name)], text, target.texts, texts())


def _parts(
    nodes: Sequence[Node], kind: Callable[[str], str], target: Mapping[str, float], order: Sequence[str]
) -> list[Part]:
    before = sum(node.before for node in nodes) or 1
    kept, mass = sum(node.kept for node in nodes) or 1, sum(node.mass for node in nodes) or 1.0
    found = []
    for name in sorted({*target, *(kind(node.name) for node in nodes)}, key=_place(order)):
        own = [node for node in nodes if kind(node.name) == name]
        counts = sum(node.before for node in own) / before, sum(node.kept for node in own) / kept
        found.append(Part(name, target.get(name), *counts, sum(node.mass for node in own) / mass))
    return found


def _ordered(names: Mapping[str, int]) -> list[str]:
    """In the order of the taxonomy, within a family by domain and language; what is unknown last."""
    by_kind, by_language = _place(families()), _place(texts())
    return sorted(names, key=lambda name: (by_kind(family(name)), name.rpartition("/")[0], by_language(text(name))))


def _place(order: Sequence[str]) -> Callable[[str], tuple[int, str]]:
    """Sorts as `order` says, and what is not in it last, by name."""
    places = {name: number for number, name in enumerate(order)}
    return lambda name: (places.get(name, len(order)), name)
