"""Draws the images to label: from bands on both sides of the threshold, the narrower the nearer, as many from each.

So the sample is dense near the threshold and still reaches every image. A labelled image stands for as many as its band
has for each one labelled: the inverse of the chance by which it was drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from curation.assess import DECODE
from curation.calibration.choice import Choice
from curation.shards import records, tables
from curation.statistics import Flags, Floats, floats
from filters.base import Limit

BANDS = 5
"""Bands on each side of the threshold, each with twice the images of the one before it."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Item:
    """An image to label: where its row is, its signal, and the number of its band."""

    part: int
    row: int
    key: str
    sha256: str | None
    value: float
    band: int


@dataclass(frozen=True)
class Sample:
    """What was drawn, in the order in which it is shown: of any beginning, each band has about its share.

    `bands` are the signals of all images, those of each band.
    """

    items: tuple[Item, ...]
    bands: tuple[Floats, ...]

    @property
    def population(self) -> int:
        """How many images there are to draw from."""
        return sum(map(len, self.bands))


def draw(choice: Choice, count: int, seed: int, among: Collection[str] | None = None) -> Sample:
    """`count` images of those that only this limit decides on, or all where there are fewer.

    These are the images that have the signal and that neither an earlier stage nor another limit of the stage drops;
    of them those whose key is `among` where that is given. Sixteen bytes an image are held.
    """
    found = list(_parts(choice, among))
    parts = np.concatenate([np.full(len(rows), part) for part, rows, _ in found] or [np.zeros(0, np.int64)])
    rows = np.concatenate([rows for _, rows, _ in found] or [np.zeros(0, np.int64)])
    values = np.concatenate([values for _, _, values in found] or [np.zeros(0)])
    chance = np.random.default_rng(seed)
    bands = bands_of(values, crossed(choice.limit, values, choice.bound), choice.bound, chance)
    taken = list(allot([len(band) for band in bands], count))
    order: list[tuple[float, int, int]] = []
    for number, (band, some) in enumerate(zip(bands, taken, strict=True)):
        turns = (np.arange(some) + chance.random(some)) / max(some, 1)
        order += [(float(turn), number, int(at)) for turn, at in zip(turns, chance.permutation(band), strict=False)]
    order.sort()
    places = [(int(parts[at]), int(rows[at])) for _, _, at in order]
    known = _named(choice.output, places)
    drawn = zip(places, order, strict=True)
    items = [Item(*place, *known[place], float(values[at]), band) for place, (_, band, at) in drawn]
    return Sample(tuple(items), tuple(values[band] for band in bands))


def bands_of(values: Floats, gone: Flags, bound: float, chance: np.random.Generator) -> list[Rows]:
    """The bands on either side of `bound`, each the indices of its images; those of equal signals fall by chance."""
    bands: list[Rows] = []
    for flags in (gone, ~gone):
        side = chance.permutation(np.flatnonzero(flags))
        side = side[np.argsort(np.abs(values[side] - bound), kind="stable")]
        ends = [round(len(side) * (2**n - 1) / (2**BANDS - 1)) for n in range(BANDS + 1)]
        bands += [side[start:end] for start, end in pairwise(ends)]
    return bands


def allot(sizes: Sequence[int], count: int) -> Iterator[int]:
    """How many images each band gives: equally many, and what small ones lack is made up by the others."""
    left, order = count, sorted(range(len(sizes)), key=lambda band: sizes[band])
    given = [0] * len(sizes)
    for at, band in enumerate(order):
        given[band] = min(sizes[band], -(-left // (len(sizes) - at)))
        left -= given[band]
    return iter(given)


def crossed(limit: Limit, values: Floats, bound: float) -> Flags:
    """Whether the limit drops each of `values` where its threshold is `bound`; what is NaN it does not."""
    return np.asarray(limit.crossed(values, bound), np.bool_)  # type: ignore[arg-type]


def _parts(choice: Choice, among: Collection[str] | None) -> Iterator[tuple[int, Rows, Floats]]:
    """(part, rows, signals) of the images in question, one part's table in memory at a time."""
    stage, limit = choice.stage, choice.limit
    columns = {"key", "dropped_by", *(f"{stage.name}.{each.signal}" for each in stage.limits)}
    for name, path in records.by_name(choice.output, "signals").items():
        table = tables.read(path, columns)
        values = floats(table, f"{stage.name}.{limit.signal}")
        wanted = ~np.isnan(values) & ~_among(table, "dropped_by", (DECODE, *choice.before))
        for other in stage.limits:
            if other != limit:
                wanted &= ~crossed(other, floats(table, f"{stage.name}.{other.signal}"), getattr(stage, other.field))
        if among is not None:
            wanted &= _among(table, "key", among)
        rows = np.flatnonzero(wanted)
        yield int(name.rpartition("-")[2]), rows, values[rows]


def _among(table: pa.Table, column: str, names: Collection[str]) -> Flags:
    flags = pc.is_in(table[column], value_set=pa.array(sorted(names), pa.string()))
    return np.asarray(flags.to_numpy(), np.bool_)


def _named(output: str, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str | None]]:
    """Key and SHA-256 of the images at `places`, (part, row) each."""
    found: dict[tuple[int, int], tuple[str, str | None]] = {}
    for name, path in records.by_name(output, "signals").items():
        part = int(name.rpartition("-")[2])
        rows = [row for at, row in places if at == part]
        if rows:
            table = tables.read(path, ["key", "sha256"]).take(rows)
            named = zip(table["key"].to_pylist(), table["sha256"].to_pylist(), strict=True)
            found |= {(part, row): pair for row, pair in zip(rows, named, strict=True)}
    return found
