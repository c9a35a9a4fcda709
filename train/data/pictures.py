"""Pictures in shards, Parquet or WebDataset: which rows of each unit are chosen, and their bytes and captions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby

import numpy as np
import pyarrow as pa

from curation import storage
from curation.shards import tables
from curation.shards.plan import Plan, read_unit
from curation.shards.schema import Row
from curation.shards.unit import Unit
from train.data.labels import COLUMNS, Label, carried, label
from train.data.source import DataError
from train.data.stream import Bad, Choice, Item, Picture, count

MOST = 8192
"""Rows of a unit that can be read: it is what a reader has to go through for each of its rows."""

LOOKED_AT = 8
"""Units, spread over a source, of which one must have a caption."""


class Pictures:
    """The chosen rows of planned shards. `labels`: of each unit how many rows have which label, or None if every row is
    chosen; `columns`: those a caption may be from. Raises DataError."""

    in_order = False

    def __init__(self, plan: Plan, choice: Choice, labels: Sequence[Counter[Label]] | None, columns: Collection[str]):
        self._units, self._choice, self._columns = plan.units, choice, columns
        self.counts = np.array([unit.rows for unit in plan.units]) if labels is None else count(labels, choice)
        largest = max(plan.units, key=lambda unit: unit.rows)
        if largest.rows > MOST:
            raise DataError(
                f"{largest.path} has a row group of {largest.rows:,} rows, more than the {MOST:,} that are read at a "
                "time; `curation run` writes it anew in small ones"
            )

    def read(self, unit: int, rows: Collection[int]) -> dict[int, Item]:
        """See Shards."""
        wanted, found = set(rows), dict[int, Item]()
        chosen = (row for row in _rows(self._units[unit]) if self._choice.all or self._choice.takes(row_label(row)))
        for number, row in enumerate(chosen):
            if number in wanted:
                found[number] = _item(row, self._columns)
                if len(found) == len(wanted):
                    break
        missing = wanted - found.keys()
        return found | {number: Bad(self._units[unit].key(None, number), "not there any more") for number in missing}


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
    return label({"annotation": row.annotation, "metadata": row.metadata})


def labels(plan: Plan) -> list[Counter[Label]]:
    """Of each unit how many rows have which label. Columns without images are read of Parquet, whole rows of tars."""
    groups = [tuple(units) for _, units in groupby(plan.units, key=lambda unit: (unit.kind, unit.path))]
    return [counted for group in storage.parallel(_labels_of_file, groups, 4) for counted in group]


@lru_cache(maxsize=2**16)  # every phase and every check of a config asks
def _labels_of_file(units: tuple[Unit, ...]) -> list[Counter[Label]]:
    if units[0].kind != "parquet" or units[0].start < 0:
        return [Counter(row_label(row) for row in _rows(unit)) for unit in units]
    try:
        with tables.opened(units[0].path) as parquet:
            names = [name for name in COLUMNS if name in parquet.schema_arrow.names]
            read: Callable[[int], pa.Table] = partial(parquet.read_row_group, columns=names, use_threads=False)
            return [Counter(map(label, read(unit.start).to_pylist() if names else [{}] * unit.rows)) for unit in units]
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{units[0].path} cannot be read: {' '.join(str(error).split())}") from error


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
