"""The report of `curation profile`: distributions, how signals go together, what stages would drop, and thresholds.

Drawn as that of a run is (`curation.report`): it loads nothing, and it says nothing that a second profile would say
differently. Its size depends on the number of signals, bins and thumbnails, not on images.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import yaml

from curation import storage
from curation.assess import DECODE
from curation.profiling.figures import Figures, figures_of
from curation.profiling.suggest import Suggestion, suggestions
from curation.recipe import from_dict
from curation.report import (
    SENSITIVE,
    Section,
    SignalView,
    data_urls,
    read_thumbnails,
    section,
    sizes,
    template,
    without_path,
)
from curation.statistics import Step
from curation.statistics import wanted as wanted_of

WORDS = ("would pass", "would be dropped")

CELL, SIDE, FOOT = 23, 168, 150
"""Geometry of the heat map in SVG units: a cell's side, the room for names beside it and below it."""

PAIRS = 12
"""Pairs of signals that are listed, the strongest correlation first."""


@dataclass(frozen=True)
class Drop:
    """One stage in figures: `only` counts images that no other stage would drop, `step` is it in sequence."""

    name: str
    measured: int
    alone: int
    only: int
    step: Step


@dataclass(frozen=True)
class Pair:
    """How two signals go together on the images that have both."""

    one: str
    other: str
    correlation: float
    images: int


@dataclass(frozen=True)
class Cell:
    """One square of the heat map. `text` is the correlation in hundredths."""

    x: int
    y: int
    text: str
    title: str
    mark: str
    strength: float


@dataclass(frozen=True)
class HeatMap:
    """The lower triangle of the correlations of `names`, as shapes. `left_out` signals are alike on all images."""

    names: Sequence[str]
    cells: Sequence[Cell]
    left_out: Sequence[str]

    cell, side = CELL, SIDE
    width = property(lambda self: SIDE + CELL * len(self.names) + 4)
    height = property(lambda self: CELL * len(self.names) + FOOT)


def write_report(out: str, figures: Figures | None = None) -> str:
    """Write `out`/report.html from what lies in `out`; return its path.

    `figures` default to those of the signals, which are read for it. Raises OSError if there is no run.json.
    """
    run = json.loads(storage.read_bytes(storage.join(out, "run.json")))
    figures = figures_of(out, from_dict(run["recipe"]).stages) if figures is None else figures
    page = render(run, figures, read_thumbnails(out, {key for _, _, key in wanted(figures)}))
    path = storage.join(out, "report.html")
    storage.write_atomic(path, page.encode())
    return path


def wanted(figures: Figures) -> list[tuple[int, int, str]]:
    """(part, row, key) of every image that the report shows, in order and each once."""
    return sorted({shown for statistics in figures.alone.values() for shown in wanted_of(statistics)})


def render(run: Mapping[str, Any], figures: Figures, thumbnails: Mapping[str, bytes]) -> str:
    """The page. `thumbnails` are JPEGs by key; an image without one gets an empty tile."""
    suggested = suggestions(figures)
    page = template("profiling/report.html.jinja").render(
        run=run,
        statistics=figures.sequence,
        measured=figures.images,
        drops=drops(figures),
        sections=[_section(name, figures, suggested) for name in figures.alone],
        heat=heat_map(figures),
        pairs=pairs(figures)[:PAIRS],
        suggested=suggested,
        causes=sorted(figures.causes.items(), key=lambda item: (item[0][0] != DECODE, -item[1].count, item[0])),
        formats=sorted(figures.sequence.formats.items(), key=lambda item: (-item[1], item[0])),
        sizes=sizes(figures.sequence, WORDS),
        recipe=yaml.safe_dump(without_path(run["recipe"]), sort_keys=False, allow_unicode=True),
        jpegs=data_urls(thumbnails),
        veiled=_veiled(figures),
        SENSITIVE=SENSITIVE,
    )
    return page.lstrip()


def drops(figures: Figures) -> list[Drop]:
    """What each stage would drop, in the order of the recipe."""
    return [
        Drop(stage.name, figures.measured(stage), int(figures.drops[stage.name].sum()), figures.only(stage), step)
        for stage, step in zip(figures.stages, figures.sequence.funnel, strict=True)
    ]


def pairs(figures: Figures) -> list[Pair]:
    """The signals of different stages that go together, the strongest correlation first."""
    names, matrix = figures.correlations
    found = [
        Pair(one, other, float(matrix[i, j]), _both(figures, one, other))
        for (i, one), (j, other) in combinations(enumerate(names), 2)
        if one.partition(".")[0] != other.partition(".")[0] and not math.isnan(matrix[i, j])
    ]
    return sorted(found, key=lambda pair: (-abs(pair.correlation), pair.one, pair.other))


def heat_map(figures: Figures) -> HeatMap:
    """The correlations of all signals that are not the same on all images."""
    names, matrix = figures.correlations
    cells = []
    for row, one in enumerate(names):
        for column, other in enumerate(names[:row]):
            known = not math.isnan(value := float(matrix[row, column]))
            title = f"{one} and {other}: {value:+.2f}" if known else f"{one} and {other}: too few images have both"
            text = f"{round(100 * value)}" if known else "·"
            mark = ("positive" if value > 0 else "negative") if known else "unknown"
            strength = 0.8 * abs(value) if known else 0.0
            cells.append(Cell(SIDE + CELL * column, CELL * row, text.replace("-", "−"), title, mark, strength))
    return HeatMap(names, cells, [name for name in figures.values if name not in names])


def _both(figures: Figures, one: str, other: str) -> int:
    return int((~np.isnan(figures.values[one]) & ~np.isnan(figures.values[other])).sum())


def _section(name: str, figures: Figures, suggested: Sequence[Suggestion]) -> Section:
    """A stage seen alone, with thresholds that are exact for the sample."""
    statistics = figures.alone[name]
    stage = next(stage for stage in figures.stages if stage.name == name)
    shown = section(stage, statistics.funnel[0], statistics, WORDS)
    return replace(shown, signals=[_with_suggestions(name, view, suggested) for view in shown.signals])


def _with_suggestions(stage: str, view: SignalView, suggested: Sequence[Suggestion]) -> SignalView:
    def bounds(suggestion: Suggestion) -> list[float | None]:
        found = [suggestion.bounds.get((stage, limit.field)) for limit in view.limits]
        return [None if bound is None else bound.value for bound in found]

    rows = [(suggestion.share, bounds(suggestion)) for suggestion in suggested]
    return replace(view, suggestions=[(share, row) for share, row in rows if any(value is not None for value in row)])


def _veiled(figures: Figures) -> set[str]:
    """The keys of images that are blurred wherever they are shown."""
    flags = figures.drops.get(SENSITIVE, np.zeros(figures.images, np.bool_))
    return {key for key, flag in zip(figures.keys, flags, strict=True) if flag}
