"""Thresholds by percentile: what each would have to be to drop a given share of the sample, as a recipe."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

import numpy as np
import yaml

from curation.profiling.figures import Figures
from curation.recipe import RecipeError, build, plain_fields
from curation.statistics import Floats
from filters.base import AtLeast, Filter, Limit

SHARES = (0.005, 0.01, 0.02, 0.05)
"""Shares of the images that each threshold drops, of those that have its signal."""


@dataclass(frozen=True)
class Bound:
    """A suggested threshold, and the share of the images that have its signal which it drops."""

    value: float
    drops: float


@dataclass(frozen=True)
class Suggestion:
    """Thresholds that each drop at most `share`: by (stage, field). `together`: the share they drop as one recipe."""

    share: float
    bounds: Mapping[tuple[str, str], Bound]
    together: float
    recipe: str

    @property
    def name(self) -> str:
        """A name for its file."""
        return f"{self.share * 100:g}-percent.yaml"


def suggestions(figures: Figures) -> list[Suggestion]:
    """One for each share that is at least one image. Stages of which no image has a signal are left out."""
    shares = [share for share in SHARES if share * figures.images >= 1]
    return [_suggestion(figures, share) for share in shares]


def _suggestion(figures: Figures, share: float) -> Suggestion:
    bounds: dict[tuple[str, str], Bound] = {}
    lines, gone = list[str](), np.zeros(figures.images, np.bool_)
    for stage in figures.stages:
        if not figures.measured(stage):
            continue
        changed, found = _tightened(stage, figures, share)
        bounds |= {(stage.name, field): bound for field, bound in found.items()}
        lines += _stage_lines(changed, found)
        gone |= _dropped(changed, figures)
    together = float(gone.mean())
    head = [
        f"# Each threshold drops about {share * 100:g} % of those that have its signal, of {figures.images:,} images;",
        f"# what it drops is beside it. Together they drop {together * 100:.3g} %.",
        "stages:",
    ]
    return Suggestion(share, bounds, together, "\n".join([*head, *lines]) + "\n")


def _tightened(stage: Filter, figures: Figures, share: float) -> tuple[Filter, dict[str, Bound]]:
    """The stage with thresholds for `share`, and these. One that its filter does not take stays as it was."""
    found: dict[str, Bound] = {}
    for limit in stage.limits:
        bound = bound_for(stage, limit, figures.values[f"{stage.name}.{limit.signal}"], share)
        if bound is not None:
            try:
                stage = build(stage.name, plain_fields(stage) | {limit.field: bound.value})
            except RecipeError:
                continue
            found[limit.field] = bound
    return stage, found


def bound_for(stage: Filter, limit: Limit, values: Floats, share: float) -> Bound | None:
    """The threshold that drops `share` of `values`, of ties fewer; of the numbers that drop the same, the shortest.

    None where the share is less than one image, or where ties leave none to drop and the stage's own drops no more.
    """
    known = np.sort(values[~np.isnan(values)])
    count, low = math.floor(share * len(known)), isinstance(limit, AtLeast)
    if not count:
        return None
    exact = float(known[count] if low else known[-1 - count])
    goes = _crossing(known, exact, low)
    if not goes and _crossing(known, getattr(stage, limit.field), low) <= count:
        return None
    if typing.get_type_hints(type(stage))[limit.field] is int:
        value: float = math.floor(exact) if low else math.ceil(exact)
    else:
        value = next(near for near in _shorter(exact, low) if _crossing(known, near, low) == goes)
    return Bound(value, _crossing(known, value, low) / len(known))


def _shorter(value: float, down: bool) -> Iterator[float]:
    """`value` to three significant digits, to four, and so on, `down` or up; at last itself."""
    exact = Decimal(value)
    for digits in range(3, 17):
        yield float(Context(digits, ROUND_FLOOR if down else ROUND_CEILING).plus(exact))
    yield value


def _crossing(known: Floats, bound: float, low: bool) -> int:
    """How many of the sorted values lie below `bound`, or else above it."""
    return int(np.searchsorted(known, bound, "left") if low else len(known) - np.searchsorted(known, bound, "right"))


def _dropped(stage: Filter, figures: Figures) -> np.ndarray:
    """Which images the stage would drop with these thresholds. Those of dedup are never changed."""
    if not stage.limits:
        return figures.drops[stage.name]
    columns = {limit.signal: figures.values[f"{stage.name}.{limit.signal}"] for limit in stage.limits}
    rows = zip(*columns.values(), strict=True)
    return np.array([stage.verdict(dict(zip(columns, row, strict=True))) is not None for row in rows], np.bool_)


def _stage_lines(stage: Filter, found: Mapping[str, Bound]) -> list[str]:
    """The stage as a recipe has it: what was found, and what differs from the defaults."""
    usual = {field.name: field.default for field in dataclasses.fields(stage)}
    given = [name for name in usual if name in found or getattr(stage, name) != usual[name]]
    if not given:
        return [f"  - {stage.name}"]
    written = plain_fields(stage)
    lines = [f"  - {stage.name}:"]
    for name in given:
        value = yaml.safe_dump(written[name], default_flow_style=True, width=1000).removesuffix("...\n").strip()
        lines.append(f"      {name}: {value}" + (f"  # {found[name].drops * 100:.3g} %" if name in found else ""))
    return lines
