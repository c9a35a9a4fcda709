"""The same run on one process and on two. Started once, since starting processes is what takes time."""

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load_file
from torch import multiprocessing

from tests.train.small import config, pictures
from train import checkpoint
from train.config import load
from train.loop import model_folder, train
from train.world import World, joined

RUNS: dict[str, list[str]] = {"shared": [], "products": ["parallel.tensor=2"]}
"""Two processes: weights sharded (FSDP2), and matrix products shared (tensor parallel)."""


SHORT = ["phases.0.steps=3", "phases.1.steps=2", "checkpoints={every: 3, keep: 2}", "samples.every=3"]


def run(folder: Path, output: str, world: World, *settings: str) -> None:
    text = config(folder / output, folder / "data")
    train(load(text, [*SHORT, *settings]), world, lambda picture: "A")


def rank(number: int, folder: Path, port: int) -> None:
    """What each of the two processes does."""
    torch.set_num_threads(1)
    os.environ |= {"RANK": str(number), "WORLD_SIZE": "2", "LOCAL_RANK": str(number), "LOCAL_WORLD_SIZE": "2"}
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    with joined() as world:
        for name, settings in RUNS.items():
            run(folder, name, world, *settings)
        for name in ("alone", "shared"):
            if world.first:
                left_at_three(folder / name, folder / f"{name} then shared")
            world.wait()
            run(folder, f"{name} then shared", world)


def left_at_three(whole: Path, killed: Path) -> None:
    """What a run killed after its first checkpoint would have left."""
    shutil.copytree(whole, killed)
    shutil.rmtree(killed / "model")
    for path in checkpoint.every(str(killed))[1:]:
        shutil.rmtree(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("ranks")
    pictures(base / "data")
    run(base, "alone", World(0, 1, 1, torch.device("cpu")))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    multiprocessing.spawn(rank, (base, port), nprocs=2)
    left_at_three(base / "shared", base / "shared then alone")
    run(base, "shared then alone", World(0, 1, 1, torch.device("cpu")))
    return base


def told(output: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (output / "log.jsonl").read_text().splitlines()]
    return [line for line in lines if "loss" in line]


def apart(one: Path, other: Path) -> tuple[float, float]:
    """The largest difference of the losses of all steps, and of the final weights."""
    losses = [[line["loss"] for line in told(output)] for output in (one, other)]
    weights = [load_file(model_folder(str(o)) / "diffusion_pytorch_model.safetensors") for o in (one, other)]
    assert len(losses[0]) == len(losses[1]) == 5
    assert weights[0].keys() == weights[1].keys()
    largest = max(float(np.abs(value - weights[1][name]).max()) for name, value in weights[0].items())
    return float(np.abs(np.subtract(*losses)).max()), largest


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_learn_what_one_learns(folder: Path, name: str) -> None:
    losses, weights = apart(folder / "alone", folder / name)
    assert losses < 1e-4
    assert weights < 1e-4


def test_two_processes_resume_as_if_nothing_had_happened(folder: Path) -> None:
    losses, weights = apart(folder / "shared", folder / "shared then shared")
    assert losses <= 1e-6
    assert weights <= 1e-6


@pytest.mark.parametrize("name", ["alone then shared", "shared then alone"])
def test_another_number_of_processes_goes_on(folder: Path, name: str) -> None:
    losses, weights = apart(folder / "alone", folder / name)
    assert losses < 1e-4
    assert weights < 1e-4


def test_every_figure_is_over_all_processes(folder: Path) -> None:
    for alone, shared in zip(told(folder / "alone"), told(folder / "shared"), strict=True):
        assert shared["loss_by_time"] == pytest.approx(alone["loss_by_time"], abs=1e-4)
        assert shared["grad_norm"] == pytest.approx(alone["grad_norm"], rel=1e-3)
        assert shared["lr"] == alone["lr"]


def test_samples_are_the_same(folder: Path) -> None:
    sheets = [Image.open(folder / name / "samples" / "step-000005.png") for name in ("alone", "shared")]
    one, other = (np.asarray(sheet).astype(int) for sheet in sheets)
    assert np.abs(one - other).max() <= 1
