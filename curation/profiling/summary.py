"""What `curation profile` says when it is done, for a terminal of 60 columns or more."""

from __future__ import annotations

import textwrap

from curation.profiling.report import drops, pairs
from curation.profiling.run import Result
from curation.safe import shown

WIDTH = 60

PAIRS = 3
"""Pairs of signals that are named."""


def summary(result: Result) -> str:
    """Its lines are of `WIDTH` columns at most, but for paths."""
    figures = result.figures
    lines = [f"{'stage':<14}{'measured':>10}{'alone':>8}{'only it':>9}{'in turn':>9}{'left':>10}"]
    for drop in drops(figures):
        counts = f"{drop.measured:>10,}{drop.alone:>8,}{drop.only:>9,}{drop.step.dropped:>9,}{drop.step.kept:>10,}"
        lines.append(f"{drop.name:<14}{counts}")
    lines += ["would drop: alone, what no other would, in this order", ""]
    for number, pair in enumerate(pairs(figures)[:PAIRS]):
        lines.append(f"{'' if number else 'alike':<9}{pair.correlation:+.2f}  {pair.one}, {pair.other}")
    for stage, why in result.unavailable.items():
        lines.append(textwrap.shorten(shown(f"unavailable: {stage}: {why}", 1000), WIDTH, placeholder=" …"))
    total, failed = figures.sequence.total, figures.sequence.unreadable
    lines.append(f"nothing was dropped; sample: {total:,} of {result.images:,} images")
    lines += [f"{failed:,} of them cannot be read or measured: see rejects/"] if failed else []
    lines.append(f"report: {result.output.rstrip('/')}/report.html")
    return "\n".join(lines)
