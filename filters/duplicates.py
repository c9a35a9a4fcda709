"""Finding duplicates among any number of images: pure functions that a pipeline of small records wires together.

1. `equal_hash`: images of one `group_key` are matched to few leaders; linear in the group.
2. `band_keys`: each leader's hashes are cut into bands, so that hashes within the distance meet under some key
   (pigeonhole: Manku, Jain and Das Sarma, "Detecting near-duplicates for web crawling", 2007).
3. `near_pairs`: under one key each image's own hash is compared with all hashes of the others.
4. `choose`: the best copy of each group is kept, by verified edges only, never along a chain.

An id is anything orderable and hashable, the same type throughout.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Id = Any
Quality = Any
Same = Callable[[Any, Any], int | None]

SAME_BYTES, SAME_PIXELS = -2, -1
"""Stand for the distance of an edge between files of equal bytes, or of equal decoded pixels."""

LEADERS = 8
"""Most leaders of one hash. A member compares with these only, so that a million equal hashes cost linear work."""


class Edge(NamedTuple):
    """A verified pair: Hamming distance 0 to 64, or `SAME_PIXELS`, or `SAME_BYTES`."""

    one: Id
    other: Id
    distance: int


def equal_hash(
    members: Iterable[tuple[Id, Any]], same: Same, quality: Callable[[Id, Any], Quality]
) -> tuple[list[Edge], list[Id]]:
    """Match the (id, fingerprint) members of one group key: edges to leaders, and the leaders, at most `LEADERS`.

    The best member is the first leader, the best that does not match it the second, and so on: the result does
    not depend on the order of members. Who matches none of `LEADERS` leaders is left alone: hundreds of unlike
    images with one hash are no group. At most LEADERS comparisons a member; it iterates over members once a
    leader and holds their ids only, so that a lazy iterable of a million fingerprints stays lazy.
    """
    if iter(members) is members:  # a generator could be read only once
        members = list(members)
    edges: list[Edge] = []
    leaders: list[Id] = []
    matched: set[Id] = set()
    best = min(members, key=lambda member: quality(*member), default=None)
    while best and len(leaders) < LEADERS:
        leader, of_leader = best
        leaders.append(leader)
        matched.add(leader)
        best = None
        for id, fingerprint in members:
            if id in matched:
                continue
            distance = same(fingerprint, of_leader)
            if distance is not None:
                matched.add(id)
                edges.append(Edge(id, leader, distance))
            elif best is None or quality(id, fingerprint) < quality(*best):
                best = id, fingerprint
    return edges, leaders


SECONDS_A_RECORD = 11e-6
"""What it costs to send one (key, hash, id) record through a shuffle: measured in Beam's runner in memory."""

SECONDS_A_PAIR = 6e-9
"""What it costs `near_pairs` to compare two hashes: measured on 20,000."""


def bands_to_agree(count: int, max_distance: int, views: int = 1) -> int:
    """How many bands must agree (k of max_distance + k), 1 to 4, for the least work on `count` images.

    Each has a hash of its own and of `views` − 1 further views. More bands make more keys a hash, C(d + k, k), but
    longer ones, 64k / (d + k) bits, so fewer chance meetings. At distance 8 and 4 views: 1 up to 1.3 million images
    (9 keys a view), 2 up to 47 million (45), 3 up to 0.9 billion (165).
    """

    def seconds(k: int) -> float:
        keys, bits = math.comb(max_distance + k, k), 64 * k / (max_distance + k)
        compared = count * (views - 0.5) / 2**bits
        return keys * count * (views * SECONDS_A_RECORD + compared * SECONDS_A_PAIR)

    return min(range(1, 5), key=seconds)


def band_keys(hash: int, max_distance: int, agree: int) -> list[int]:
    """The keys of a 64-bit hash: two hashes within `max_distance` bits share at least one.

    64 bits in d + k bands: d flipped bits spoil at most d bands, so k bands are equal. Each key is one choice of
    k bands: their bits, below the number of the choice. C(d + k, k) keys of at most 64 bits.
    """
    bands, choices, width = _layout(max_distance, agree)
    keys = []
    for number, choice in enumerate(choices):
        key = number
        for shift, size in (bands[band] for band in choice):
            key = key << size | hash >> shift & (1 << size) - 1
        keys.append(key << width[number])
    return keys


class Hashed(NamedTuple):
    """A hash of an image. `view` 0 is the image's own; pairs are sought of one's own and the other's any."""

    hash: int
    id: Id
    view: int = 0


def near_pairs(
    key: int, members: Iterable[Hashed], max_distance: int, agree: int
) -> Iterator[tuple[Hashed, Hashed, int]]:
    """All pairs of different images under one band key, with their distance: an own hash first, by id where both are.

    Of the keys two hashes share, only the first gives the pair, so that no pair of views comes twice. Memory is
    bounded by the members plus a block of 64 × 2,048 comparisons.
    """
    bands, choices, padding = _layout(max_distance, agree)
    choice = choices[key >> padding[0] + sum(bands[band][1] for band in choices[0])]
    ordered = sorted(members, key=lambda member: (member.view, member.id))
    own = sum(member.view == 0 for member in ordered)
    hashes = [member.hash for member in ordered]
    for ones, others in (_few if len(hashes) <= FEW else _many)(hashes, own, max_distance):
        differ = np.array([hashes[one] ^ hashes[other] for one, other in zip(ones, others, strict=True)], np.uint64)
        for at in np.flatnonzero(_first_choice(differ, bands, agree, choice)).tolist():
            one, other = ordered[ones[at]], ordered[others[at]]
            if one.id != other.id:
                yield one, other, int(differ[at]).bit_count()


