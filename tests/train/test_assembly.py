from pathlib import Path

import pytest
import torch

from tests.train.small import config, pictures
from train.assembly import assemble
from train.config import load
from train.fields import ConfigError
from train.world import World


def world(size: int) -> World:
    return World(0, size, size, torch.device("cpu"))


def test_a_batch_must_be_shared_evenly(tmp_path: Path) -> None:
    text = config(tmp_path / "out", pictures(tmp_path / "data", count=2))
    assemble(load(text), world(4)).check_data()
    with pytest.raises(ConfigError, match=r"phases\.1\.batch is 8, shared among 8 × 2 .*: make it a multiple"):
        assemble(load(text, ["phases.0.batch=8"]), world(8)).check_data()


@pytest.mark.parametrize(("settings", "size"), [(["parallel.tensor=2"], 3), (["parallel={fsdp: 2, tensor: 2}"], 2)])
def test_processes_must_be_a_multiple(settings: list[str], size: int) -> None:
    with pytest.raises(ConfigError, match=r"parallel\.fsdp × parallel\.tensor is . , the number|start a multiple"):
        assemble(load(config(Path("out"), Path("data")), settings), world(size))


def test_seats(tmp_path: Path) -> None:
    parts = assemble(load(config(tmp_path, tmp_path), ["parallel.tensor=2"]), World(5, 8, 8, torch.device("cpu")))
    assert (parts.seat, parts.seats) == (2, 4)


def test_first_weights_are_a_function_of_the_seed(tmp_path: Path) -> None:
    def weights(seed: int) -> dict[str, torch.Tensor]:
        return assemble(load(config(tmp_path, tmp_path), [f"seed={seed}"]), world(1)).model().state_dict()

    one, again, other = weights(0), weights(0), weights(1)
    assert all(torch.equal(value, again[name]) for name, value in one.items())
    assert not all(torch.equal(value, other[name]) for name, value in one.items())


def test_samples_are_guided_as_the_pipeline_does_where_asked() -> None:
    def rescale(*settings: str) -> bool:
        return assemble(load(config(Path("out"), Path("data")), settings), world(1)).sampler().rescale

    assert not rescale()
    assert rescale("samples.rescale=true")
