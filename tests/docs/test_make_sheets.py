"""Sheets are made end to end, and show as many layouts as there are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest

from synth.sample import Sample

SCRIPT = Path(__file__).parents[2] / "docs" / "make_sheets.py"


@pytest.fixture
def sheets(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, for sheets of four small pictures."""
    spec = importlib.util.spec_from_file_location("make_sheets", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in {"COUNT": 4, "SEARCH": 8, "WIDTH": 640, "ROWS": 2}.items():
        monkeypatch.setattr(module, name, value)
    return module


@pytest.mark.parametrize("tier", ["pure", "compositional", "complex"])
def test_a_small_sheet(sheets: ModuleType, tier: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheets.make(tier, tmp_path)
    assert path == tmp_path / f"synth-{tier}.jpg"
    assert path.stat().st_size < sheets.LARGEST
    sheet = cv2.imread(str(path))
    assert sheet.shape[1] == 640
    assert sheet.shape[0] > 300
    rims = np.concatenate([sheet[: sheets.GAP // 2].reshape(-1, 3), sheet[:, : sheets.GAP // 2].reshape(-1, 3)])
    assert np.abs(rims.astype(int) - sheets.GREY).max() < 40
    assert "4 layouts in 4 samples" in capsys.readouterr().out


def sample(layout: str) -> Sample:
    return Sample(np.zeros((2, 2, 3), np.uint8), (), (), layout, "", "", "", "")


def test_other_layouts_come_before_more_of_one(sheets: ModuleType) -> None:
    found = [sample(name) for name in "aabacda"]
    assert [each.layout for each in sheets.different(iter(found))] == list("abcd")
    assert [each.layout for each in sheets.different(iter(found[:5]))] == list("abca")


def test_every_picture_is_in_a_row_and_rows_are_about_as_wide(sheets: ModuleType) -> None:
    pictures = [np.full((100, 50 + 10 * number, 3), number, np.uint8) for number in range(12)]
    rows = sheets.rows(pictures)
    assert [int(picture[0, 0, 0]) for row in rows for picture in row] == list(range(12))
    wide = [sum(picture.shape[1] for picture in row) for row in rows]
    assert max(wide) < 1.5 * min(wide)
