"""The figures of a run: computed for one part of the signals table, summed with `+`, drawn elsewhere.

After the partial statistics of tensorflow/data-validation: a value of fixed size (bins and a few examples,
never rows) whose sum does not depend on order or on how the table was cut into parts. Nothing here knows of
HTML, and nothing that draws reads the table.

Law of the funnel, for each stage: read = kept + dropped + failed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from curation.assess import DECODE
from curation.shards import records, tables
from filters.base import Filter, Limit

BINS = 64
EXAMPLES = 8
"""Images kept on each side of a threshold, and pairs of duplicates kept."""

LOG_BYTES = (2.0, 9.0)
LOG_MEGAPIXELS = (-3.0, 2.5)
"""Ranges of the size histograms, in log10: 100 bytes to 1 GB, 0.001 to 316 megapixels."""

_STEPS = 2**30  # means are summed in whole steps of this fraction of the range, so that any order gives the same sum

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Histogram:
    """Counts of one signal among the images that reached its stage: those that passed it, those it dropped.

    `BINS` equal bins over [low, high]; each is closed on the left, values outside go into the end bins.
    `missing` counts the images without a value (NaN or null). `minimum` and `maximum` are those of the values
    themselves, NaN if there are none.
    """

    low: float
    high: float
    passed: tuple[int, ...] = (0,) * BINS
    dropped: tuple[int, ...] = (0,) * BINS
    missing: int = 0
    minimum: float | None = None
    maximum: float | None = None
    steps: int = 0

    @staticmethod
    def of(low: float, high: float, values: Floats, dropped: Flags) -> Histogram:
        """The histogram of `values` [n], of which those flagged in `dropped` [n] were dropped by the stage."""
        there = ~np.isnan(values)
        values, dropped = values[there], dropped[there]
        scaled = (values - low) / (high - low)
        bins = np.clip(scaled * BINS, 0, BINS - 1).astype(np.int64)
        return Histogram(
            low,
            high,
            passed=_counts(bins[~dropped]),
            dropped=_counts(bins[dropped]),
            missing=int((~there).sum()),
            minimum=float(values.min()) if len(values) else None,
            maximum=float(values.max()) if len(values) else None,
            steps=sum(np.rint(np.clip(scaled, -(2.0**12), 2.0**12) * _STEPS).astype(np.int64).tolist()),
        )

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(self.passed, self.dropped, strict=True)))

    @property
    def count(self) -> int:
        """How many values were measured."""
        return sum(self.passed) + sum(self.dropped)

    @property
    def mean(self) -> float | None:
        """Mean of the values to 1e-9 of the range; values beyond 4096 ranges count as 4096 ranges."""
        return self.low + self.steps / _STEPS / self.count * (self.high - self.low) if self.count else None

    def edges(self) -> list[float]:
        """The `BINS` + 1 borders of the bins."""
        return [self.low + (self.high - self.low) * i / BINS for i in range(BINS + 1)]

    def quantile(self, share: float) -> float | None:
        """About the value that `share` (0 to 1) of the values lie below, to the width of a bin."""
        if self.minimum is None or self.maximum is None:
            return None
        edges = self.edges()
        edges[0], edges[-1] = min(edges[0], self.minimum), max(edges[-1], self.maximum)
        wanted, below = share * self.count, 0
        for left, right, count in zip(edges, edges[1:], self.counts, strict=False):
            if count and below + count >= wanted:
                value = left + (right - left) * (wanted - below) / count
                return min(max(value, self.minimum), self.maximum)
            below += count
        return self.maximum

    def __add__(self, other: Histogram) -> Histogram:
        if (self.low, self.high) != (other.low, other.high):
            raise ValueError(f"histograms over {self.low}–{self.high} and {other.low}–{other.high} cannot be summed")
        return Histogram(
            self.low,
            self.high,
            passed=tuple(map(sum, zip(self.passed, other.passed, strict=True))),
            dropped=tuple(map(sum, zip(self.dropped, other.dropped, strict=True))),
            missing=self.missing + other.missing,
            minimum=min((m for m in (self.minimum, other.minimum) if m is not None), default=None),
            maximum=max((m for m in (self.maximum, other.maximum) if m is not None), default=None),
            steps=self.steps + other.steps,
        )


@dataclass(frozen=True)
class Example:
    """One image to show: where its row is, what was measured, what became of it.

    `fate` is the stage that dropped it in the end (None if kept), `reason` that stage's sentence.
    """

    part: int
    row: int
    key: str
    source: str | None = None
    value: float | None = None
    fate: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Closest:
    """The images nearest to one threshold on either side, nearest first, and how many it dropped in all."""

    bound: float
    count: int = 0
    kept: tuple[Example, ...] = ()
    dropped: tuple[Example, ...] = ()

    def __add__(self, other: Closest) -> Closest:
        return Closest(
            self.bound,
            self.count + other.count,
            _nearest(self.bound, self.kept + other.kept),
            _nearest(self.bound, self.dropped + other.dropped),
        )


@dataclass(frozen=True)
class Pair:
    """A dropped image (its `value` is the distance) and the key of the copy that stands for it.

    `copy` is that copy's row, known once the whole run was searched for it.
    """

    dropped: Example
    original: str
    copy: Example | None = None


@dataclass(frozen=True)
class Cause:
    """How many rows were rejected with one error at one stage, and the example with the smallest key."""

    count: int
    key: str
    source: str | None
    message: str

    def __add__(self, other: Cause) -> Cause:
        first = min((self, other), key=lambda c: (c.key, c.source or "", c.message))
        return replace(first, count=self.count + other.count)


@dataclass(frozen=True)
class Step:
    """One stage of the funnel."""

    stage: str
    read: int
    dropped: int
    failed: int

    @property
    def kept(self) -> int:
        return self.read - self.dropped - self.failed


@dataclass(frozen=True)
class Statistics:
    """Everything the report says in numbers, of any set of parts.

    stages: their names in order.
    left: images that left the run, by `dropped_by` ("decode" or a stage; failed ones included).
    signals: a histogram for each column `stage.signal`.
    closest: examples for each threshold, by (column, field).
    pairs: for each stage that names duplicates, pairs of them, the farthest first.
    formats: readable images by file format; size and megapixels: histograms of log10, "dropped" by any stage.
    causes: rejects by (stage, error class).
    """

    stages: tuple[str, ...]
    total: int = 0
    left: dict[str, int] = field(default_factory=dict)
    signals: dict[str, Histogram] = field(default_factory=dict)
    closest: dict[tuple[str, str], Closest] = field(default_factory=dict)
    pairs: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    formats: dict[str, int] = field(default_factory=dict)
    size: Histogram = Histogram(*LOG_BYTES)
    megapixels: Histogram = Histogram(*LOG_MEGAPIXELS)
    causes: dict[tuple[str, str], Cause] = field(default_factory=dict)

    @staticmethod
    def of(table: pa.Table, part: int, stages: Sequence[Filter]) -> Statistics:
        """The statistics of one part of the signals table, whose rows `part` and their index will name.

        Raises ValueError if a row was dropped by a stage that is not among `stages`.
        """
        rows = _Rows(table, part, tuple(stage.name for stage in stages))
        closest: dict[tuple[str, str], Closest] = {}
        for at, stage in enumerate(stages):
            closest |= rows.closest(at, stage)
        readable = rows.left_at > 0
        return Statistics(
            rows.names,
            total=table.num_rows,
            left=dict(Counter(fate for fate in rows.fates if fate is not None)),
            signals={
                f"{stage.name}.{signal.name}": rows.histogram(at, stage.name, signal.name, signal.low, signal.high)
                for at, stage in enumerate(stages)
                for signal in stage.signals
            },
            closest=closest,
            pairs={stage.name: pairs for stage in stages if (pairs := rows.pairs(stage.name))},
            formats=dict(Counter(f for f, seen in zip(rows.column("format"), readable, strict=True) if f and seen)),
            size=rows.log_histogram(LOG_BYTES, rows.floats("bytes"), readable),
            megapixels=rows.log_histogram(LOG_MEGAPIXELS, rows.floats("width") * rows.floats("height") / 1e6, readable),
        )

    @staticmethod
    def empty(stages: Sequence[Filter]) -> Statistics:
        """The statistics of no images: the neutral element of `+`."""
        nothing = pa.table({"key": pa.array([], pa.string())})
        return Statistics.of(nothing, 0, stages)

    @staticmethod
    def of_rejects(table: pa.Table, stages: Sequence[Filter]) -> Statistics:
        """The causes in one part of the rejects: what `of` cannot see, summed to it with `+`."""
        causes: dict[tuple[str, str], Cause] = {}
        names = ("stage", "error", "key", "source", "message")
        for stage, error, key, source, message in zip(*(column(table, name) for name in names), strict=True):
            cause = {(stage or "", error or ""): Cause(1, key or "", source, message or "")}
            causes = summed(causes, cause)
        return Statistics(tuple(stage.name for stage in stages), causes=causes)

    @property
    def unreadable(self) -> int:
        return self.left.get(DECODE, 0)

    @property
    def kept(self) -> int:
        return self.total - sum(self.left.values())

    @property
    def funnel(self) -> list[Step]:
        """Each stage in order. Failed images are known from the rejects."""
        steps, read = [], self.total - self.unreadable
        for stage in self.stages:
            failed = sum(cause.count for (at, _), cause in self.causes.items() if at == stage)
            steps.append(Step(stage, read, self.left.get(stage, 0) - failed, failed))
            read = steps[-1].kept
        return steps

    def __add__(self, other: Statistics) -> Statistics:
        if self.stages != other.stages:
            raise ValueError(f"statistics of the stages {self.stages} and {other.stages} cannot be summed")
        return Statistics(
            self.stages,
            total=self.total + other.total,
            left=summed(self.left, other.left),
            signals=summed(self.signals, other.signals),
            closest=summed(self.closest, other.closest),
            pairs={
                stage: _farthest(self.pairs.get(stage, ()) + other.pairs.get(stage, ()))
                for stage in self.stages
                if stage in self.pairs or stage in other.pairs
            },
            formats=summed(self.formats, other.formats),
            size=self.size + other.size,
            megapixels=self.megapixels + other.megapixels,
            causes=summed(self.causes, other.causes),
        )


class _Rows:
    """One part's table, seen by columns. `left_at` is 0 if unreadable, i + 1 if stage i dropped it, n + 1 if kept."""

    def __init__(self, table: pa.Table, part: int, names: tuple[str, ...]):
        self.table, self.part, self.names = table, part, names
        self.fates = column(table, "dropped_by")
        order: dict[str | None, int] = {name: at for at, name in enumerate((DECODE, *names, None))}
        unknown = set(self.fates) - set(order)
        if unknown:
            raise ValueError(f"part {part}: dropped by {min(map(str, unknown))}, which is not a stage of this recipe")
        self.left_at = np.array([order[fate] for fate in self.fates], np.int64)
        self.keys, self.sources = column(table, "key"), column(table, "source")
        self.reasons = column(table, "reason")

    def column(self, name: str) -> list[Any]:
        return column(self.table, name)

    def floats(self, name: str) -> Floats:
        return floats(self.table, name)

    def histogram(self, at: int, stage: str, signal: str, low: float, high: float) -> Histogram:
        reached = self.left_at > at
        values = self.floats(f"{stage}.{signal}")
        return Histogram.of(low, high, values[reached], self.left_at[reached] == at + 1)

    def log_histogram(self, bounds: tuple[float, float], values: Floats, among: Flags) -> Histogram:
        with np.errstate(divide="ignore"):
            logs = np.log10(values[among])
        return Histogram.of(*bounds, logs, self.left_at[among] <= len(self.names))

    def example(self, row: int, value: float | None) -> Example:
        key, source = self.keys[row], self.sources[row]
        return Example(self.part, row, key or "", source, value, self.fates[row], self.reasons[row])

    def closest(self, at: int, stage: Filter) -> dict[tuple[str, str], Closest]:
        """For each limit its neighbours. A dropped image belongs to the first limit it crosses, as in `verdict`."""
        found: dict[tuple[str, str], Closest] = {}
        undecided, passed = self.left_at == at + 1, self.left_at > at + 1
        for limit in stage.limits:
            column, bound = f"{stage.name}.{limit.signal}", float(getattr(stage, limit.field))
            values = self.floats(column)
            crossed = _crossed(limit, values, bound, undecided)
            undecided = undecided & ~crossed
            kept = self._near(values, bound, passed & ~np.isnan(values))
            found[column, limit.field] = Closest(bound, int(crossed.sum()), kept, self._near(values, bound, crossed))
        return found

    def _near(self, values: Floats, bound: float, among: Flags) -> tuple[Example, ...]:
        rows = np.flatnonzero(among)
        gaps = np.abs(values - bound)
        if len(rows) > EXAMPLES:  # sort only those as near as the K-th nearest
            rows = rows[gaps[rows] <= np.partition(gaps[rows], EXAMPLES - 1)[EXAMPLES - 1]]
        nearest = sorted(rows.tolist(), key=lambda row: (gaps[row], self.keys[row], row))[:EXAMPLES]
        return tuple(self.example(row, float(values[row])) for row in nearest)

    def pairs(self, stage: str) -> tuple[Pair, ...]:
        distances = self.column(f"{stage}.distance")
        return _farthest(
            [
                Pair(self.example(row, distances[row]), original)
                for row, original in enumerate(self.column("duplicate_of"))
                if original is not None and self.fates[row] == stage
            ]
        )


