import pytest

from train.config import Optimiser
from train.schedule import rate


def test_rises_stays_and_falls_to_nothing() -> None:
    chosen = Optimiser(lr=2.0, warmup=4, decay=0.5)
    rates = [rate(step, 20, chosen) for step in range(20)]
    assert rates[:5] == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0])
    assert set(rates[4:11]) == {2.0}
    assert rates[11:] == pytest.approx([2.0 * left / 10 for left in range(9, 0, -1)])


def test_without_warm_up_and_decay_it_is_constant() -> None:
    assert {rate(step, 10, Optimiser(lr=0.5, warmup=0)) for step in range(10)} == {0.5}
