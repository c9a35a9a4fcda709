from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.characters import LEVELS, standard
from synth.exposure import PER_SAMPLE, Exposure, images_needed, targets

SEEDS = st.integers(0, 2**63)


@pytest.mark.parametrize(("seed", "exposures"), [(0, 1), (5, 3)])
def test_targets_are_exhaustive_and_even(seed, exposures):
    needed = images_needed(exposures)
    counts = Counter(it for index in range(needed) for it in targets(seed, index))
    assert set(counts) == set(standard())
    assert min(counts.values()) == exposures
    assert max(counts.values()) <= exposures + 1
    before = counts - Counter(targets(seed, needed - 1))
    assert min(before.get(it, 0) for it in standard()) < exposures  # not one image more than it takes


@given(SEEDS, st.integers(0, 10**9))
def test_targets_are_of_the_table_and_repeat(seed, index):
    assert len(targets(seed, index)) == PER_SAMPLE
    assert set(targets(seed, index)) <= set(standard())
    assert targets(seed, index) == targets(seed, index)


def test_seeds_and_cycles_have_orders_of_their_own():
    cycle = images_needed(1)
    firsts = [targets(0, 0), targets(1, 0), targets(0, 1), targets(0, cycle), targets(1, cycle)]
    assert len(set(firsts)) == 5


TEXTS = st.lists(st.text(alphabet="一乂亍龍aA。"), max_size=8)


@given(TEXTS, TEXTS)
def test_counts_add_up(first, second):
    together = Exposure.of(first + second)
    assert Exposure.of(first) + Exposure.of(second) == together == Exposure.of(second) + Exposure.of(first)
    assert together.counts.total() == sum("".join(first + second).count(it) for it in "一乂亍")


def test_the_table_has_every_character_with_level_and_count():
    table = Exposure.of(["一一亍", "龍!"]).table()
    assert len(table) == 8105
    assert table[0] == ("一", 1, 2)
    assert table[sum(LEVELS[:2])] == ("亍", 3, 1)
    assert sum(row.exposures for row in table) == 3
    assert Exposure.of(["一"]).least() == 0
    assert Exposure.of(standard()).least() == 1
