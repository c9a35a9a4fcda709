"""Pictures in shards, Parquet or WebDataset: which rows of each unit are chosen, and their bytes and captions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.shards import tables
from curation.shards.carried import carried
from curation.shards.plan import Plan, read_unit
from curation.shards.schema import CURATED, Row
from curation.shards.unit import Unit
from train.data.labels import COLUMNS, Label, label
from train.data.source import DataError
from train.data.stream import Bad, Choice, Item, Picture, amounts
from train.data.weighing import COLUMN, Tally, alike, given, weight

MOST = 8192
"""Rows of a unit that can be read: it is what a reader has to go through for each of its rows."""

LOOKED_AT = 8
"""Units, spread over a source, of which one must have a caption."""


class Pictures:
    """The chosen rows of planned shards. `tallies`: those of each unit; `columns`: those a caption may be from. Raises
    DataError."""

    in_order = False

    def __init__(self, plan: Plan, choice: Choice, tallies: Sequence[Mapping[Label, Tally]], columns: Collection[str]):
        self._units, self._choice, self._columns = plan.units, choice, columns
        self.amounts = amounts(tallies, choice)
        largest = max(plan.units, key=lambda unit: unit.rows)
        if largest.rows > MOST:
            raise DataError(
                f"{largest.path} has a row group of {largest.rows:,} rows, more than the {MOST:,} that are read at a "
                "time; `curation run` writes it anew in small ones"
            )

    def read(self, unit: int, places: Collection[float]) -> dict[float, Item]:
        """See Shards."""
        wanted, found, end = sorted(set(places)), dict[float, Item](), 0.0
        chosen = (row for row in _rows(self._units[unit]) if self._choice.all or self._choice.takes(row_label(row)))
        for row in chosen:
            end += 1.0 if self.amounts.masses is None else row_weight(row)
            if wanted[len(found)] < end:
                item = _item(row, self._columns)
                found |= {place: item for place in wanted[len(found) :] if place < end}
            if len(found) == len(wanted):
                break
        missing = wanted[len(found) :]
        return found | {place: Bad(self._units[unit].key(None, int(place)), "not there any more") for place in missing}


def check_captions(plan: Plan, columns: Collection[str]) -> None:
    """Raises DataError if no row of a few units has one of these captions."""
    numbers = np.unique(np.linspace(0, len(plan.units) - 1, LOOKED_AT).astype(int))
    for number in numbers:
        if any(captions(row, columns) for row in _rows(plan.units[number])):
            return
    names = " or ".join(f"`{name}`" for name in columns)
    raise DataError(f"{plan.root} has no captions in {names}: `curation annotate` writes them, or name another column")


def captions(row: Row, columns: Collection[str]) -> dict[str, str]:
    """The captions that a row has of these columns, by column."""
    found = {name: row.caption if name == "caption" else carried(row.metadata, name) for name in columns}
    return {name: caption.strip() for name, caption in found.items() if caption and caption.strip()}


def row_label(row: Row) -> Label:
    """The label of a row."""
    return label(_record(row))


def row_weight(row: Row) -> float:
    """The weight of a row. Raises DataError."""
    return weight(_record(row))


def tallies(plan: Plan, labelled: bool) -> list[dict[Label, Tally]]:
    """The rows of each unit by their labels, or under one label unless they are to be `labelled`; and their weights.

    Columns without images are read of Parquet, whole rows of tars, and neither where nothing asks for it. Raises
    DataError, also for a weight that is none.
    """
    groups = [tuple(units) for _, units in groupby(plan.units, key=lambda unit: (unit.kind, unit.path))]
    return [
        tallied for group in storage.parallel(lambda units: _of_file(units, labelled), groups, 4) for tallied in group
    ]


@lru_cache(maxsize=2**16)  # every phase and every check of a config asks
def _of_file(units: tuple[Unit, ...], labelled: bool) -> list[dict[Label, Tally]]:
    if units[0].kind != "parquet" or units[0].start < 0:
        if not labelled and given(_record(next(_rows(units[0]), None))) is None:
            return [_unlabelled(unit.rows) for unit in units]
        return [_tallied(unit, map(_record, _rows(unit))) for unit in units]
    try:
        with tables.opened(units[0].path) as parquet:
            columns = _columns(parquet, units[0], labelled)
            return [_tallied(unit, _records(parquet, unit, columns)) for unit in units]
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{units[0].path} cannot be read: {' '.join(str(error).split())}") from error


def _columns(parquet: pq.ParquetFile, first: Unit, labelled: bool) -> list[str]:
    """What labels and weights are read from: nothing where there are none to read. A column `weight` counts in a shard
    of ours only, one widened since included: in somebody's table it may be that of a parcel."""
    names = parquet.schema_arrow.names
    ours = set(CURATED.names) <= set(names)
    if ours and COLUMN in names:
        return [*(name for name in COLUMNS if labelled and name in names), COLUMN]
    if labelled or (ours and given(next(_records(parquet, first, ["metadata"]), {})) is not None):
        return [name for name in COLUMNS if name in names]
    return []


def _records(parquet: pq.ParquetFile, unit: Unit, columns: list[str]) -> Iterator[dict[str, Any]]:
    if not columns:
        return iter(())
    return iter(parquet.read_row_group(unit.start, columns=columns, use_threads=False).to_pylist())


def _tallied(unit: Unit, records: Iterable[Mapping[str, Any]]) -> dict[Label, Tally]:
    found: dict[Label, Tally] = {}
    number = 0
    for number, record in enumerate(records, 1):
        try:
            found.setdefault(label(record), Tally()).add(weight(record))
        except DataError as error:
            raise DataError(f"row {unit.first + number - 1} of {unit.path} has {error}") from error
    return found if number else _unlabelled(unit.rows)


@cache  # one for all units of a size: of a large source there are millions
def _unlabelled(rows: int) -> dict[Label, Tally]:
    return {Label(): alike(rows)}


def _record(row: Row | None) -> dict[str, Any]:
    return {"annotation": row.annotation, "metadata": row.metadata} if row else {}


def _rows(unit: Unit) -> Iterator[Row]:
    try:
        yield from read_unit(unit)
    except RuntimeError as error:
        raise DataError(str(error)) from error


def _item(row: Row, columns: Collection[str]) -> Item:
    if row.data is None:
        return Bad(row.key, type(row.error).__name__)
    found = captions(row, columns)
    return Picture(row.key, row.data, found) if found else Bad(row.key, "no caption")
