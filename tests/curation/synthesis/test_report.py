"""The figures sum up in any order, and the page holds what it promises."""

from __future__ import annotations

import json
import re
from functools import reduce
from operator import add
from pathlib import Path

import pytest

from curation import cli, dispatch
from curation.parts import parts
from curation.synthesis.coverage import by_level
from curation.synthesis.signals import columns
from curation.synthesis.statistics import COLUMNS, SHOWN, Statistics, statistics_of_run
from synth.exposure import Exposure
from tests.curation.conftest import rows
from tests.curation.test_report import Page


def test_statistics_sum_up_in_any_order(pages: Path) -> None:
    each = [Statistics.of(part) for part in parts(str(pages), columns(), COLUMNS)]
    assert len(each) == 2
    assert reduce(add, each) == reduce(add, reversed(each))
    whole = statistics_of_run(str(pages))
    assert whole.total == whole.made == 70
    assert whole.attempts == 70 + whole.given_up
    assert sum(whole.grades.values()) == sum(whole.layouts.values()) == sum(whole.shapes.values()) == 70
    assert whole.languages["en"] + whole.languages["zh"] > 70
    assert len(whole.samples) == SHOWN
    assert whole.signals["characters"].count == 70


def test_levels_name_what_is_rarer_than_wished() -> None:
    shown = Exposure.of(["的" * 3, "砼"])
    first, second, third = by_level(shown, 2)
    assert (first.characters, first.shown, first.exposures, len(first.below)) == (3500, 1, 3, 3499)
    assert (second.shown, len(second.below)) == (1, 3000)
    assert second.below[-1] == (1, "砼")
    assert (third.shown, len(by_level(shown, 0)[1].below)) == (0, 2999)


def test_the_page_shows_samples_with_their_boxes(pages: Path) -> None:
    page = (pages / "report.html").read_text()
    text = " ".join(Page(page).text.split())
    shown = statistics_of_run(str(pages)).samples
    assert page.count('<img src="data:image/jpeg;base64,') == len(shown) == SHOWN
    captions = {row["key"]: row["caption"] for row in rows(pages, "shards")}
    assert all(" ".join(captions[sample.key].split()) in text for sample in shown)
    assert page.count("<polygon") == sum(len(sample.boxes) for sample in shown)
    assert "8,105 characters" in text
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert str(pages) not in page


def test_the_page_is_drawn_anew_the_same(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (pages / "report.html").read_bytes()
    assert cli.main(["report", str(pages)]) == 0
    assert (pages / "report.html").read_bytes() == before
    assert dispatch.write_report(str(pages)) == str(pages / "report.html")


def test_a_job_that_failed_says_so(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "failed"
    out.mkdir()
    record = json.loads((pages / "run.json").read_text()) | {"status": "failed", "error": "RuntimeError: <b>"}
    (out / "run.json").write_text(json.dumps(record))
    page = Path(dispatch.write_report(str(out))).read_text()
    assert "This run is not complete" in page
    assert "No image was made." in page
    assert "&lt;b&gt;" in page
