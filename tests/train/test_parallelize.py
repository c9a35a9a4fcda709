from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
import torch
from torch._dynamo.testing import CompileCounter

from tests.train.ranks import SIZES, WAYS, batch
from train.config import Parallel
from train.example import pack
from train.mmdit import Block, MMDiT
from train.parallelize import ParallelError, parallelize
from train.world import World

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each way of sharing led to."""
    folder = tmp_path_factory.mktemp("ranks")
    surroundings = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": str(ROOT)}
    script = Path(__file__).with_name("ranks.py")
    done = subprocess.run(
        [sys.executable, script, folder], env=surroundings, capture_output=True, text=True, timeout=300
    )
    return {
        way: torch.load(folder / f"{way}.pt") if (folder / f"{way}.pt").exists() else pytest.fail(done.stderr)
        for way in ("alone", *WAYS)
    }


@pytest.mark.parametrize("way", WAYS)
def test_many_processes_equal_one(results: dict[str, dict[str, Any]], way: str) -> None:
    alone, shared = results["alone"], results[way]
    assert shared["losses"] == pytest.approx(alone["losses"], abs=1e-4)
    assert shared["lengths"] == pytest.approx(alone["lengths"], rel=1e-4)
    assert shared["weights"].keys() == alone["weights"].keys()
    for name, weight in alone["weights"].items():
        assert (shared["weights"][name] - weight).abs().max() <= 1e-4, name


@pytest.mark.parametrize("way", WAYS)
def test_first_weights_do_not_hang_on_sharing(results: dict[str, dict[str, Any]], way: str) -> None:
    for name, weight in results["alone"]["first"].items():
        assert torch.equal(results[way]["first"][name], weight), name


def test_blocks_are_not_compiled_anew_for_each_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = CompileCounter()
    monkeypatch.setattr(Block, "compile", partialmethod(Block.compile, backend=counter))
    model = parallelize(MMDiT(SIZES), Parallel(), World(0, 1, 1, torch.device("cpu")), compiled=True)
    plain = MMDiT(SIZES)
    plain.load_state_dict(model.state_dict())
    for step in range(8):
        examples, times, _ = batch(step)
        turned = examples[step % 4 :] + examples[: step % 4]
        longer = [replace(each, text=each.text.repeat(1 + step, 1)) for each in turned]
        torch.testing.assert_close(model(pack(longer), times), plain(pack(longer), times))
    assert counter.frame_count == 2  # the last block is another one


@pytest.mark.parametrize(("size", "parallel"), [(3, Parallel(tensor=2)), (4, Parallel(fsdp=3))])
def test_processes_that_do_not_come_out_even(size: int, parallel: Parallel) -> None:
    with pytest.raises(ParallelError, match=f"^{size} processes cannot be shared out"):
        parallelize(MMDiT(SIZES), parallel, World(0, size, size, torch.device("cpu")))


def test_recomputed_activations_give_the_same_gradients_and_are_not_kept() -> None:
    examples, times, _ = batch(0)
    packed, kept, gradients = pack(examples), [], []
    for recompute in (False, True):
        torch.manual_seed(0)
        model = parallelize(MMDiT(SIZES), Parallel(), World(0, 1, 1, torch.device("cpu")), recompute=recompute)
        count = 0

        def keep(tensor: torch.Tensor) -> torch.Tensor:
            nonlocal count
            count += tensor.numel()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            loss = model(packed, times).square().mean()
        loss.backward()
        kept.append(count)
        gradients.append([weight.grad for weight in model.parameters() if weight.requires_grad])
    assert kept[1] < 0.5 * kept[0]
    assert all(torch.equal(one, other) for one, other in zip(*gradients, strict=True))
