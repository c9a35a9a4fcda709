"""The report of `curation balance`: the mix before, after the choice and by the weights, against its targets.

Drawn from the manifest alone. Like the report of a run, it loads nothing and holds no times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from curation import manifest, storage
from curation.balancing.figures import Node, by_family, by_text, of_manifest
from curation.balancing.mix import Target
from curation.balancing.node import UNKNOWN
from curation.balancing.quality import SCALES, SIDE
from curation.report import template

WORDS = {"none": "no text", "english": "English", "chinese": "Chinese", "other": "other text"}
"""What people call the languages of text."""


@dataclass(frozen=True)
class Counted:
    """A domain and its nodes. The unknown has no name."""

    name: str
    nodes: list[Node]

    def sum(self, figure: str) -> float:
        """The figure of all nodes together."""
        return sum(getattr(node, figure) for node in self.nodes)


def write_report(out: str) -> str:
    """Write `out`/report.html from its manifest; return its path. Raises OSError if there is none."""
    record = manifest.load(out)
    if record is None:
        raise FileNotFoundError(manifest.path(out))
    path = storage.join(out, "report.html")
    storage.write_atomic(path, render(record).encode())
    return path


def render(record: Mapping[str, Any]) -> str:
    """The page. `record` is the manifest."""
    nodes = of_manifest(record)
    target = Target(record["recipe"]["target"], record["recipe"]["text"])
    parts = {"family": by_family(nodes, target), "text": by_text(nodes, target)}
    shares = [
        share for each in chain(*parts.values()) for share in (each.before, each.kept, each.drawn, each.target or 0)
    ]
    page = template("balancing/report.html.jinja").render(
        run=record,
        recipe=record["recipe"],
        parts=parts,
        widest=max(shares),
        nodes=nodes,
        domains=[Counted(name, list(own)) for name, own in groupby(nodes, lambda node: node.name.rpartition("/")[0])],
        mass=sum(node.mass for node in nodes) or 1.0,
        total=sum(node.before for node in nodes),
        kept=sum(node.kept for node in nodes),
        unknown=sum(node.before for node in nodes if node.name == UNKNOWN),
        UNKNOWN=UNKNOWN,
        WORDS=WORDS,
        SCALES=SCALES,
        SIDE=SIDE,
    )
    return page.lstrip()
