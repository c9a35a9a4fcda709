"""Figures in a file, and the README's table made of them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from bench.accuracy import __main__ as command
from bench.accuracy import readme
from bench.accuracy.results import Figure, Peer, Result, Row, plain, read, save
from bench.accuracy.sources import find, share
from filters.entropy import Entropy
from tests.bench.accuracy.bounds import reduced

RESULT = Result(
    images=1173,
    sources=69,
    rows=(Row("motion", "clear", 167, 207, 0.748, 0.855), Row("grain", "clean", 1, 69, 0.003, 0.078)),
    figures=(
        Figure("precision", 0.946, 0.92, 0.97),
        Figure("recall", 0.865, 0.816, 0.908),
        Figure("F1", 0.904, 0.875, 0.928, "≥ 0.95", False),
        Figure("clean dropped", 0.0186, 0.0, 0.075, "≤ 2 %", True),
    ),
    peers=(Peer("cleanvision 0.3.7", (Figure("recall", 0.023, 0.0, 0.05), Figure("F1", 0.044, 0.0, 0.1))),),
    notes=("a sentence",),
)
MARKED = f"# Name\n\n{readme.BEGIN}\nwhat stood here\n{readme.END}\n\nMore.\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["readme", *map(str, arguments)])
    readme.main()


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    save({"blur": RESULT}, file)
    save({"nsfw": reduced(Entropy(), 40)}, file)
    save({"nsfw": RESULT}, file)
    assert read(file) == {"blur": RESULT, "nsfw": RESULT}
    assert json.loads(file.read_text()) == json.loads(json.dumps(plain(read(file))))


def test_the_file_has_the_names_that_others_read(tmp_path: Path) -> None:
    save({"blur": RESULT}, tmp_path / "figures.json")
    blur = json.loads((tmp_path / "figures.json").read_text())["filters"]["blur"]
    assert set(blur) == {"images", "sources", "rows", "figures", "peers", "notes"}
    assert blur["rows"][0] == {"kind": "motion", "grade": "clear", "found": 167, "of": 207, "low": 0.748, "high": 0.855}
    assert blur["figures"][0]["target"] is None
    assert blur["figures"][2] == {
        "name": "F1", "value": 0.904, "low": 0.875, "high": 0.928, "target": "≥ 0.95", "met": False,
    }  # fmt: skip
    assert blur["peers"][0]["peer"] == "cleanvision 0.3.7"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"filters": {"blur": {"images": 1}}}', '{"filters": {"blur": 1}}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(ValueError, match=r"other.json is no file of python -m bench.accuracy --save"):
        read(tmp_path / "other.json")


def test_the_command_prints_and_saves_and_keeps_what_it_did_not_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save({"blur": RESULT, "entropy": RESULT}, tmp_path / "figures.json")
    monkeypatch.setattr(command, "find", lambda folders: share(find(folders), 16))
    monkeypatch.setattr(sys, "argv", ["accuracy", "--only", "entropy", "--save", str(tmp_path / "figures.json")])
    command.main()
    found = read(tmp_path / "figures.json")
    assert found["blur"] == RESULT
    assert found["entropy"].images == 8 * found["entropy"].sources < 8 * 40
    printed = capsys.readouterr().out
    assert f"entropy: {found['entropy'].images} images of {found['entropy'].sources} hold-out sources" in printed
    for row in found["entropy"].rows:
        assert f"{row.kind} [{row.grade}]" in printed
    assert "target ≥ 0.95" in printed
    assert "chosen on tune" in printed


def test_another_file_is_refused_before_the_work_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    monkeypatch.setattr(sys, "argv", ["accuracy", "--save", str(tmp_path / "mine.txt")])
    with pytest.raises(SystemExit, match="2"):
        command.main()
    assert "mine.txt is no file of" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_the_table_stands_between_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save({"blur": RESULT}, tmp_path / "figures.json")
    (tmp_path / "README.md").write_text(MARKED)
    run(monkeypatch, tmp_path / "figures.json", tmp_path / "README.md")
    text = (tmp_path / "README.md").read_text()
    assert text.startswith(f"# Name\n\n{readme.BEGIN}\n| stage |")
    assert text.endswith(f"|\n{readme.END}\n\nMore.\n")
    assert "what stood here" not in text
    head, _, row, peer = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("|")]
    assert len(head) == len(row) == len(peer)
    cells = dict(zip((cell.strip() for cell in head), (cell.strip() for cell in row), strict=True))
    assert "`blur`" in cells["stage"]
    assert "1,173 images" in cells["stage"]
    assert cells["recall"] == "0.86 <sub>0.82–0.91</sub>"
    assert cells["AUC"] == "–"
    assert cells["clean dropped"] == "1.9 % <sub>0.0–7.5</sub>"
    assert cells["target"] == "✗ F1 ≥ 0.95<br>✓ clean dropped ≤ 2 %"
    assert [cell.strip() for cell in peer] == [
        "<sub>cleanvision 0.3.7</sub>", "–", "0.02 <sub>0.00–0.05</sub>", "0.04 <sub>0.00–0.10</sub>", "–", "–", "",
    ]  # fmt: skip


def test_written_twice_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save({"entropy": reduced(Entropy(), 40)}, tmp_path / "figures.json")
    (tmp_path / "README.md").write_text(MARKED)
    run(monkeypatch, tmp_path / "figures.json", tmp_path / "README.md")
    shutil.copy(tmp_path / "README.md", tmp_path / "once.md")
    run(monkeypatch, tmp_path / "figures.json", tmp_path / "README.md")
    assert (tmp_path / "README.md").read_bytes() == (tmp_path / "once.md").read_bytes()
    assert "`entropy`" in (tmp_path / "once.md").read_text()


@pytest.mark.parametrize("text", ["# Name\n", f"{readme.END}\n{readme.BEGIN}\n", MARKED + MARKED])
def test_without_marks_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    save({"blur": RESULT}, tmp_path / "figures.json")
    (tmp_path / "README.md").write_text(text)
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, tmp_path / "figures.json", tmp_path / "README.md")
    assert readme.BEGIN in capsys.readouterr().err
    assert (tmp_path / "README.md").read_text() == text
