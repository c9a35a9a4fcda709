from train.config import Phase
from train.curriculum import stretches
from train.data import Source

PHASES = tuple(Phase(64, (Source("shards/"),), batch=4, steps=steps) for steps in (3, 5, 2))


def test_phases_follow_one_another() -> None:
    assert [(each.number, each.first, each.last) for each in stretches(PHASES)] == [(0, 0, 3), (1, 3, 8), (2, 8, 10)]


def test_what_is_done_is_left_out() -> None:
    assert [each.number for each in stretches(PHASES, 3)] == [1, 2]
    assert [(each.number, each.first) for each in stretches(PHASES, 7)] == [(1, 3), (2, 8)]
    assert not list(stretches(PHASES, 10))
