"""The main job, end to end: the demo's images through the seven stages, what the demo does after that on few pictures,
and the commands of the README."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from curation import cli
from synth.font_packages import find_faces
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


def lines() -> list[str]:
    """What `make demo` would run once all is set up, a command each."""
    line = ["make", "--dry-run", "--no-print-directory", "demo"]
    shown = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    commands = shown.replace("\\\n", "").splitlines()
    return commands[commands.index("rm -rf build/demo") :]


def execute(line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command of the demo in this process if it is Python, which need not be started again; what it printed."""
    words = [word for word in shlex.split(line) if not word.startswith("OMP_NUM_THREADS=")]
    if words[0].endswith("/curation"):
        assert cli.main(words[1:]) == 0, line
    elif words[0].endswith("/python"):
        monkeypatch.setattr(sys, "argv", words[1:])
        runpy.run_path(words[1], run_name="__main__")
    else:
        return subprocess.run(["sh", "-c", line], check=True, capture_output=True, text=True).stdout
    return ""


def test_the_demo_makes_all_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own commands, with fewer pictures and steps."""
    monkeypatch.chdir(tmp_path)
    for name in ("demo", "docs", "recipes"):
        os.symlink(ROOT / name, name)
    for line in lines():
        if "make_demo.py" in line:
            photos = Path(shlex.split(line)[-1])
            photos.mkdir(parents=True)
            for path in sorted((ROOT / "demo/images/nature").glob("*.jpg"))[:3]:
                shutil.copy(path, photos)
            continue
        line = re.sub(r"--count \d+", "--count 6", line)
        line = re.sub(r"phases.0.steps=\d+", "phases.0.steps=3 --set samples.steps=2", line)
        said = execute(line, monkeypatch)
    named = re.findall(r"build/\S+", said)
    assert len(named) == 6
    assert all(Path(path).stat().st_size > 0 for path in named), named
    assert named[-1].endswith("samples/step-000003.png")
    annotated = duckdb.sql("select caption, annotation from 'build/demo/annotated/shards/*.parquet'").fetchall()
    assert len(annotated) == 3
    assert all(caption and json.loads(annotation)["model"] == "embedded" for caption, annotation in annotated)
    recipe = json.loads(Path("build/demo/trained/run.json").read_text())["recipe"]
    side = recipe["phases"][-1]["resolution"]
    learnt = duckdb.sql("select distinct width, height from 'build/demo/words/shards/*.parquet'").fetchall()
    assert learnt == [tuple(size) for size in recipe["samples"]["sizes"] or [(side, side)]]


def test_the_demos_model_is_asked_for_words_it_has_not_seen(tmp_path: Path) -> None:
    recipe = ROOT / "recipes/train_words.yaml"
    runpy.run_path(str(ROOT / "demo/make_words.py"))["main"](str(recipe), str(tmp_path / "letters"))
    words = (tmp_path / "letters/words.txt").read_text().split()
    prompts = yaml.safe_load(recipe.read_text())["samples"]["prompts"]
    asked = {word for prompt in prompts for word in re.findall(r'"(.*?)"', prompt)}
    assert len(words) == len(set(words)) == 20_000
    assert all(re.fullmatch("[A-Z]{2,4}", word) for word in words)
    assert asked
    assert not asked & set(words)
    (face,) = find_faces((str(tmp_path / "letters"),))
    assert face.family == "Oswald"
    assert face.weight == 600


def test_the_readmes_commands(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    commands = re.findall(r"^(?:curation|python demo/).*", readme, re.MULTILINE)
    assert len(commands) >= 4
    (tmp_path / "photos/holiday").mkdir(parents=True)
    for number, path in enumerate(sorted((ROOT / "demo/images/nature").glob("*.jpg"))[:3]):
        shutil.copy(path, tmp_path / "photos/holiday" / f"{231 + number:04}.jpg")
    shutil.copytree(ROOT / "recipes", tmp_path / "recipes")
    (tmp_path / "recipe.yaml").write_text(re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)[0])
    os.symlink(ROOT / "demo", tmp_path / "demo")
    with Server() as server:
        for command in commands:
            here = command.replace("http://localhost:8000/v1", server.url).replace("--count 10000", "--count 60")
            program, *words = shlex.split(here)
            line = [sys.executable, *(["-m", "curation.cli"] if program == "curation" else []), *words]
            if words[0] == "train":
                line += ["--set", "phases.0.steps=3", "--set", "samples.steps=2"]
            subprocess.run(line, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
        assert len(server.asked) == 3
    assert (tmp_path / "curated/report.html").exists()
    assert (tmp_path / "annotated/report.html").exists()
    assert (tmp_path / "sharper/run.json").exists()
    assert (tmp_path / "trained/words/samples/step-000003.png").exists()
    assert (tmp_path / "latents/run.json").exists()
