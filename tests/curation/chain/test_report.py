"""The report of a chain: figures of all its runs, links to their reports, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from curation import cli
from curation.chain.report import Run, render
from curation.statistics import Step
from tests.curation.chain.conftest import RECIPES
from tests.curation.test_report import HOSTILE


def cells(page: str) -> list[list[str]]:
    """The rows of its tables: name and figures."""
    found = [
        re.findall(r"<(?:th|td)[^>]*>(.*?)</(?:th|td)>", row, re.DOTALL) for row in re.split(r"<tr\b[^>]*>", page)[1:]
    ]
    texts = [[re.sub("<.*?>", "", cell).strip() for cell in row] for row in found]
    return [[cell for cell in row if cell] for row in texts if len(row) == 8]


def test_figures(chain: Path) -> None:
    table = cells((chain / "report.html").read_text())
    counts = [json.loads((chain / name / "run.json").read_text())["counts"] for name in RECIPES]
    whole = counts[0]["read"]
    assert [row[0] for row in table if row[0] in RECIPES] == list(RECIPES)
    for row, count in zip([row for row in table if row[0] in RECIPES], counts, strict=True):
        assert (int(row[1]), int(row[5])) == (count["read"], count["kept"])
        assert int(row[1]) - int(row[2]) - int(row[4]) == int(row[5])
        assert float(row[6].removesuffix(" %")) == pytest.approx(100 * count["kept"] / whole, abs=0.06)
    stages = [stage for count in counts for stage in count["stages"]]
    rows = [row for row in table if row[0] not in (*RECIPES, "recipe", "stage", "decode")]
    assert [row[0] for row in rows] == [stage["stage"] for stage in stages]
    assert [int(row[2]) for row in rows] == [stage["dropped"] for stage in stages]


def test_links_lead_somewhere(chain: Path) -> None:
    page = (chain / "report.html").read_text()
    links = set(re.findall(r'href="([^"]*)"', page)) - {"data:,"}
    assert {f"{name}/report.html" for name in RECIPES} <= links
    for link in links:
        path, _, anchor = link.partition("#")
        target = (chain / path).read_text() if path else page
        assert not anchor or f'id="{anchor}"' in target, link


def test_it_loads_nothing(chain: Path) -> None:
    page = (chain / "report.html").read_text()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link(?! rel=\"icon\")|<img|https?://|@import|url\((?!#)", page)


def test_it_is_drawn_anew(chain: Path) -> None:
    before = (chain / "report.html").read_bytes()
    (chain / "report.html").unlink()
    assert cli.main(["report", str(chain)]) == 0
    assert (chain / "report.html").read_bytes() == before


def test_names_that_are_hostile() -> None:
    row = Step(HOSTILE, 3, 1, 0)
    page = render(
        {"status": "failed", "error": HOSTILE, "input": {"path": HOSTILE}},
        [Run(HOSTILE, "x", row, (row,), {HOSTILE: {HOSTILE: 1}}), Run("b", "y")],
    )
    assert "<script" not in page
    assert '" onload' not in page
    assert "not complete" in page