ROWS, COLUMNS = 64, 2048
"""Block of comparisons: small enough for a core's cache."""

FEW = 32
"""Up to so many hashes plain integers are faster than arrays."""


def _few(hashes: list[int], own: int, max_distance: int) -> Iterator[tuple[list[int], list[int]]]:
    """Indexes of the hashes that are near one of the first `own` and stand behind it."""
    pairs = ((i, j) for i in range(own) for j in range(i + 1, len(hashes)))
    close = [(i, j) for i, j in pairs if (hashes[i] ^ hashes[j]).bit_count() <= max_distance]
    if close:
        yield [i for i, _ in close], [j for _, j in close]


def _many(hashes: list[int], own: int, max_distance: int) -> Iterator[tuple[list[int], list[int]]]:
    """As `_few`, in blocks."""
    array = np.array(hashes, np.uint64)
    for row in range(0, own, ROWS):
        rows = array[row : min(row + ROWS, own), None]
        for column in range(row, len(array), COLUMNS):
            distances = np.bitwise_count(rows ^ array[None, column : column + COLUMNS])
            ones, others = np.nonzero(distances <= max_distance)
            forward = ones + row < others + column
            if forward.any():
                yield (ones[forward] + row).tolist(), (others[forward] + column).tolist()


@cache
def _layout(max_distance: int, agree: int) -> tuple[list[tuple[int, int]], list[tuple[int, ...]], list[int]]:
    """Bands as (shift, size), the choices of `agree` of them, and each choice's padding to a common key length."""
    count = max_distance + agree
    cuts = [64 * i // count for i in range(count + 1)]
    bands = [(low, high - low) for low, high in pairwise(cuts)]
    choices = list(combinations(range(count), agree))
    sizes = [sum(bands[band][1] for band in choice) for choice in choices]
    return bands, choices, [max(sizes) - size for size in sizes]


def _first_choice(
    differ: NDArray[np.uint64], bands: list[tuple[int, int]], agree: int, choice: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Where the first `agree` equal bands of each XOR are exactly `choice`."""
    seen = np.zeros(len(differ), np.int64)
    first = np.ones(len(differ), bool)
    for band, (shift, size) in enumerate(bands):
        equal = differ >> np.uint64(shift) & np.uint64((1 << size) - 1) == 0
        first &= (seen >= agree) | (equal == (band in choice))
        seen += equal
    return first


def choose(edges: Iterable[Edge], quality: Mapping[Id, Quality], same: Same | None = None) -> dict[Id, tuple[Id, int]]:
    """Which images to drop: id → (the kept id it is a copy of, distance). `quality` sorts the best first, without ties.

    From the best image down, one is dropped if it has a verified edge to a kept, better one, else kept: so nothing
    is dropped for its likeness to something itself dropped, however long a chain a~b~c~d is. The nearest kept
    copy is named, of equally near ones the best. The order of edges does not matter.

    Members of an `equal_hash` group have an edge to their leader only. Where that leader is dropped, its members
    (same hash, so same distance) are held against the image it was dropped for: by `same(id, id)` if given, and
    against those already kept of the group, `LEADERS` at most; without `same` an edge of distance 0 is taken for
    equality and they follow their leader.

    Memory is in proportion to the edges; a million take 4 s, and 18 s as one star with ids of two integers.
    """
    triples = list(edges)
    ids = sorted({id for edge in triples for id in edge[:2]}, key=quality.__getitem__)
    rank = {id: at for at, id in enumerate(ids)}
    pairs = np.array([(rank[one], rank[other], distance) for one, other, distance in triples], np.int64).reshape(-1, 3)
    worse, better = pairs[:, :2].max(axis=1), pairs[:, :2].min(axis=1)
    order = np.lexsort((better, pairs[:, 2], worse))
    worse = worse[order]
    ends = np.searchsorted(worse, np.arange(len(ids)), side="right").tolist()
    neighbours = list(zip(better[order].tolist(), pairs[order, 2].tolist(), strict=True))

    kept_for = list(range(len(ids)))  # itself, or the kept image it is a copy of
    kept_distance = [0] * len(ids)
    splits: dict[int, list[int]] = {}  # dropped leader → members kept because they are not like its kept copy
    start = 0
    for at, end in enumerate(ends):
        near, start = neighbours[start:end], end
        match = next((pair for pair in near if kept_for[pair[0]] == pair[0]), None)
        match = match or _follow(at, near, kept_for, kept_distance, splits, ids, same)
        if match:
            kept_for[at], kept_distance[at] = match
    return {
        id: (ids[kept], kept_distance[at])
        for at, (id, kept) in enumerate(zip(ids, kept_for, strict=True))
        if kept != at
    }


def _follow(
    at: int,
    near: list[tuple[int, int]],
    kept_for: list[int],
    kept_distance: list[int],
    splits: dict[int, list[int]],
    ids: list[Id],
    same: Same | None,
) -> tuple[int, int] | None:
    """The kept image that `at` is a copy of through a dropped leader of the same hash, and their distance."""
    for leader, distance in near:
        if distance > 0:
            break
        if same is None:
            return kept_for[leader], max(distance, kept_distance[leader])
        siblings = splits.setdefault(leader, [])
        for kept in [kept_for[leader], *siblings]:
            found = same(ids[at], ids[kept])
            if found is not None:
                return kept, found
        if len(siblings) < LEADERS:
            siblings.append(at)
    return None
