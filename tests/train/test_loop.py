import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from tests.train.small import config, pictures
from train import checkpoint
from train.checkpoint import CheckpointError
from train.config import load
from train.log import Diverged
from train.loop import Result, model_folder, train
from train.world import World

ALONE = World(0, 1, 1, torch.device("cpu"))
TIMED = ("samples_per_s", "data_wait", "mfu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("train")
    pictures(base / "data")
    return base


def run(folder: Path, output: str, *settings: str) -> Result:
    return train(load(config(folder / output, folder / "data"), settings), ALONE, lambda picture: "A")


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> Path:
    run(folder, "undisturbed", "checkpoints.keep=5")
    return folder / "undisturbed"


def lines(output: Path) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in (output / "log.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name not in TIMED} for line in told]


def weights(output: Path) -> bytes:
    return (model_folder(str(output)) / "diffusion_pytorch_model.safetensors").read_bytes()


def test_what_a_run_leaves(undisturbed: Path) -> None:
    told = lines(undisturbed)
    assert [line["step"] for line in told if "loss" in line] == list(range(1, 11))
    assert [line["phase"] for line in told if "loss" in line] == [0] * 6 + [1] * 4
    assert [line for line in told if "letters" in line] == [{"step": 5, "letters": 0.5}, {"step": 10, "letters": 0.5}]
    assert sorted(path.name for path in (undisturbed / "samples").iterdir()) == [
        f"step-{step:06}.{ending}" for step in (5, 10) for ending in ("json", "png")
    ]
    assert [path.name for path in checkpoint.every(str(undisturbed))] == ["step-000004", "step-000008", "step-000010"]


KILLED = """
import os, signal, sys
import torch
from train.config import load
from train.loop import train
from train.world import joined

torch.set_num_threads(1)
with joined() as world:
    train(load(sys.argv[1]), world, lambda picture: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_killed_and_resumed_is_bit_for_bit_the_same(folder: Path, undisturbed: Path) -> None:
    text = config(folder / "killed", folder / "data")
    process = subprocess.run([sys.executable, "-c", KILLED, text], capture_output=True, timeout=120, check=False)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    assert [line["step"] for line in lines(folder / "killed")] == [1, 2, 3, 4, 5]
    assert [path.name for path in checkpoint.every(str(folder / "killed"))] == ["step-000004"]
    partial = folder / "killed" / "checkpoints" / "step-000008.part"
    partial.mkdir()  # as if it had been killed once more, while it wrote
    (partial / "__0_0.distcp").write_bytes(b"half")
    run(folder, "killed")
    assert lines(folder / "killed") == lines(undisturbed)
    assert weights(folder / "killed") == weights(undisturbed)
    assert not partial.exists()


def test_a_complete_run_is_left_alone(folder: Path, undisturbed: Path) -> None:
    before = weights(undisturbed)
    assert run(folder, "undisturbed", "checkpoints.keep=5").loss is None
    assert weights(undisturbed) == before


def test_only_the_last_checkpoints_are_kept(folder: Path) -> None:
    run(folder, "kept", "samples.prompts=[]", "checkpoints={every: 3, keep: 2}")
    assert [path.name for path in checkpoint.every(str(folder / "kept"))] == ["step-000009", "step-000010"]
    assert not (folder / "kept" / "samples").exists()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("seed=1", "of another run, seed is 0 and 1 here"),
        ("phases.1.steps=9", "of another run, phases.1.steps is 4 and 9 here"),
        ("model.num_layers=3", "of another run, model.num_layers is 2 and 3 here"),
    ],
)
def test_another_config_is_refused(folder: Path, undisturbed: Path, setting: str, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        run(folder, "undisturbed", setting)


def test_other_data_is_refused(folder: Path, undisturbed: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "data", tmp_path / "data")
    shutil.copytree(undisturbed, tmp_path / "out")
    about = tmp_path / "out" / "checkpoints" / "step-000010" / "about.json"
    about.write_text(about.read_text().replace(str(folder / "data"), str(tmp_path / "data")))
    run(tmp_path, "out")
    (tmp_path / "data" / "000.png").unlink()
    with pytest.raises(CheckpointError, match=r"of another run, data .*/data is .* here"):
        run(tmp_path, "out")


def test_a_damaged_checkpoint_is_one_line(folder: Path, undisturbed: Path, tmp_path: Path) -> None:
    shutil.copytree(undisturbed, folder / "damaged")
    for path in checkpoint.every(str(folder / "damaged")):
        (path / "__0_0.distcp").write_bytes(b"")
    with pytest.raises(CheckpointError, match="does not fit this model, or is damaged") as caught:
        run(folder, "damaged")
    assert "\n" not in str(caught.value)


def test_init_takes_the_weights_of_an_earlier_run(folder: Path, undisturbed: Path) -> None:
    run(folder, "refined", f"init={undisturbed}", "samples.prompts=[]", "optimiser.lr=1e-9", "optimiser.weight_decay=0")
    from safetensors.numpy import load as read

    before, after = read(weights(undisturbed)), read(weights(folder / "refined"))
    assert before.keys() == after.keys()
    assert all(np.abs(value - after[name]).max() < 1e-6 for name, value in before.items())


def test_init_of_another_model_is_refused(folder: Path, undisturbed: Path) -> None:
    with pytest.raises(CheckpointError, match=r"of another model: model\.num_layers is 2 and 1 here"):
        run(folder, "misfit", f"init={undisturbed}", "model.num_layers=1")
    with pytest.raises(CheckpointError, match="holds no checkpoint"):
        run(folder, "misfit", f"init={folder / 'data'}")


def test_refining_lowers_the_loss_on_the_refined_subset(folder: Path, undisturbed: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for path in sorted((folder / "data").glob("000.*")):
        shutil.copy(path, tmp_path / "data")
    short = ["samples.prompts=[]", "optimiser={lr: 3e-3, warmup: 0}", "phases.0.steps=30", "checkpoints.every=100"]
    run(tmp_path, "refined", f"init={undisturbed}", *short)
    losses = [line["loss"] for line in lines(tmp_path / "refined")]
    assert np.mean(losses[-10:]) < 0.9 * np.mean(losses[:5])


def test_preferences_move_towards_the_winners(folder: Path, undisturbed: Path) -> None:
    lost = folder / "lost"
    shutil.copytree(folder / "data", lost)
    for path in lost.glob("*.png"):
        ImageOps.invert(Image.open(path)).save(path)
    run(
        folder,
        "preferred",
        f"init={undisturbed}",
        "preferences={beta: 20}",
        "checkpoints.every=100",
        "phases.0.steps=20",
        "samples.prompts=[]",
        *(f"phases.{number}.losers=[{{path: {lost}}}]" for number in (0, 1)),
    )
    told = lines(folder / "preferred")
    assert told[0]["loss"] == pytest.approx(np.log(2), abs=1e-3)
    assert np.mean([line["loss"] for line in told[-10:]]) < 0.6
    assert np.mean([line["margin"] for line in told[-10:]]) > 0


def test_captions_that_are_cut_are_told(folder: Path) -> None:
    shutil.copytree(folder / "data", folder / "long")
    for path in (folder / "long").glob("*.txt"):
        path.write_text("word " * 1025)
    settings = [f"phases.{number}.sources=[{{path: {folder / 'long'}}}]" for number in (0, 1)]
    run(folder, "cut", *settings, "samples.prompts=[]", "phases.0.steps=2", "phases.1.steps=1")
    assert [line["cut"] for line in lines(folder / "cut")] == [4, 8, 16]


def test_a_run_that_diverges_says_so(folder: Path) -> None:
    with pytest.raises(Diverged, match=r"the loss is .* after .* steps: lower optimiser\.lr"):
        run(folder, "diverged", "optimiser={lr: 1e30, warmup: 0, clip: 1e30}", "samples.prompts=[]")


def test_activations_may_be_computed_twice(folder: Path, undisturbed: Path) -> None:
    run(folder, "recomputed", "recompute=true", "checkpoints.keep=5")
    assert lines(folder / "recomputed") == lines(undisturbed)


def test_a_later_phase_is_looked_at_before_the_first(folder: Path) -> None:
    with pytest.raises(ValueError, match="no such file or folder: nowhere"):
        run(folder, "missing", "phases.1.sources=[{path: nowhere}]")
    assert not (folder / "missing" / "log.jsonl").exists()


def test_bf16_and_no_average(folder: Path) -> None:
    run(folder, "bf16", "precision=bf16", "ema=0", "samples.prompts=[]")
    assert [line["step"] for line in lines(folder / "bf16")] == list(range(1, 11))
