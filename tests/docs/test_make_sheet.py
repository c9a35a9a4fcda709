"""Sheets are made of what `curation synth` made, and show as many layouts as there are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from curation import cli

SCRIPT = Path(__file__).parents[2] / "docs" / "make_sheet.py"


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for sheets of four small pictures."""
    spec = importlib.util.spec_from_file_location("make_sheet", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {"COUNT": 4, "WIDTH": 640, "HEIGHT": 160}.items():
        monkeypatch.setattr(module, name, value)
    return module


def test_a_small_sheet(sheets: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["synth", "pure", "--count", "8", "--size", "256", "--output", str(tmp_path / "pure")]
    assert cli.main(line) == 0
    path = tmp_path / "sheet.jpg"
    sheets.main(str(tmp_path / "pure"), path)
    assert path.stat().st_size < sheets.LARGEST
    sheet = cv2.imread(str(path))
    assert sheet.shape[1] == 640
    assert sheet.shape[0] > 200
    rims = np.concatenate([sheet[: sheets.GAP // 2].reshape(-1, 3), sheet[:, : sheets.GAP // 2].reshape(-1, 3)])
    assert np.abs(rims.astype(int) - sheets.GREY).max() < 40
    assert sheet.std() > 20
    assert f"{path}: 4 pictures, 4 layouts" in capsys.readouterr().out


def test_other_layouts_come_before_more_of_one(sheets: ModuleType) -> None:
    found = [(name, b"%d" % number) for number, name in enumerate("aabacda")]
    assert [layout for layout, _ in sheets.different(iter(found))] == list("abcd")
    assert sheets.different(iter(found[:5])) == [("a", b"0"), ("b", b"2"), ("c", b"4"), ("a", b"1")]


def test_every_picture_is_in_a_row_and_rows_are_about_as_wide(sheets: ModuleType) -> None:
    pictures = [np.full((100, 50 + 10 * number, 3), number, np.uint8) for number in range(12)]
    rows = sheets.rows(pictures)
    assert [int(picture[0, 0, 0]) for row in rows for picture in row] == list(range(12))
    wide = [sum(picture.shape[1] for picture in row) for row in rows]
    assert len(rows) == 3
    assert max(wide) < 1.5 * min(wide)
