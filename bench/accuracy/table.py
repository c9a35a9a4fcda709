"""Prints what was measured: one table a filter, the target beside each figure and whether it is met."""

from __future__ import annotations

from collections.abc import Iterable

from bench.accuracy.results import Figure, Result

WIDTH = 56
LEGEND = """Share dropped of each kind, with its 95 % interval. [clear]: to be found. [weak]: shown, counts for nothing.
[clean]: to be kept. Precision and F1 are at equal numbers of clear defects and clean images."""


def show(name: str, result: Result) -> None:
    print(f"\n{name}: {result.images} images of {result.sources} hold-out sources, default thresholds")
    for row in result.rows:
        share = f"{row.found / row.of:7.3f}  [{row.low:.3f}, {row.high:.3f}]  {row.found} of {row.of}"
        print(f"  {f'{row.kind} [{row.grade}]':<{WIDTH}}{share}")
    figures(result.figures)
    for note in result.notes:
        print(f"  {note}")
    for peer in result.peers:
        print(f"  {peer.peer}, its defaults, on the same images:")
        figures(peer.figures)


def figures(found: Iterable[Figure]) -> None:
    for figure in found:
        note = f"target {figure.target}: {'met' if figure.met else 'MISSED'}" if figure.target else ""
        print(f"  {figure.name:<{WIDTH}}{figure.value:7.3f}  [{figure.low:.3f}, {figure.high:.3f}]  {note}".rstrip())
