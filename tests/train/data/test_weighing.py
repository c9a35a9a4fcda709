"""The column `weight`: what is drawn is what it says, whoever asks, and from wherever a run goes on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from curation import cli
from curation.shards.schema import BALANCED
from tests.train.data.shards import balanced, rows, weighed, written
from train import condition, latents
from train.data import Batches, DataError, Source
from train.data.order import REPEATS, Order
from train.data.weighing import LARGEST, SMALLEST, Tally, weight

WEIGHTS = [round(float(w), 3) for w in np.random.default_rng(5).gamma(1.5, 0.67, 400)]
WEIGHTS[::20] = [0.0] * 20


def numbers(largest: float) -> st.SearchStrategy[float]:
    """Weights as rows have them."""
    return st.floats(0, largest).map(lambda number: weight({"weight": number}))


units = st.lists(st.lists(numbers(20), max_size=12), min_size=1, max_size=12).filter(lambda u: sum(map(sum, u)) > 0)


def batches(source: str | Source, batch: int = 16, **options: Any) -> Batches:
    source = source if isinstance(source, Source) else Source(source)
    return Batches([source], 7, batch, 32, latents.build({}), condition.build({}), **options)


def drawn(source: str | Source, count: int) -> Counter[int]:
    """How often each row comes among the first `count` samples, by its number."""
    feed = batches(source, count)
    places = map(feed._mixture.place, range(count))
    return Counter(int(feed._windows[stream].take(number).key[-4:]) for stream, number in places)


def check(found: Counter[int], weights: Sequence[float], sigmas: float = 5) -> None:
    """Each row is as often there as its weight says, within a binomial bound; and so are all together."""
    count, whole = found.total(), sum(weights)
    for number, each in enumerate(weights):
        share = each / whole
        assert abs(found[number] - count * share) <= sigmas * math.sqrt(count * share * (1 - share)) + 1, number
    expected = {number: count * each / whole for number, each in enumerate(weights) if each}
    chi = sum((found[number] - wish) ** 2 / wish for number, wish in expected.items())
    assert chi < len(expected) + 5 * math.sqrt(2 * len(expected))


def lines(order: Order, weights: Sequence[Sequence[float]], epochs: int) -> Counter[tuple[int, int]]:
    """How often an order takes each row of units with these weights, by (unit, row)."""
    found: Counter[tuple[int, int]] = Counter()
    for number in range(epochs * order.length):
        window = order.window(*order.find(number))
        at = int(np.flatnonzero(window.numbers == number)[0])
        unit = int(window.units[at])
        found[unit, int(np.searchsorted(np.cumsum(weights[unit]), window.places[at], "right"))] += 1
    return found


def weighed_order(weights: Sequence[Sequence[float]], seed: int, window: int, in_order: bool = False) -> Order:
    masses = [sum(unit) for unit in weights]
    return Order([*map(len, weights)], seed, 0, in_order, window, masses, max(max(unit, default=0) for unit in weights))


@example([[SMALLEST]], 0, 1, False)
@given(units, st.integers(0, 2**31), st.integers(1, 40), st.booleans())
def test_an_epoch_takes_of_each_unit_what_it_weighs_evenly(
    weights: list[list[float]], seed: int, window: int, in_order: bool
) -> None:
    order = weighed_order(weights, seed, window, in_order)
    found = lines(order, weights, 1)
    assert found.total() == order.length
    whole = math.fsum(map(math.fsum, weights))
    for unit, each in enumerate(weights):
        mass, taken = math.fsum(each), sum(found[unit, row] for row in range(len(each)))
        assert abs(taken - mass / whole * order.length) < 1 + 1e-6
        for row, length in enumerate(each):
            assert abs(found[unit, row] - (taken * length / mass if mass else 0)) < 2
            assert length or not found[unit, row]


def test_epochs_make_up_for_each_other() -> None:
    weights = [[0.3, 1.0, 0.05, 2.4], [0.0, 0.7], [1.1, 1.1, 0.4]]
    order = weighed_order(weights, 3, 4)
    found = lines(order, weights, 2000)
    flat = [each for unit in weights for each in unit]
    numbers = Counter(
        {n: found[u, r] for n, (u, r) in enumerate((u, r) for u in range(3) for r in range(len(weights[u])))}
    )
    check(numbers, flat)


def test_it_is_evener_than_chance_whatever_the_order_of_the_rows() -> None:
    """Weights that recur in step with what is taken are what equal steps along the line would fail on."""
    weights = [[3.0, 1.0, 1.0, 0.0, 1.0] * 8] * 20
    order = weighed_order(weights, 2, 1024)
    counts = [Counter[int]() for _ in range(60)]
    for epoch, found in enumerate(counts):
        window = order.window(epoch, 0)
        found.update(int(place % 6) for place in window.places)
    for kind in (3, 4, 5):
        taken = np.array([found[kind] for found in counts])
        share = 1 / 6
        assert taken.mean() / order.length == pytest.approx(share, abs=0.02)
        assert taken.var() < order.length * share * (1 - share)


def test_copies_are_far_apart() -> None:
    weights = [[REPEATS / 1.0] + [(64 - REPEATS) / 63] * 63 for _ in range(40)]
    order = weighed_order(weights, 1, 0)
    assert order.length == pytest.approx(40 * 64 / REPEATS, abs=1)
    found = lines(order, weights, 1)
    assert max(found.values()) <= 2
    assert 30 <= sum(found[unit, 0] for unit in range(40)) <= 50


def test_windows_keep_their_size() -> None:
    order = weighed_order([[0.5, 3.5] * 32] * 300, 1, 1024)
    assert {len(order.window(0, index).numbers) for index in range(4)} <= set(range(900, 1150))


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> str:
    return balanced(tmp_path_factory.mktemp("weighed"), weighed(WEIGHTS))


def test_rows_are_drawn_by_their_weights(shards: str) -> None:
    check(drawn(shards, 4000), WEIGHTS)


def test_weights_count_within_what_a_source_chooses(shards: str) -> None:
    of_food = [each if number % 3 == 0 else 0.0 for number, each in enumerate(WEIGHTS)]
    check(drawn(Source(shards, domains={"Nature/food": 1}), 1500), of_food)


def test_a_run_goes_on_bit_for_bit(shards: str) -> None:
    whole = list(islice(batches(shards), 20))
    for start in (1, 13):
        resumed = list(islice(batches(shards, start=start), 20 - start))
        for step, again in zip(whole[start:], resumed, strict=True):
            for one, other in zip(step, again, strict=True):
                assert one.key == other.key
                assert torch.equal(one.latents, other.latents)
                assert torch.equal(one.text, other.text)


def test_ranks_share_the_batches_of_one(shards: str) -> None:
    whole = [[example.key for example in step] for step in islice(batches(shards), 12)]
    ranks = [batches(shards, rank=rank, world=4) for rank in range(4)]
    found = [[[example.key for example in step] for step in islice(rank, 12)] for rank in ranks]
    assert [[key for share in step for key in share] for step in zip(*found, strict=True)] == whole


def test_equal_weights_are_none(tmp_path: Path) -> None:
    plain = written(tmp_path / "plain", rows(300))
    alike = written(tmp_path / "alike", weighed([0.37] * 300), schema=BALANCED)
    found = drawn(alike, 900)
    assert found == Counter(dict.fromkeys(range(300), 3))
    assert list(found) == list(drawn(plain, 900))


def test_a_row_without_a_weight_has_one(tmp_path: Path) -> None:
    weights = [2.0, None] * 100
    check(drawn(balanced(tmp_path, weighed(weights)), 6000), [2.0, 1.0] * 100)


def test_tars_have_weights_too(tmp_path: Path) -> None:
    check(drawn(balanced(tmp_path, weighed(WEIGHTS), "webdataset"), 1500), WEIGHTS)


def test_a_later_run_carries_them(tmp_path: Path, shards: str) -> None:
    (tmp_path / "recipe.yaml").write_text("stages:\n  - resolution: {min_short_side: 0, min_megapixels: 0}\n")
    for source, out in ((shards, "once"), (str(tmp_path / "once"), "twice")):
        arguments = ["run", str(tmp_path / "recipe.yaml"), "--input", source, "--output", str(tmp_path / out)]
        assert cli.main(arguments) == 0
    assert "weight" not in pq.read_schema(next((tmp_path / "twice" / "shards").glob("*.parquet"))).names
    check(drawn(str(tmp_path / "twice"), 1500), WEIGHTS)


def test_latents_have_them(tmp_path: Path, shards: str) -> None:
    out = str(tmp_path / "latents")
    assert cli.main(["encode", shards, "--output", out, "--size", "32"]) == 0
    check(drawn(out, 3000), WEIGHTS)
    of_food = [each if number % 3 == 0 else 0.0 for number, each in enumerate(WEIGHTS)]
    check(drawn(Source(out, domains={"Nature/food": 1}), 1000), of_food)


def test_rows_that_cannot_be_used_are_replaced_by_weight(tmp_path: Path) -> None:
    weights = [3.0, 1.0, 1.0, 0.0, 1.0] * 40
    feed = batches(balanced(tmp_path, weighed(weights, broken=range(1, 200, 5))), 100)
    found = Counter(int(example.key[-4:]) % 5 for step in islice(feed, 20) for example in step)
    assert set(found) == {0, 2, 4}
    assert found[0] / found.total() == pytest.approx(0.6, abs=0.05)
    assert feed.skipped == {"cannot be decoded: UnidentifiedImageError": pytest.approx(400, rel=0.25)}


def test_the_weights_of_somebody_elses_table_are_none_of_ours(tmp_path: Path) -> None:
    table = pq.read_table(written(tmp_path / "shards", rows(60)) + "/part-000000.parquet")
    foreign = table.select(["key", "image", "caption"]).append_column("weight", pa.array([70.5] * 30 + [3e9] * 30))
    (tmp_path / "parcels").mkdir()
    pq.write_table(foreign, tmp_path / "parcels" / "0.parquet", row_group_size=20)
    assert set(drawn(str(tmp_path / "parcels"), 600).values()) == {10}


def test_a_weight_too_small_to_be_drawn_is_none() -> None:
    assert weight({"weight": 5e-324}) == 0
    assert weight({"weight": SMALLEST}) == SMALLEST


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf, 2 * LARGEST])
@pytest.mark.parametrize("labelled", [True, False])
def test_a_weight_that_is_none_is_one_line_before_anything_begins(tmp_path: Path, bad: float, labelled: bool) -> None:
    path = balanced(tmp_path, weighed([1.0] * 170 + [bad] + [1.0] * 9))
    with pytest.raises(
        DataError, match=r"^row 20 of .*part-000001.parquet has the weight .*numbers from 0 to"
    ) as caught:
        batches(Source(path, domains={"Nature": 1} if labelled else None))
    assert "\n" not in str(caught.value)


def test_encode_says_so_before_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = balanced(tmp_path / "shards", weighed([1.0, -1.0]))
    assert cli.main(["encode", path, "--output", str(tmp_path / "out"), "--size", "32"]) == 2
    error = capsys.readouterr().err
    assert "row 1 of" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_nothing_to_draw_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="all have the weight 0, and none can be drawn"):
        batches(balanced(tmp_path, weighed([0.0] * 9)))


def test_a_column_of_words_is_one_line(tmp_path: Path) -> None:
    fields = [pa.field(f.name, pa.string()) if f.name == "weight" else f for f in BALANCED]
    made = [replace(row, extra={"node": "x", "weight": "much"}) for row in rows(3)]
    path = written(tmp_path, made, schema=pa.schema(fields))
    with pytest.raises(DataError, match=r"row 0 of .* has the weight 'much'"):
        batches(path)


@given(st.lists(numbers(LARGEST), max_size=20))
def test_a_tally_sums(weights: list[float]) -> None:
    tally = Tally()
    for each in weights:
        tally.add(each)
    assert (tally.rows, tally.most) == (len(weights), max(weights, default=0))
    assert tally.mass == pytest.approx(float(sum(map(Fraction, weights))))
