from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.data.order import BLOCK, Mixture, Order

weights = st.lists(st.floats(0.01, 10), min_size=1, max_size=5)
counts = st.lists(st.integers(0, 40), min_size=1, max_size=30).filter(any)


@given(weights, st.integers(0, 2**31), st.integers(0, 10**6))
def test_a_sample_is_found_again_from_its_place_in_its_stream(weights: list[float], seed: int, sample: int) -> None:
    mixture = Mixture(weights, seed)
    stream, number = mixture.place(sample)
    assert mixture.samples(stream, np.arange(number, number + 3))[0] == sample


@given(weights, st.integers(0, 2**31), st.integers(0, 500))
def test_the_numbers_of_a_stream_count_up(weights: list[float], seed: int, first: int) -> None:
    mixture = Mixture(weights, seed)
    stream = len(weights) - 1
    samples = mixture.samples(stream, np.arange(first, first + 50))
    assert [mixture.place(int(sample)) for sample in samples] == [(stream, first + n) for n in range(50)]
    assert (np.diff(samples) > 0).all()


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ([1, 1], [0.5, 0.5]),
        ([3, 1], [0.75, 0.25]),
        ([0.55, 0.27, 0.13, 0.05], [0.55, 0.27, 0.13, 0.05]),
        ([1, 1, 1], [0.3334, 0.3333, 0.3333]),
    ],
)
def test_shares_are_the_weights(weights: list[float], shares: list[float]) -> None:
    mixture = Mixture(weights, seed=3)
    block = int(mixture.counts.sum())
    drawn = Counter(mixture.place(sample)[0] for sample in range(7 * block, 8 * block))
    assert [drawn[stream] / block for stream in range(len(weights))] == pytest.approx(shares, abs=1e-9)


def test_short_stretches_keep_to_the_weights_too() -> None:
    mixture = Mixture([1, 3], seed=0)
    streams = [mixture.place(sample)[0] for sample in range(3 * BLOCK)]
    rounds = [sum(streams[start : start + 4]) for start in range(0, len(streams), 4)]
    assert rounds == [3] * len(rounds)
    assert len({tuple(streams[start : start + 4]) for start in range(0, len(streams), 4)}) == 4  # shuffled


@given(counts, st.integers(0, 2**31), st.integers(0, 3), st.booleans(), st.integers(1, 100))
def test_every_row_comes_once_an_epoch(counts: list[int], seed: int, epoch: int, in_order: bool, window: int) -> None:
    order = Order(counts, seed, 0, in_order, window)
    found = [_row(order, number) for number in range(epoch * order.length, (epoch + 1) * order.length)]
    assert sorted(found) == [(unit, row) for unit, count in enumerate(counts) for row in range(count)]


@given(counts, st.integers(1, 100))
def test_windows_follow_each_other(counts: list[int], window: int) -> None:
    order = Order(counts, 1, 0, False, window)
    places = list(dict.fromkeys(order.find(number) for number in range(3 * order.length)))
    assert places[0] == (0, 0)
    assert [order.after(*place) for place in places[:-1]] == places[1:]


def test_epochs_and_seeds_differ_and_are_repeated() -> None:
    order = Order([50] * 20, 1, 0, False, 200)
    first = [_row(order, number) for number in range(1000)]
    assert first == [_row(Order([50] * 20, 1, 0, False, 200), number) for number in range(1000)]
    for other in (
        [_row(order, number) for number in range(1000, 2000)],
        [_row(Order([50] * 20, 2, 0, False, 200), number) for number in range(1000)],
        [_row(Order([50] * 20, 1, 1, False, 200), number) for number in range(1000)],
    ):
        assert sum(one == another for one, another in zip(first, other, strict=True)) < 10


def test_the_first_epoch_follows_a_producer() -> None:
    order = Order([10] * 100, 1, 0, True, 50)
    units = [[_row(order, number)[0] for number in range(start, start + 50)] for start in range(0, 1000, 50)]
    assert [sorted(set(window)) for window in units] == [list(range(5 * n, 5 * n + 5)) for n in range(20)]
    again = [_row(order, number)[0] for number in range(1000, 1050)]
    assert sorted(set(again)) != [0, 1, 2, 3, 4]


def test_a_small_source_is_followed_closely_too_and_then_shuffled_whole() -> None:
    order = Order([10] * 16, 1, 0, True)
    assert [_row(order, number)[0] for number in range(160)] == [number // 10 for number in range(160)]
    assert len({_row(order, number)[0] for number in range(160, 180)}) > 5


def test_neighbours_come_from_the_whole_window() -> None:
    order = Order([64] * 100, 5, 0, False, 1024)
    batches = [[_row(order, number)[0] for number in range(start, start + 64)] for start in range(0, 1024, 64)]
    assert min(len(set(batch)) for batch in batches) >= 10  # of 16 units


def _row(order: Order, number: int) -> tuple[int, int]:
    window = order.window(*order.find(number))
    at = number - int(window.numbers[0])
    assert window.numbers[at] == number
    return int(window.units[at]), int(window.places[at])
