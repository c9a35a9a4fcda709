"""The figures of a profile: what was measured, and what each stage would drop, alone and in sequence.

Decided anew from the signals: nothing in the output says what a threshold did. Unlike those of a run, these figures
hold every value of the sample, 8 bytes each, because ranks and percentiles need them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from curation.assess import DECODE, columns
from curation.profiling.correlation import spearman
from curation.shards import records, tables
from curation.statistics import Cause, Flags, Floats, Statistics, column, floats, with_copies
from filters.base import Filter
from filters.dedup import Dedup

Reasons = list[str | None]
"""Why a stage would drop each row of a table; None where it would not."""


@dataclass(frozen=True)
class Figures:
    """A profile in numbers.

    keys: of the images that were measured without failure. values: each of their signals `stage.signal`, [images],
    NaN where it does not apply. drops: by stage, which of these images it would drop, [images]. alone: by stage, the
    statistics of a run of that stage only; sequence: those of a run of all; failures count as unreadable in both.
    causes: rejects by (stage, error class).

    Copies are those among all images: where dedup stands after other stages, a run compares what these left, and may
    keep another copy.
    """

    stages: tuple[Filter, ...]
    keys: tuple[str, ...]
    values: dict[str, Floats]
    drops: dict[str, Flags]
    alone: dict[str, Statistics]
    sequence: Statistics
    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)

    @property
    def images(self) -> int:
        """How many images were measured without failure."""
        return len(self.keys)

    def measured(self, stage: Filter) -> int:
        """How many images have a signal of the stage."""
        there = [~np.isnan(self.values[name]) for name in columns([stage])]
        return int(np.any(there, axis=0).sum())

    def only(self, stage: Filter) -> int:
        """How many images this stage would drop and no other."""
        return int((self.drops[stage.name] & (self._droppers == 1)).sum())

    @cached_property
    def correlations(self) -> tuple[list[str], Floats]:
        """The signals that are not the same on all images, and their rank correlations, [signals, signals]."""
        names = [name for name, values in self.values.items() if len(np.unique(values[~np.isnan(values)])) > 1]
        return names, spearman([self.values[name] for name in names])

    @cached_property
    def _droppers(self) -> NDArray[np.int64]:
        return np.asarray(np.sum(list(self.drops.values()), axis=0))


def figures_of(out: str, stages: Sequence[Filter]) -> Figures:
    """The figures of all parts of the signals and rejects in `out`."""
    total = Figures(
        tuple(stages),
        (),
        {name: np.empty(0) for name in columns(stages)},
        {stage.name: np.empty(0, np.bool_) for stage in stages},
        {stage.name: Statistics.empty([stage]) for stage in stages},
        Statistics.empty(stages),
    )
    for name, path in records.by_name(out, "signals").items():
        total = _with_part(total, tables.read(path), int(name.rpartition("-")[2]))
    causes = Statistics.empty(stages)
    for path in records.by_name(out, "rejects").values():
        causes += Statistics.of_rejects(tables.read(path, {"key", "source", "stage", "error", "message"}), stages)
    alone = {name: with_copies(out, statistics) for name, statistics in total.alone.items()}
    return replace(total, alone=alone, causes=causes.causes)


def would_drop(stage: Filter, table: pa.Table) -> Reasons:
    """Why `stage` would drop each row of the signals `table`, seen alone; failed rows are left out of account."""
    failed = [fate is not None for fate in column(table, "dropped_by")]
    if isinstance(stage, Dedup):
        pairs = zip(column(table, "duplicate_of"), column(table, "dedup.distance"), strict=True)
        reasons = [None if kept is None else stage.reason(int(distance or 0), kept) for kept, distance in pairs]
    else:
        names = [signal.name for signal in stage.signals]
        rows = zip(*(column(table, f"{stage.name}.{name}") for name in names), strict=True)
        reasons = [stage.verdict(dict(zip(names, row, strict=True))) for row in rows]
    return [None if out else reason for out, reason in zip(failed, reasons, strict=True)]


def _with_part(total: Figures, table: pa.Table, part: int) -> Figures:
    failed = np.array([fate is not None for fate in column(table, "dropped_by")], np.bool_)
    reasons = {stage.name: would_drop(stage, table) for stage in total.stages}
    flags = {name: np.array([reason is not None for reason in given], np.bool_) for name, given in reasons.items()}
    return Figures(
        total.stages,
        total.keys + tuple(key for key, out in zip(column(table, "key"), failed, strict=True) if not out),
        {name: np.append(held, floats(table, name)[~failed]) for name, held in total.values.items()},
        {name: np.append(held, flags[name][~failed]) for name, held in total.drops.items()},
        {
            stage.name: total.alone[stage.name]
            + Statistics.of(_judged(table, {stage.name: reasons[stage.name]}), part, [stage])
            for stage in total.stages
        },
        total.sequence + Statistics.of(_judged(table, reasons), part, total.stages),
    )


def _judged(table: pa.Table, reasons: dict[str, Reasons]) -> pa.Table:
    """The signals as a run would write them whose stages gave these `reasons`, in order. Failures are `decode`."""
    fates: list[str | None] = [DECODE if fate is not None else None for fate in column(table, "dropped_by")]
    said = column(table, "reason")
    for stage, given in reasons.items():
        for row, reason in enumerate(given):
            if reason is not None and fates[row] is None:
                fates[row], said[row] = stage, reason
    for name, values in (("dropped_by", fates), ("reason", said)):
        table = table.set_column(table.column_names.index(name), name, pa.array(values, pa.string()))
    return table