def statistics_of_run(out: str, stages: Sequence[Filter]) -> Statistics:
    """The statistics of all parts of a run's signals and rejects, one part in memory at a time."""
    total = Statistics.empty(stages)
    columns = {"key", "source", "bytes", "width", "height", "format", "dropped_by", "reason", "duplicate_of"}
    columns |= {f"{stage.name}.{signal.name}" for stage in stages for signal in stage.signals}
    for part, table in _parts(out, "signals", columns):
        total += Statistics.of(table, part, stages)
    for _, table in _parts(out, "rejects", {"key", "source", "stage", "error", "message"}):
        total += Statistics.of_rejects(table, stages)
    return with_copies(out, total)


def wanted(statistics: Statistics) -> list[tuple[int, int, str]]:
    """(part, row, key) of every image the report shows, in order and each once."""
    shown = [e for closest in statistics.closest.values() for e in closest.kept + closest.dropped]
    for pairs in statistics.pairs.values():
        shown += [example for pair in pairs for example in (pair.dropped, pair.copy) if example is not None]
    return sorted({(example.part, example.row, example.key) for example in shown})


def locate(out: str, keys: set[str]) -> dict[str, Example]:
    """The row of each key that is in the run's signals, found by one scan that ends with the last key."""
    found: dict[str, Example] = {}
    if not keys:
        return found
    for part, table in _parts(out, "signals", {"key", "source", "dropped_by", "reason"}):
        rows = column(table, "key")
        for row, key in enumerate(rows):
            if key in keys and key not in found:
                line = table.slice(row, 1).to_pylist()[0]
                found[key] = Example(part, row, key, line["source"], fate=line["dropped_by"], reason=line.get("reason"))
        if len(found) == len(keys):
            break
    return found


