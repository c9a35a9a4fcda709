"""The same run by one process and by several. Started once, since starting processes is what takes time."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from tests.train import runs
from tests.train.small import pictures
from train.loop import model_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("ranks")
    pictures(base / "data")
    surroundings = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, runs.__file__, base]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
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


@pytest.mark.parametrize("way", ["sharded", "products", "both"])
def test_several_processes_learn_what_one_learns(folder: Path, way: str) -> None:
    losses, weights = apart(folder / "alone", folder / way)
    assert losses < 1e-4
    assert weights < 1e-4


def test_two_killed_processes_resume_as_if_nothing_had_happened(folder: Path) -> None:
    left = json.loads((folder / "killed.json").read_text())
    assert left == {"ends": [-9, -9], "steps": [1, 2, 3, 4], "checkpoints": ["step-000003"]}
    losses, weights = apart(folder / "sharded", folder / "killed")
    assert losses <= 1e-6
    assert weights <= 1e-6


@pytest.mark.parametrize("moved", ["alone then sharded", "sharded then alone", "both then alone"])
def test_another_number_of_processes_goes_on(folder: Path, moved: str) -> None:
    losses, weights = apart(folder / "alone", folder / moved)
    assert losses < 1e-4
    assert weights < 1e-4


@pytest.mark.parametrize("way", ["sharded", "products", "both"])
def test_every_figure_is_over_all_processes(folder: Path, way: str) -> None:
    for alone, shared in zip(told(folder / "alone"), told(folder / way), strict=True):
        assert shared["loss_by_time"] == pytest.approx(alone["loss_by_time"], abs=1e-4)
        assert shared["grad_norm"] == pytest.approx(alone["grad_norm"], rel=1e-3)
        assert shared["lr"] == alone["lr"]


def test_sharded_bf16_is_bf16(folder: Path) -> None:
    """Weights that are gathered in bf16 lead where those lead that autocast rounds."""
    exact, alone, shared = (told(folder / way) for way in ("alone", "alone in bf16", "sharded in bf16"))
    assert [line["loss"] for line in shared] == pytest.approx([line["loss"] for line in alone], abs=1e-4)
    assert [line["grad_norm"] for line in shared] == pytest.approx([line["grad_norm"] for line in alone], rel=1e-3)
    assert [line["grad_norm"] for line in shared] != pytest.approx([line["grad_norm"] for line in exact], rel=1e-3)


@pytest.mark.parametrize("way", ["sharded", "both"])
def test_samples_are_the_same(folder: Path, way: str) -> None:
    sheets = [Image.open(folder / name / "samples" / "step-000005.png") for name in ("alone", way)]
    one, other = (np.asarray(sheet).astype(int) for sheet in sheets)
    assert np.abs(one - other).max() <= 1
