"""Every pair is found once, hot hashes cost linear work, and only likeness to a kept image drops an image."""

import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.duplicates import (
    FEW,
    LEADERS,
    SAME_BYTES,
    SAME_PIXELS,
    Edge,
    Hashed,
    band_keys,
    bands_to_agree,
    choose,
    equal_hash,
    near_pairs,
)

Found = list[tuple[int, int, int]]


def banded(members: list[Hashed], max_distance: int, agree: int) -> list[tuple[Hashed, Hashed, int]]:
    """All pairs that the bands find."""
    buckets = defaultdict(list)
    for member in members:
        for key in band_keys(member.hash, max_distance, agree):
            buckets[key].append(member)
    full = ((key, found) for key, found in buckets.items() if len(found) > 1)
    return [pair for key, found in full for pair in near_pairs(key, found, max_distance, agree)]


def by_bands(hashes: list[int], max_distance: int, agree: int) -> Found:
    """All pairs of indexes that the bands find."""
    members = [Hashed(hash, id) for id, hash in enumerate(hashes)]
    return [(one.id, other.id, distance) for one, other, distance in banded(members, max_distance, agree)]


def brute_force(hashes: list[int], max_distance: int) -> Found:
    array, found = np.array(hashes, np.uint64), []
    for one in range(len(array)):
        distances = np.bitwise_count(array[one + 1 :] ^ array[one])
        found += [(one, one + 1 + int(at), int(distances[at])) for at in np.flatnonzero(distances <= max_distance)]
    return found


def flipped(hash: int, bits: list[int]) -> int:
    for bit in bits:
        hash ^= 1 << bit
    return hash


@pytest.mark.parametrize("agree", [1, 2])
def test_every_pair_of_20_000_hashes(agree: int) -> None:
    dice = random.Random(agree)
    hashes = [dice.getrandbits(64) for _ in range(16_400)]
    for at in range(3_600):  # 400 neighbours at each distance from 0 to 8
        hashes.append(flipped(hashes[at], dice.sample(range(64), at % 9)))
    expected = brute_force(hashes, 8)
    planted = np.bincount([distance for *_, distance in expected])
    assert len(hashes) == 20_000
    assert len(planted) == 9
    assert min(planted) >= 400
    assert sorted(by_bands(hashes, 8, agree)) == sorted(expected)


@given(
    st.integers(0, 2**64 - 1),
    st.lists(st.lists(st.integers(0, 63), max_size=16, unique=True), min_size=1, max_size=4),
    st.integers(0, 16),
    st.integers(1, 3),
)
def test_every_pair_at_any_distance(hash: int, flips: list[list[int]], max_distance: int, agree: int) -> None:
    agree = min(agree, 2 if max_distance > 8 else 3)  # C(19, 3) keys a hash would only be slow
    hashes = [hash, *(flipped(hash, bits) for bits in flips)]
    assert sorted(by_bands(hashes, max_distance, agree)) == sorted(brute_force(hashes, max_distance))


@pytest.mark.parametrize("agree", [1, 2, 3, 4])
@pytest.mark.parametrize("max_distance", range(17))
def test_keys_have_64_bits_and_differ(max_distance: int, agree: int) -> None:
    for hash in (0, 2**64 - 1, 0x0123456789ABCDEF):
        keys = band_keys(hash, max_distance, agree)
        assert len(set(keys)) == len(keys)
        assert all(0 <= key < 2**64 for key in keys)


def test_large_bucket_is_compared_like_a_small_one() -> None:
    dice = random.Random(0)
    hashes = [dice.getrandbits(56) for _ in range(5_000)]  # the highest of 9 bands is zero in all
    hashes += [flipped(hash, dice.sample(range(56), 5)) for hash in hashes[:300]]
    key = band_keys(0, 8, 1)[-1]
    assert all(key in band_keys(hash, 8, 1) for hash in hashes[:50])
    members = [Hashed(hash, id) for id, hash in enumerate(hashes)]
    dice.shuffle(members)
    whole = list(near_pairs(key, members, 8, 1))
    pieces = [
        pair for at in range(300) for pair in near_pairs(key, [m for m in members if m.id in (at, 5_000 + at)], 8, 1)
    ]
    assert len(members) > 2 * 2_048 > FEW
    assert set(pieces) <= set(whole)
    assert len(set(whole)) == len(whole)
    assert all(one.id < other.id and distance <= 8 for one, other, distance in whole)


@pytest.mark.parametrize("count", [8, 300])
def test_own_hashes_meet_all_views_and_views_do_not_meet(count: int) -> None:
    """In buckets of few and of many members."""
    dice = random.Random(count)
    own = [dice.getrandbits(64) for _ in range(count)]
    members = [Hashed(hash, id) for id, hash in enumerate(own)]
    for id in range(count):  # views near another's own hash, near one's own, and near another's view
        members += [Hashed(flipped(own[id - 1], dice.sample(range(64), 5)), id, 1)]
        members += [Hashed(flipped(own[id], [3]), id, 2), Hashed(7, id, 3)]
    expected = {
        (one, other, (one.hash ^ other.hash).bit_count())
        for one in members
        for other in members
        if one.id != other.id and one.view == 0 and (other.view > 0 or one.id < other.id)
        if (one.hash ^ other.hash).bit_count() <= 8
    }
    assert len(expected) >= count
    found = banded(members, 8, 1)
    assert len(found) == len(expected)
    assert set(found) == expected