def column(table: pa.Table, name: str) -> list[Any]:
    """The values of a column, None where it is null or not there."""
    return list(table[name].to_pylist()) if name in table.column_names else [None] * table.num_rows


def floats(table: pa.Table, name: str) -> Floats:
    """The values of a column as float64, NaN where it is null or not there."""
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    values = table[name].cast(pa.float64()).combine_chunks()
    return np.asarray(values.to_numpy(zero_copy_only=False), np.float64)


def summed(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> dict[Any, Any]:
    """The union of two mappings, values under the same key added."""
    return {**a, **b, **{key: a[key] + b[key] for key in a.keys() & b.keys()}}


def with_copies(out: str, statistics: Statistics) -> Statistics:
    """With the kept copy of each pair, which may lie in any part and is known by its key only."""
    keys = {pair.original for pairs in statistics.pairs.values() for pair in pairs}
    found = locate(out, keys)
    return replace(
        statistics,
        pairs={
            stage: tuple(replace(pair, copy=found.get(pair.original)) for pair in pairs)
            for stage, pairs in statistics.pairs.items()
        },
    )


def _parts(out: str, folder: str, columns: set[str]) -> Iterator[tuple[int, pa.Table]]:
    """(part, table) of each file `part-000000.parquet`, with those of `columns` that it has."""
    for name, path in records.by_name(out, folder).items():
        yield int(name.rpartition("-")[2]), tables.read(path, columns)


def _counts(bins: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(np.bincount(bins, minlength=BINS).tolist())


def _crossed(limit: Limit, values: Floats, bound: float, among: Flags) -> Flags:
    flags = np.zeros(len(values), np.bool_)
    for row in np.flatnonzero(among & ~np.isnan(values)):
        flags[row] = limit.crossed(float(values[row]), bound)
    return flags


def _nearest(bound: float, examples: Sequence[Example]) -> tuple[Example, ...]:
    def order(example: Example) -> tuple[float, str, int, int]:
        gap = math.inf if example.value is None else abs(example.value - bound)
        return gap, example.key, example.part, example.row

    return tuple(sorted(examples, key=order)[:EXAMPLES])


def _farthest(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs that were nearest to not being duplicates, first; pairs of unknown distance last."""

    def order(pair: Pair) -> tuple[float, str, int, int]:
        shown = pair.dropped
        return (math.inf if shown.value is None else -shown.value, shown.key, shown.part, shown.row)

    return tuple(sorted(pairs, key=order)[:EXAMPLES])
