import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from curation.cli import main
from tests.train.small import config, pictures


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config, its data and its output."""
    folder = tmp_path_factory.mktemp("trained")
    pictures(folder / "data")
    (folder / "config.yaml").write_text(config(folder / "out", folder / "data"))
    torch.set_num_threads(1)
    assert main(["train", str(folder / "config.yaml"), "--set", "samples.every=10"]) == 0
    return folder


def manifest(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return record


def test_manifest(trained: Path) -> None:
    record = manifest(trained / "out")
    assert (record["command"], record["status"], record["steps"]) == ("train", "complete", 10)
    assert record["recipe"]["optimiser"]["betas"] == [0.9, 0.95]
    assert set(record["made_with"]) == {"encoder", "codec", f"data {trained / 'data'}"}
    assert record["versions"]["torch"] == torch.__version__
    assert 0 <= record["letters"] <= 1


def test_a_complete_run_says_so(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = manifest(trained / "out")
    assert main(["train", str(trained / "config.yaml"), "--set", "samples.every=10"]) == 0
    told = capsys.readouterr()
    assert "is complete already: same config" in told.err
    assert f"weights: {trained / 'out'}/model" in told.out
    assert manifest(trained / "out") == before


def test_sample(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def made(name: str, *options: str) -> Image.Image:
        path = tmp_path / name
        asked = ["sample", "--checkpoint", str(trained / "out"), "--prompt", 'The letter "A" in red']
        assert main([*asked, "--output", str(path), *options]) == 0
        assert capsys.readouterr().out.strip() == str(path)
        return Image.open(path)

    one = made("one.png")
    assert one.size == (32, 32)
    assert np.array_equal(one, made("again.png"))
    assert not np.array_equal(one, made("other.png", "--seed", "5"))
    assert made("wide/wide.png", "--size", "64x32", "--negative", "blue").size == (64, 32)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--size", "50x50"], "--size is WIDTHxHEIGHT in pixels, multiples of 16, not 50x50"),
        (["--size", "large"], "--size is WIDTHxHEIGHT"),
        (["--output", "out.jpg"], "--output must end in .png, not out.jpg"),
        (["--seed", "-1"], "--seed must be 0 to"),
        (["--checkpoint", "nowhere"], "nowhere holds no checkpoint: name the output folder of `curation train`"),
    ],
)
def test_mistakes_of_sample(
    trained: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["sample", "--checkpoint", str(trained / "out"), "--prompt", "a", *options]) == 2
    assert message in one_line(capsys)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["optimizer.lr=1"], "the config has no 'optimizer'; did you mean 'optimiser'?"),
        (["phases.0.sources=[{path: nowhere}]"], "no such file or folder: nowhere"),
        (["output=gs://bucket/out"], "checkpoints are written to a local or mounted folder"),
        (["text={encoder: leters}"], "there is no text encoder 'leters'; did you mean 'letters'?"),
        (["model.num_attention_heads=8192"], "of memory besides activations"),
        (["phases.0.sources.0.caption=other"], "has no captions in `other`"),
        (["init=nowhere"], "nowhere holds no checkpoint"),
        (["parallel.tensor=2"], "parallel.fsdp × parallel.tensor is 2, the number of processes 1: start a multiple"),
    ],
)
def test_mistakes_of_train(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: list[str], message: str
) -> None:
    options = [part for setting in [f"output={tmp_path / 'out'}", *settings] for part in ("--set", setting)]
    assert main(["train", str(trained / "config.yaml"), *options]) == 2
    assert message in one_line(capsys)


def test_a_checkpoint_that_is_broken_is_one_line(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(checkpoint: Path) -> str:
        assert main(["sample", "--checkpoint", str(checkpoint), "--prompt", "a"]) == 2
        return one_line(capsys)

    broken = tmp_path / "step-000010"
    shutil.copytree(trained / "out" / "checkpoints" / "step-000010", broken)
    (broken / "__0_0.distcp").write_bytes(b"")
    assert "or is damaged (EOFError): remove it to go on from the one before" in told(broken)
    (broken / "about.json").write_text("{}")
    assert "is no checkpoint of `curation train`: its about.json is broken" in told(broken)


def test_memory_that_runs_out_is_one_line(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More is asked for than any machine can address."""
    settings = [f"output={tmp_path}", "samples.sizes=[[16777216, 16777216]]", "samples.every=1"]
    options = [part for setting in settings for part in ("--set", setting)]
    assert main(["train", str(trained / "config.yaml"), *options]) == 2
    assert "curation: memory ran out: set recompute: true, raise accumulation" in capsys.readouterr().err
    assert manifest(tmp_path)["status"] == "failed"


def test_mistakes_of_the_output(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(output: Path) -> str:
        assert main(["train", str(trained / "config.yaml"), "--set", f"output={output}"]) == 2
        return one_line(capsys)

    assert "is a file: name a folder" in told(trained / "config.yaml")
    assert "out: Not a directory; choose another output" in told(trained / "config.yaml" / "out")
    (tmp_path / "run.json").write_text('{"command": "synth", "status": "complete"}')
    assert "holds the output of `curation synth`: choose another output" in told(tmp_path)
    before = manifest(trained / "out")
    assert main(["train", str(trained / "config.yaml"), "--set", "seed=3"]) == 2
    assert "of another run, seed is 0 and 3 here" in one_line(capsys)
    assert manifest(trained / "out") == before
    assert main(["train", "nowhere.yaml"]) == 2
    assert "cannot read the config nowhere.yaml: No such file" in one_line(capsys)


@pytest.mark.parametrize(("verb", "key"), [("report", []), ("explain", ["key"])])
def test_other_verbs_say_where_to_look(
    trained: Path, capsys: pytest.CaptureFixture[str], verb: str, key: list[str]
) -> None:
    assert main([verb, str(trained / "out"), *key]) == 2
    assert "holds a training: look at samples/" in one_line(capsys)


def test_a_failed_run_says_why(trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = ["optimiser={lr: 1e30, warmup: 0, clip: 1e30}", f"output={tmp_path}", "samples.prompts=[]"]
    options = [part for setting in settings for part in ("--set", setting)]
    assert main(["train", str(trained / "config.yaml"), *options]) == 1
    assert "lower optimiser.lr" in capsys.readouterr().err
    assert manifest(tmp_path)["status"] == "failed"
    assert "Diverged" in manifest(tmp_path)["error"]


WITHOUT_TORCH = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            raise ModuleNotFoundError("No module named 'torch'", name="torch")
sys.meta_path.insert(0, Missing())
from curation.cli import main
sys.exit(main(sys.argv[1:]))
"""


def without_torch(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_TORCH, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_torch_one_line_says_what_to_install() -> None:
    done = without_torch("train", "config.yaml")
    assert done.returncode == 2
    assert "pip install '.[train]'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert without_torch("--help").returncode == 0
