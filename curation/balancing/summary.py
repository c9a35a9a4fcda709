"""What `curation balance` says when it is done, for a terminal of 60 columns or more."""

from __future__ import annotations

from collections.abc import Sequence

from curation.balancing.figures import Part, by_family, by_text
from curation.balancing.node import UNKNOWN, family
from curation.balancing.run import Result

STEEP = 10.0
"""An image that is drawn so many times as often as the average is worth a word."""


def summary(result: Result) -> str:
    """The mix against its targets, and what cannot be reached."""
    nodes, target = result.nodes, result.settings.target
    lines = [*_table("", by_family(nodes, target)), "", *_table("text", by_text(nodes, target))]
    lines.append("")
    there = {family(node.name) for node in nodes if node.kept}
    missing = [name for name in target.families if name not in there]
    lines += [f"no images of {', '.join(missing)}: the others have their share"] if missing else []
    unknown = sum(node.before for node in nodes if node.name == UNKNOWN)
    lines += [f"{unknown:,} images have no domain, and were left out: annotate first"] if unknown else []
    steep = max(nodes, key=lambda node: node.weight)
    if steep.weight >= STEEP:
        lines.append(f"{steep.name}: {steep.kept:,} images, each drawn {steep.weight:.0f} times the average")
    lines += [f"kept {result.total.kept:,} of {result.total.read:,} images in {sum(n.kept > 0 for n in nodes)} nodes"]
    output = result.settings.output.rstrip("/")
    return "\n".join([*lines, f"for training: `sources: [{{path: {output}}}]`", f"report: {output}/report.html"])


def _table(what: str, parts: Sequence[Part]) -> list[str]:
    lines = [f"{what:<12}{'before':>10}{'kept':>10}{'drawn':>10}{'target':>10}"]
    for each in parts:
        wished = "–" if each.target is None else f"{each.target:.1%}"
        lines.append(f"{each.name:<12}{each.before:>10.1%}{each.kept:>10.1%}{each.drawn:>10.1%}{wished:>10}")
    return lines