def test_more_images_need_more_agreement() -> None:
    agreements = [bands_to_agree(10**power, 8) for power in range(2, 11)]
    assert agreements[0] == 1
    assert agreements[-1] >= 3
    assert agreements == sorted(agreements)
    assert bands_to_agree(2 * 10**6, 8, views=4) > bands_to_agree(2 * 10**6, 8)


class Counted:
    """`same` over plain numbers: equal values are the same picture. Counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, one: int, other: int) -> int | None:
        self.calls += 1
        return 0 if one == other else None


def by_id(id: int, _: int) -> int:
    return id


def test_a_million_equal_hashes_cost_linear_work() -> None:
    same, count = Counted(), 10**6
    edges, leaders = equal_hash([(id, 7) for id in range(count)], same, by_id)
    assert leaders == [0]
    assert len(edges) == count - 1
    assert same.calls == count - 1


def test_a_hundred_thousand_unlike_images_of_one_hash_cost_linear_work() -> None:
    same, count = Counted(), 10**5
    edges, leaders = equal_hash([(id, id) for id in range(count)], same, by_id)
    assert leaders == list(range(LEADERS))
    assert not edges
    assert same.calls <= LEADERS * count


@given(st.lists(st.integers(0, 4), max_size=30), st.randoms())
def test_each_member_goes_to_the_best_of_its_kind(kinds: list[int], dice: random.Random) -> None:
    members = list(enumerate(kinds))
    dice.shuffle(members)
    edges, leaders = equal_hash(iter(members), Counted(), by_id)
    first = {kind: kinds.index(kind) for kind in set(kinds)}
    assert sorted(leaders) == sorted(first.values())
    assert sorted(edges) == [Edge(id, first[kind], 0) for id, kind in enumerate(kinds) if id != first[kind]]


def test_a_chain_drops_only_what_resembles_a_kept_image() -> None:
    chain = [Edge("a", "b", 4), Edge("b", "c", 4), Edge("c", "d", 4)]
    assert choose(chain, dict.fromkeys("abcd", 0) | {x: i for i, x in enumerate("abcd")}) == {
        "b": ("a", 4),
        "d": ("c", 4),
    }


def test_the_nearest_kept_copy_is_named_then_the_best() -> None:
    quality = {"best": 0, "good": 1, "fair": 2, "copy": 3}
    edges = [Edge("best", "copy", 6), Edge("copy", "good", 2), Edge("fair", "copy", 2)]
    assert choose(edges, quality) == {"copy": ("good", 2)}


def test_no_edges_drop_nothing() -> None:
    assert choose([], {}) == {}


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 8)), max_size=60),
    st.permutations(range(21)),
    st.randoms(),
)
def test_what_is_dropped_has_an_edge_to_a_better_kept_image(
    triples: list[tuple[int, int, int]], quality: list[int], dice: random.Random
) -> None:
    least: dict[frozenset[int], int] = {}
    for one, other, distance in triples:
        if one != other:
            least.setdefault(frozenset((one, other)), distance)
    edges = [Edge(*sorted(pair), distance) for pair, distance in least.items()]
    dropped = choose(edges, quality)
    for image, (kept, distance) in dropped.items():
        assert kept not in dropped
        assert quality[kept] < quality[image]
        assert least[frozenset((image, kept))] == distance
    for one, other, _ in edges:  # of two that are alike, not both are kept
        assert one in dropped or other in dropped
    shuffled = [Edge(edge.other, edge.one, edge.distance) for edge in edges]
    dice.shuffle(shuffled)
    assert choose(shuffled, quality) == dropped


STAR = [Edge(member, "leader", 0) for member in ("m1", "m2", "m3")] + [Edge("leader", "kept", 4)]
ORDER = {"kept": 0, "leader": 1, "m1": 2, "m2": 3, "m3": 4}


def test_members_follow_a_dropped_leader_at_its_distance() -> None:
    assert choose(STAR, ORDER) == dict.fromkeys(("leader", "m1", "m2", "m3"), ("kept", 4))


def test_members_of_a_dropped_leader_are_verified_where_they_can_be() -> None:
    alike = {("m1", "kept"): 4, ("m3", "m2"): 0}  # m2 resembles its leader, but not what its leader was dropped for
    dropped = choose(STAR, ORDER, lambda one, other: alike.get((one, other)))
    assert dropped == {"leader": ("kept", 4), "m1": ("kept", 4), "m3": ("m2", 0)}


def test_exact_edges_are_told_from_near_ones() -> None:
    edges = [Edge("b", "a", SAME_BYTES), Edge("c", "a", SAME_PIXELS), Edge("a", "z", SAME_PIXELS)]
    dropped = choose(edges, {"z": 0, "a": 1, "b": 2, "c": 3})
    assert dropped == {"a": ("z", SAME_PIXELS), "b": ("z", SAME_PIXELS), "c": ("z", SAME_PIXELS)}


def test_a_star_of_a_hundred_thousand_is_verified_in_linear_work() -> None:
    count, calls = 10**5, 0

    def never(one: int, other: int) -> None:
        nonlocal calls
        calls += 1

    edges = [Edge(id, 1, 0) for id in range(2, count)] + [Edge(1, 0, 8)]
    dropped = choose(edges, range(count), never)  # type: ignore[arg-type]
    assert dropped == {1: (0, 8)}
    assert calls <= (LEADERS + 1) * count
