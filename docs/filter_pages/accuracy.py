"""The accuracy of a filter, as `python -m bench.accuracy --save` wrote it, in Markdown."""

from __future__ import annotations

from bench.accuracy.readme import number, shown
from bench.accuracy.results import Figure, Peer, Result, Row
from docs.filter_pages.markdown import table

GRADES = {"clear": "to be found", "weak": "shown, counts for nothing", "clean": "to be kept"}
LEAST_FOUND, MOST_DROPPED = 0.9, 0.02
"""Shares of a kind below and above which it stands among the known limits."""


def section(result: Result) -> list[str]:
    """Paragraphs: the figures, the kinds of image they are made of, other tools on the same images."""
    return [
        f"By [`python -m bench.accuracy`](../../bench/accuracy/__main__.py), which says how: {result.images:,} images "
        f"made of {result.sources} hold-out sources, default thresholds. In brackets the 95 % interval; precision and "
        "F1 are at equal numbers of clear defects and clean images.",
        table(("figure", "value", "target"), (figure(each) for each in result.figures)),
        table(("images", "grade", "dropped", "share"), (kind(row) for row in result.rows)),
        *(beside(peer) for peer in result.peers),
        *(f"{note[0].upper()}{note[1:]}." for note in result.notes),
    ]


def figure(each: Figure) -> tuple[str, str, str]:
    verdict = f"{each.target}: {'met' if each.met else 'missed'}" if each.target else ""
    return each.name, f"{shown(each)} [{number(each, each.low)}, {number(each, each.high)}]", verdict


def kind(row: Row) -> tuple[str, str, str, str]:
    share = f"{row.found / row.of:.3f} [{row.low:.3f}, {row.high:.3f}]"
    return row.kind, GRADES[row.grade], f"{row.found} of {row.of}", share


def beside(peer: Peer) -> str:
    values = ", ".join(f"{each.name} {shown(each)}" for each in peer.figures)
    return f"{peer.peer} on the same images, at its own defaults: {values}."


def short(result: Result) -> str:
    """The figures that have a target, or the first, for the table of all filters."""
    chosen = [each for each in result.figures if each.target] or list(result.figures[:1])
    return ", ".join(f"{each.name} {shown(each)}" for each in chosen)


def limits(result: Result) -> list[str]:
    """Sentences on the kinds of image that the filter judges wrongly more often than it should."""
    lost = [row for row in result.rows if row.grade == "clear" and row.found < LEAST_FOUND * row.of]
    wrong = [row for row in result.rows if row.grade == "clean" and row.found > MOST_DROPPED * row.of]
    return [
        *(f"Measured: of “{row.kind}” {row.found} of {row.of} are found." for row in lost),
        *(f"Measured: of “{row.kind}” {row.found} of {row.of} are dropped, wrongly." for row in wrong),
    ]
