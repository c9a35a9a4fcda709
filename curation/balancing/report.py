"""The report of `curation balance`: the mix before, after the choice and by the weights, against its targets.

Drawn from the manifest alone. Like the report of a run, it loads nothing and holds no times.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curation import manifest, storage
from curation.balancing.figures import by_family, of_manifest
from curation.balancing.node import UNKNOWN
from curation.balancing.quality import SCALES, SIDE
from curation.report import template


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
    families = by_family(nodes, record["recipe"]["target"])
    page = template("balancing/report.html.jinja").render(
        run=record,
        recipe=record["recipe"],
        families=families,
        widest=max([share for each in families for share in (each.before, each.kept, each.drawn, each.target or 0)]),
        nodes=nodes,
        mass=sum(node.mass for node in nodes) or 1.0,
        total=sum(node.before for node in nodes),
        kept=sum(node.kept for node in nodes),
        unknown=sum(node.before for node in nodes if node.name == UNKNOWN),
        SCALES=SCALES,
        SIDE=SIDE,
    )
    return page.lstrip()
