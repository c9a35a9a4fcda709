"""A chain gives what its recipes give one by one, goes on where it was killed, and says what a user got wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from curation import cli
from filters.base import Filter, Signal, Signals
from filters.image import Image
from filters.registry import FILTERS
from tests.curation.chain.conftest import RECIPES
from tests.curation.conftest import contents, rows
from tests.curation.test_cli import one_line


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_it_gives_what_its_recipes_give_one_by_one(
    photos: Path, recipes: list[str], chain: Path, tmp_path: Path
) -> None:
    source = photos
    for name, recipe in zip(RECIPES, recipes, strict=True):
        out = tmp_path / name
        assert cli.main(["run", recipe, "--input", str(source), "--output", str(out)]) == 0
        manifest = json.loads((chain / name / "run.json").read_text())
        alone = json.loads((out / "run.json").read_text())
        assert manifest["counts"] == alone["counts"]
        assert manifest["recipe_hash"] == alone["recipe_hash"]
        for folder in ("signals", "rejects"):
            assert rows(chain / name, folder) == rows(out, folder) if (out / folder).exists() else True
        assert rows(chain / name, "shards") == rows(out, "shards")
        source = out


def test_conservation_from_one_recipe_to_the_next(chain: Path) -> None:
    kept = None
    for name in RECIPES:
        keys = [row["key"] for row in rows(chain / name, "signals")]
        assert kept is None or keys == kept
        kept = [row["key"] for row in rows(chain / name, "shards")]
        assert 0 < len(kept) < len(keys)


def test_its_output_is_an_input(chain: Path, recipes: list[str], tmp_path: Path) -> None:
    """The folder of the chain stands for the output of its last recipe."""
    assert cli.main(["run", recipes[1], "--input", str(chain), "--output", str(tmp_path / "out")]) == 0
    read = [row["key"] for row in rows(tmp_path / "out", "signals")]
    assert read == [row["key"] for row in rows(chain / "third", "shards")]


def test_killed_it_goes_on(photos: Path, recipes: list[str], chain: Path, tmp_path: Path) -> None:
    """Killed in its middle and started again: what was finished is not touched, and the output is the same."""
    out = tmp_path / "out"
    line = [sys.executable, "-m", "curation.cli", "run", *recipes, "--input", str(photos), "--output", str(out)]
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not (out / "second" / "work").exists():
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (out / "third").exists()
    assert json.loads((out / "run.json").read_text())["status"] == "running"
    assert "This chain is not complete" in (out / "report.html").read_text()
    before = times(out / "first")
    assert cli.main(line[3:]) == 0
    assert times(out / "first") == before
    assert json.loads((out / "run.json").read_text())["status"] == "complete"
    assert contents(out / "third" / "shards") == contents(chain / "third" / "shards")
    assert (out / "report.html").read_bytes() == (chain / "report.html").read_bytes()


def test_it_may_grow_but_not_change(
    photos: Path, recipes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    line = ["--input", str(photos), "--output", str(out)]
    assert cli.main(["run", *recipes[:2], *line]) == 0
    before = times(out / "first") | times(out / "second")
    assert cli.main(["run", *recipes, *line]) == 0
    shown = capsys.readouterr()
    assert shown.err.count("is complete already") == 2
    assert all(len(text) <= 80 for text in shown.out.splitlines() if not text.startswith("report: "))
    read, left = len(rows(out / "first", "signals")), len(rows(out / "third", "shards"))
    assert f"kept {left} of {read} images" in shown.out
    assert times(out / "first") | times(out / "second") == before
    assert json.loads((out / "run.json").read_text())["runs"] == list(RECIPES)
    changed = ["run", *recipes, *line, "--set", "stages.exposure.min_highlight=0.8"]
    assert "third holds another run, its recipe is another" in one_line_of_a_chain(capsys, changed)
    assert json.loads((out / "run.json").read_text())["status"] == "failed"
    assert "a run of one recipe: choose another output" in one_line(capsys, "run", *recipes, *line[:3], out / "first")
    assert "holds another run" in one_line(capsys, "run", *line)


def one_line_of_a_chain(capsys: pytest.CaptureFixture[str], line: list[str]) -> str:
    """The last line that a command says which is a mistake; those before it say how far it came."""
    assert cli.main(line) == 2
    *others, last = capsys.readouterr().err.splitlines()
    assert all(re.search(r"recipe \d of \d|complete already", text) for text in others), others
    return last


def test_where_nothing_is_left_the_chain_ends(
    photos: Path, recipes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    line = ["run", *recipes, "--input", str(photos), "--output", str(out), "--set", "stages.blur.min_sharpness=100"]
    said = one_line_of_a_chain(capsys, line)
    assert re.search(r"third has nothing to read: second kept none of \d+ images", said)
    assert not (out / "third").exists()
    assert "third has nothing to read" in (out / "report.html").read_text()


@dataclass(frozen=True)
class Absent(Filter):
    """Needs a model that is not there."""

    name = "absent"
    signals = (Signal("score", 0, 1, "score"),)
    limits = ()

    def measure(self, image: Image) -> Signals:
        raise FileNotFoundError("its model is not there")


def test_nothing_starts_before_all_is_known_to_run(
    photos: Path,
    recipes: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(FILTERS, "absent", Absent)
    (tmp_path / "last.yaml").write_text("stages: [absent]")
    line = ["run", recipes[0], tmp_path / "last.yaml", "--output", tmp_path / "out", "--input"]
    assert "stage 'absent' cannot run: its model is not there" in one_line(capsys, *line, photos)
    assert "no such file or folder" in one_line_of_a_chain(
        capsys, ["run", *recipes, "--input", "/nope", "--output", str(tmp_path / "out")]
    )
    assert "lies inside the input" in one_line(capsys, "run", *recipes, "--input", photos, "--output", photos / "out")
    assert "cannot read the recipe" in one_line(capsys, "run", *recipes, "none.yaml", "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_explain_follows_an_image(chain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, heads in (("first", 1), ("third", 3)):
        gone = next(row for row in rows(chain / name, "signals") if row["dropped_by"])
        assert cli.main(["explain", str(chain), gone["key"]]) == 0
        story = capsys.readouterr().out
        assert re.findall(r"^(\w+):$", story, re.MULTILINE) == list(RECIPES)[:heads]
        assert story.count("verdict    kept") == heads - 1
        assert gone["reason"] in story
    assert "no image with the key 'nobody'" in one_line(capsys, "explain", chain, "nobody")
