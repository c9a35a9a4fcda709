"""The command line: help, mistakes in one line with exit code 2, the summary, `explain` and `report`."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curation import cli
from curation.progress import Progress
from curation.recipe import plain_fields
from filters.registry import FILTERS
from tests.curation.conftest import Run, jpeg, rows


def one_line(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The message of a command line that is a mistake."""
    try:
        code = cli.main([str(argument) for argument in arguments])
    except SystemExit as stop:
        code = int(str(stop.code))
    message = capsys.readouterr().err
    assert code == 2, message
    assert message.count("\n") == 1, message
    return message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(jpeg(1, (320, 240)))
    return tmp_path


def test_mistakes(folder: Path, recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = folder / "in", folder / "out"
    go = ["run", recipe, "--output", out, "--input"]
    assert "no such file or folder: /nope" in one_line(capsys, *go, "/nope")
    (folder / "empty").mkdir()
    assert "no files in" in one_line(capsys, *go, folder / "empty")
    assert "nothing matches" in one_line(capsys, *go, str(folder) + "/*.tar")
    wrong = ["--set", "stages.blur.min_sharpness=soft"]
    assert "blur.min_sharpness must be a number, not 'soft'" in one_line(capsys, *go, source, *wrong)
    (folder / "typo.yaml").write_text("stages: [entropi]")
    assert "did you mean 'entropy'?" in one_line(capsys, "run", folder / "typo.yaml", *go[2:], source)
    assert "cannot read the recipe" in one_line(capsys, "run", folder / "none.yaml", *go[2:], source)
    assert "no input" in one_line(capsys, "run", "--output", out)
    assert "no output" in one_line(capsys, "run", "--input", source)
    assert "lies inside the input" in one_line(capsys, "run", "--input", source, "--output", source / "out")
    assert "is a file" in one_line(capsys, "run", recipe, "--input", source, "--output", recipe)
    assert "--inputt" in one_line(capsys, *go, source, "--inputt", "x")
    assert "invalid int value" in one_line(capsys, *go, source, "--direct_num_workers", "two")
    assert "multi_threading loses elements" in one_line(capsys, *go, source, "--direct_running_mode=multi_threading")
    assert "invalid choice: 'rum'" in one_line(capsys, "rum")
    assert "holds no run" in one_line(capsys, "report", folder)
    assert "holds no run" in one_line(capsys, "explain", folder, "a.jpg")
    assert not out.exists()


def test_a_model_that_is_not_there_is_a_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "hub.yaml").write_text(f"stages: [nsfw: {{engine: {folder}/no-such-model}}]")
    line = ["run", folder / "hub.yaml", "--input", folder / "in", "--output", folder / "out"]
    assert "stage 'nsfw' cannot run" in one_line(capsys, *line)
    assert not (folder / "out").exists()


def test_an_output_that_holds_another_run(folder: Path, curate: Run, capsys: pytest.CaptureFixture[str]) -> None:
    out = curate(folder / "in")
    line = ["run", "--input", folder / "in", "--output", out]
    assert "holds another run, its recipe is another" in one_line(capsys, *line)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    curate(folder / "in")
    assert "complete already" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    (folder / "in" / "b.jpg").write_bytes(jpeg(2))
    recipe = ["run", _cheap(folder), "--input", folder / "in", "--output", out]
    assert "its input is another" in one_line(capsys, *recipe)
    (folder / "foreign" / "shards").mkdir(parents=True)
    (folder / "foreign" / "shards" / "x").touch()
    line = ["run", "--input", folder / "in", "--output", folder / "foreign"]
    assert "holds shards/ that no run of ours made" in one_line(capsys, *line)


def _cheap(folder: Path) -> Path:
    path = folder / "cheap.yaml"
    path.write_text("stages: [dedup, entropy, blur, exposure]")
    return path


def test_help_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ([], ["run"], ["report"], ["explain"]):
        with pytest.raises(SystemExit) as stop:
            cli.main([*verb, "--help"])
        assert stop.value.code == 0
        shown = capsys.readouterr().out
        assert "usage: curation" in shown
        if verb == ["run"]:
            fields = [f"{field}=" for cls in FILTERS.values() for field in plain_fields(cls())]
            assert all(field in shown for field in ["--input", "--set", "webdataset", *FILTERS, *fields])


def test_the_summary_fits_a_narrow_terminal(folder: Path, curate: Run, capsys: pytest.CaptureFixture[str]) -> None:
    curate(folder / "in")
    shown = capsys.readouterr().out
    assert "kept 1 of 1 images (100%)" in shown
    assert all(len(line) <= 60 for line in shown.splitlines()[:-1])


def test_explain(photos: Path, curate: Run, capsys: pytest.CaptureFixture[str]) -> None:
    out = curate(photos)
    capsys.readouterr()
    assert cli.main(["explain", str(out), "recoded0.jpg"]) == 0
    story = capsys.readouterr().out
    dropped = next(row for row in rows(out, "signals") if row["key"] == "recoded0.jpg")
    for part in (dropped["sha256"], dropped["reason"], dropped["duplicate_of"], "JPEG, 320×", "part-000000"):
        assert part in story
    assert cli.main(["explain", str(out), "page.jpg"]) == 0
    assert "NotAnImage: this is an HTML page" in capsys.readouterr().out
    kept = rows(out, "shards")[0]["key"]
    assert cli.main(["explain", str(out), kept]) == 0
    assert "verdict    kept" in capsys.readouterr().out
    assert "did you mean 'recoded" in one_line(capsys, "explain", out, "recoded.jpg")
    explain = [sys.executable, "-m", "curation.cli", "explain", str(out), kept]
    with subprocess.Popen(explain, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as told:
        assert told.stdout
        assert told.stderr
        told.stdout.close()  # as `head` does that has seen enough
        assert told.stderr.read() == b""


def test_report_is_drawn_anew_without_the_input(photos: Path, curate: Run, tmp_path: Path) -> None:
    copy = shutil.copytree(photos, tmp_path / "copy")
    out = curate(copy)
    before = (out / "report.html").read_bytes()
    shutil.rmtree(copy)
    (out / "report.html").unlink()
    assert cli.main(["report", str(out)]) == 0
    assert (out / "report.html").read_bytes() == before
    assert before.count(b"data:image/jpeg;base64,") > 10


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def leave(folder: str, name: str, text: str) -> None:
        (tmp_path / "work" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "work" / folder / name).write_text(text)

    screen, pipe = Terminal(), io.StringIO()
    progress = Progress(str(tmp_path), [30, 20], ["dedup", "blur"], screen)
    leave("fingerprints", "part-000001.parquet", "")
    assert progress.line().startswith("fingerprints 20 of 50")
    leave("done", "part-000000.json", json.dumps({"rows": 30, "counts": {"kept": 25, "blur": 4, "decode": 1}}))
    assert "30 of 50 images" in progress.line()
    assert progress.line().endswith("dropped: decode 1, blur 4")
    with Progress(str(tmp_path), [30, 20], ["dedup", "blur"], pipe):
        pass
    assert pipe.getvalue() == ""


def test_other_errors_are_exit_code_1(folder: Path) -> None:
    line = [sys.executable, "-m", "curation.cli", "run", _cheap(folder), "--input", folder / "in"]
    (folder / "locked").mkdir()
    blocked = folder / "locked" / "out"
    blocked.mkdir()
    (blocked / "signals").write_text("a file where a folder must be")
    done = subprocess.run([*map(str, line), "--output", str(blocked)], capture_output=True, text=True)
    assert done.returncode == 1
