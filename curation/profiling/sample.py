"""Draws the sample: the rows whose keys have the smallest hashes. It depends on the keys and the seed only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from curation import storage
from curation.shards.plan import KEYS, READERS, Plan, unit_rows
from curation.shards.schema import Row
from curation.shards.unit import Unit, hash_key


@dataclass(frozen=True)
class Cut:
    """Some rows of a unit, by their numbers in it, ascending."""

    unit: Unit
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Piece(Unit):
    """A unit of the sample: what a part of the output comes from."""

    cuts: tuple[Cut, ...] = ()


def draw(plan: Plan, count: int, seed: int) -> Plan:
    """`count` rows of the input, or all where it has fewer, in the input's order, as a plan of pieces.

    With another `count` and the same seed one sample holds the other. Keys are read, images are not; eight bytes a row
    are held. Raises OSError where the input has gone since it was planned.
    """
    cuts = [Cut(unit, tuple(range(unit.rows))) for unit in plan.units]
    if count < plan.images:
        hashes = storage.parallel(lambda unit: _hashes(unit, seed), plan.units)
        chosen = np.zeros(plan.images, np.bool_)
        chosen[np.argsort(np.concatenate(hashes), kind="stable")[:count]] = True
        ends = np.cumsum([unit.rows for unit in plan.units])[:-1]
        cuts = [
            _narrowed(unit, tuple(np.flatnonzero(flags).tolist()))
            for unit, flags in zip(plan.units, np.split(chosen, ends), strict=True)
            if flags.any()
        ]
    return Plan(plan.root, plan.kind, list(_pieces(plan.root, cuts)), plan.files, plan.ignored)


def read(piece: Piece) -> Iterator[Row]:
    """The rows of a piece, in order. A shard is read up to the last of them, of a folder only their files."""
    for cut in piece.cuts:
        wanted, found = set(cut.rows), 0
        for number, row in enumerate(islice(READERS[cut.unit.kind](cut.unit), cut.rows[-1] + 1)):
            if number in wanted:
                found += 1
                yield row
        if found != len(cut.rows):
            raise RuntimeError(f"{cut.unit.source} gave {found} rows of {len(cut.rows)}: it changed during the run")


def chosen(pieces: Sequence[Unit], rows: Collection[tuple[int, int, str]]) -> Iterator[tuple[str, bytes]]:
    """(key, bytes) of the images that `rows` name, each (piece, row, key); those without bytes are left out."""
    wanted = {(piece, number) for piece, number, _ in rows}
    for piece in pieces:
        assert isinstance(piece, Piece)
        if piece.number in {number for number, _ in wanted}:
            for number, row in enumerate(read(piece)):
                if (piece.number, number) in wanted and row.data is not None:
                    yield row.key, row.data


def _hashes(unit: Unit, seed: int) -> NDArray[np.uint64]:
    return np.array([hash_key(f"{seed}:{key}") for key in KEYS[unit.kind](unit)], np.uint64)


def _narrowed(unit: Unit, rows: tuple[int, ...]) -> Cut:
    """The cut, of a folder without the files that it leaves out."""
    if not unit.files:
        return Cut(unit, rows)
    files = tuple(unit.files[row] for row in rows)
    return Cut(replace(unit, files=files, rows=len(files)), tuple(range(len(files))))


def _pieces(root: str, cuts: list[Cut]) -> Iterator[Unit]:
    """Pieces of about as many rows as a unit of so many images has."""
    side, number, gathered = unit_rows(sum(len(cut.rows) for cut in cuts)), 0, list[Cut]()
    for at, cut in enumerate(cuts):
        gathered.append(cut)
        rows = sum(len(part.rows) for part in gathered)
        if rows >= side or at == len(cuts) - 1:
            yield Piece("sample", root, "sample", rows, 0, 0.0, number=number, cuts=tuple(gathered))
            number, gathered = number + 1, []
