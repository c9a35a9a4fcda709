"""Groups duplicates over the whole input: equal hashes, then near ones by bands, then the best copy of each group.

Only ids and hashes are shuffled. Likely pairs are verified from the fingerprint files of their units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam

from curation import fingerprints
from curation.judge import Id
from filters.dedup import Dedup, Fingerprint, nearest, quality
from filters.duplicates import Edge, Hashed, band_keys, bands_to_agree, choose, equal_hash, near_pairs
from filters.views import VIEWS

Seen = tuple[int, int, bytes]
"""An image that is compared: its unit, its row there, and the hashes of its further views, 8 bytes each."""


@dataclass
class GroupDuplicates(beam.PTransform):
    """(group, `Seen`) of every image → (unit, (row, key of the kept copy, distance, reason)) of every duplicate.

    `images` is how many there are: it decides how finely the bands are cut.
    """

    dedup: Dedup
    work: str
    images: int

    def __post_init__(self) -> None:
        super().__init__()

    def expand(self, images: Any) -> Any:
        found = (
            images
            | "By equal hash" >> beam.GroupByKey()
            | "Match equal" >> beam.FlatMap(match_equal, self.dedup, self.work)
        )
        agree = bands_to_agree(self.images, self.dedup.max_distance, len(VIEWS))
        near = (
            found
            | "Leaders" >> beam.Filter(is_leader)
            | "To bands" >> beam.FlatMap(to_bands, self.dedup.max_distance, agree)
            | "By band" >> beam.GroupByKey()
            | "Match near" >> beam.FlatMap(match_near, self.dedup, self.work, agree)
        )
        return (
            (found | "Equal" >> beam.Filter(is_edge), near)
            | "All edges" >> beam.Flatten()
            | "In one place" >> beam.Map(without_key)
            | "Gather" >> beam.GroupByKey()
            | "Choose the best copies" >> beam.FlatMap(choose_best, self.dedup, self.work)
        )


# Hashes travel as bytes: Beam's integers are signed and have 64 bits.


def seen(id: Id, fingerprint: Fingerprint) -> Seen:
    """What a group needs to know of an image."""
    return (*id, fingerprint.views)


def group(dedup: Dedup, fingerprint: Fingerprint) -> bytes:
    """What images must share to be matched as equal: their hash, or below the validity gate their pixels' digest."""
    return bytes([dedup.textured(fingerprint)]) + dedup.group_key(fingerprint).to_bytes(8, "big")


def match_equal(grouped: tuple[bytes, Iterable[Seen]], dedup: Dedup, work: str) -> Iterator[Any]:
    """The edges within one group, and (hashes, id) of each leader that goes on to the bands."""
    group, images = grouped
    views = {(unit, row): hashes for unit, row, hashes in images}
    members = Members(views, work)
    if len(members.ids) == 1:
        leaders = members.ids
    else:
        edges, leaders = equal_hash(members, dedup.same, quality)
        yield from (tuple(edge) for edge in edges)
    if group[0]:
        yield from ((group[1:] + views[leader], leader) for leader in leaders)


class Members:
    """(id, fingerprint) of some ids, loaded anew each time it is iterated over: a million of them stay on disk."""

    def __init__(self, ids: Iterable[Id], work: str):
        self.ids, self.work = sorted((unit, row) for unit, row in ids), work

    def __iter__(self) -> Iterator[tuple[Id, Fingerprint]]:
        return ((id, load(self.work, id)) for id in self.ids)


def is_leader(item: Any) -> bool:
    return len(item) == 2


def is_edge(item: Any) -> bool:
    return len(item) == 3


def to_bands(leader: tuple[bytes, Id], max_distance: int, agree: int) -> Iterator[tuple[bytes, tuple[bytes, Id, int]]]:
    """(key, (hash, id, view)) of each of a leader's hashes under each of its keys."""
    hashes, id = leader
    for view, at in enumerate(range(0, len(hashes), 8)):
        hash = hashes[at : at + 8]
        for key in band_keys(int.from_bytes(hash, "big"), max_distance, agree):
            yield key.to_bytes(12, "big"), (hash, id, view)


def match_near(
    grouped: tuple[bytes, Iterable[tuple[bytes, Id, int]]], dedup: Dedup, work: str, agree: int
) -> Iterator[tuple[Id, Id, int]]:
    """The verified edges between the leaders of one band. Of the views in which two meet, the nearest is verified."""
    band, leaders = grouped
    members = [Hashed(int.from_bytes(hash, "big"), tuple(id), view) for hash, id, view in leaders]
    if len(members) < 2:
        return
    for one, other, distance in near_pairs(int.from_bytes(band, "big"), members, dedup.max_distance, agree):
        if distance == 0 and other.view == 0:
            continue  # equal hashes were matched before
        first, second = load(work, one.id), load(work, other.id)
        if nearest(first, second).bits == distance and dedup.same(first, second) is not None:
            yield min(one.id, other.id), max(one.id, other.id), distance


def verified(dedup: Dedup, work: str) -> Callable[[Id, Id], int | None]:
    return lambda one, other: dedup.same(load(work, one), load(work, other))


def without_key(edge: tuple[Id, Id, int]) -> tuple[None, tuple[Id, Id, int]]:
    return None, edge


def choose_best(
    gathered: tuple[None, Iterable[tuple[Id, Id, int]]], dedup: Dedup, work: str
) -> Iterator[tuple[int, tuple[int, str, int, str]]]:
    """Every drop. All edges are held in one place, some hundred bytes each: memory grows with duplicates only."""
    pairs = [Edge(tuple(one), tuple(other), distance) for one, other, distance in gathered[1]]
    ids = sorted({id for pair in pairs for id in pair[:2]})
    qualities = {id: quality(id, load(work, id)) for id in ids}
    for (unit, row), (kept, distance) in sorted(choose(pairs, qualities, verified(dedup, work)).items()):
        key = fingerprints.cached(work, kept[0]).key(kept[1])
        yield unit, (row, key, max(distance, 0), dedup.reason(distance, key))


def load(work: str, id: Id) -> Fingerprint:
    """The fingerprint of one image."""
    return fingerprints.cached(work, id[0]).fingerprint(id[1])
