"""The main job, end to end: the demo's images through the seven stages, and the commands of the README."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from curation import cli
from tests.annotate.server import Server

ROOT = Path(__file__).parents[1]
STAGES = ["dedup", "nsfw", "entropy", "blur", "exposure", "watermark", "text_density"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run([sys.executable, str(ROOT / "demo/make_demo.py"), str(folder / "in")], check=True)
    line = ["run", str(ROOT / "demo/recipe.yaml"), "--input", str(folder / "in"), "--output", str(folder / "out")]
    assert cli.main(line) == 0
    return folder


def verdicts(demo: Path) -> dict[str, str | None]:
    rows = duckdb.sql(f"select key, dropped_by from '{demo}/out/signals/*.parquet'").fetchall()
    return dict(rows)


def test_each_stage_drops_what_was_spoiled_for_it(demo: Path) -> None:
    dropped = {key: by for key, by in verdicts(demo).items() if key.startswith("defects/")}
    right = Counter(by for key, by in dropped.items() if by and Path(key).name.startswith(f"{by}_"))
    meant = Counter(key.split("/")[1].split("_")[0].replace("text", "text_density") for key in dropped)
    for stage in ("decode", *STAGES):
        if stage != "nsfw":  # no such image is shipped
            assert right[stage] >= 1, f"{stage} dropped none of its {meant[stage]}"
    assert right["decode"] == meant["decode"]
    assert right.total() >= 0.8 * meant.total()


def test_real_images_are_kept(demo: Path) -> None:
    """Of the real pictures only pages of text, near-empty slides and the like go."""
    real = {key: by for key, by in verdicts(demo).items() if not key.startswith(("defects/", "document/"))}
    copied = {"places/ski_rocket.jpg", "nature/skl_flower.jpg"}  # dedup may keep the other copy
    dropped = {key: by for key, by in real.items() if by and key not in copied}
    assert len(dropped) <= 0.05 * len(real), dropped


def test_captions_travel(demo: Path) -> None:
    query = f"select count(*) from '{demo}/out/shards/*.parquet' where caption is not null"
    ((captioned,),) = duckdb.sql(query).fetchall()
    assert captioned >= 70


def test_the_manifest_says_it_all(demo: Path) -> None:
    manifest = json.loads((demo / "out/run.json").read_text())
    assert manifest["status"] == "complete"
    assert [stage["stage"] for stage in manifest["counts"]["stages"]] == STAGES
    assert [next(iter(stage)) for stage in manifest["recipe"]["stages"]] == STAGES
    assert set(manifest["models"]) == {"nsfw", "watermark", "text_density"}
    assert all(len(digest) == 64 for files in manifest["models"].values() for digest in files.values())


def test_the_readmes_commands(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    commands = re.findall(r"^curation .*", readme, re.MULTILINE)
    assert len(commands) >= 4
    (tmp_path / "photos/holiday").mkdir(parents=True)
    for number, path in enumerate(sorted((ROOT / "demo/images/nature").glob("*.jpg"))[:3]):
        shutil.copy(path, tmp_path / "photos/holiday" / f"{231 + number:04}.jpg")
    shutil.copytree(ROOT / "recipes", tmp_path / "recipes")
    (tmp_path / "recipe.yaml").write_text(re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)[0])
    (tmp_path / "words.txt").write_text("MOON\nTREE\nSUN\nBIRD\nCLAY\n")
    with Server() as server:
        for command in commands:
            here = command.replace("http://localhost:8000/v1", server.url)
            line = [sys.executable, "-m", "curation.cli", *shlex.split(here)[1:]]
            if line[3] == "train":
                line += ["--set", "phases.0.steps=3", "--set", "samples.steps=2"]
            subprocess.run(line, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
        assert len(server.asked) == 3
    assert (tmp_path / "curated/report.html").exists()
    assert (tmp_path / "annotated/report.html").exists()
    assert (tmp_path / "sharper/run.json").exists()
    assert (tmp_path / "trained/words/samples/step-000003.png").exists()
    assert (tmp_path / "latents/run.json").exists()
