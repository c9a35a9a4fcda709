import pytest
import torch
from torch import nn

from train.memory import TooLittleMemory, check, free, needed
from train.world import World

CPU = torch.device("cpu")


def model() -> nn.Module:
    with torch.device("meta"):
        layers = nn.Sequential(nn.Linear(10, 10, bias=False), nn.Linear(10, 10, bias=False))
    layers[1].requires_grad_(False)
    return layers


def test_counts_bytes() -> None:
    assert needed(model(), average=False, frozen_copy=False) == 200 * 4 + 100 * 12
    assert needed(model(), average=True, frozen_copy=True) == 200 * 12 + 100 * 12


def test_too_much_is_one_line() -> None:
    there = free(CPU)
    assert there is not None
    check(there // 2, 1, World(0, 1, 1, CPU))
    with pytest.raises(TooLittleMemory, match=r"of memory besides activations, .* are free: use a smaller model"):
        check(there * 2, 1, World(0, 1, 1, CPU))


def test_processes_of_one_machine_share_its_memory() -> None:
    there = free(CPU)
    assert there is not None
    check(there * 2, 8, World(0, 8, 2, CPU))
    with pytest.raises(TooLittleMemory):
        check(there * 2, 2, World(0, 2, 2, CPU))
