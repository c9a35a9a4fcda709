"""The seven recipes that come with the project, on real images."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import PIL.Image
import pytest
import yaml

from curation import cli
from curation.recipe import Recipe, load
from filters.registry import FILTERS
from tests.curation.conftest import DEMO, rows
from train.data.labels import label

ROOT = Path(__file__).parents[3]
NAMES = [f"s{number}" for number in range(1, 8)]
PATHS = [str(ROOT / "recipes" / f"{name}.yaml") for name in NAMES]
GOOD = "nature/budgie_extreme_desert_hike.jpg"


def recipe(name: str) -> Recipe:
    return load((ROOT / f"recipes/{name}.yaml").read_text(), "in", "out", [])


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of all seven. `out` beside `photos`, of which each is meant for one recipe."""
    folder = tmp_path_factory.mktemp("recipes")
    photos = folder / "photos"
    photos.mkdir()
    with PIL.Image.open(DEMO / GOOD) as image:
        image.resize((240, 180)).save(photos / "s1.jpg")
    shutil.copy(DEMO / "slides/zh_xiaoshan_sample_004.jpg", photos / "s2.jpg")
    shutil.copy(DEMO / "places/budgie_roman_colosseum.jpg", photos / "s3.jpg")
    (photos / "s3.txt").write_text("Sorry, I cannot provide a caption for this image.")
    shutil.copy(DEMO / "document/zh_zhlipsum_000.jpg", photos / "s4.jpg")
    shutil.copy(DEMO / "nature/es_beach0.jpg", photos / "s5.jpg")
    shutil.copy(DEMO / "ui/volt_overview.jpg", photos / "s6.jpg")
    with PIL.Image.open(DEMO / "nature/budgie_perched_osprey.jpg") as image:
        image.save(photos / "s7.jpg", quality=70)
    shutil.copy(DEMO / GOOD, photos / "good.jpg")
    assert cli.main(["run", *PATHS, "--input", str(photos), "--output", str(folder / "out")]) == 0
    return folder / "out"


def test_each_drops_what_is_meant_for_it(curated: Path) -> None:
    dropped = {name: [row["key"] for row in rows(curated / name, "signals") if row["dropped_by"]] for name in NAMES}
    assert dropped == {name: [f"{name}.jpg"] for name in NAMES}
    assert [row["key"] for row in rows(curated / "s7", "shards")] == ["good.jpg"]


def test_the_funnel_is_over_all(curated: Path) -> None:
    assert json.loads((curated / "run.json").read_text())["runs"] == NAMES
    page = (curated / "report.html").read_text()
    assert all(f'href="{name}/report.html"' in page for name in NAMES)


@pytest.mark.parametrize(("name", "side"), [("s1", 256), ("s5", 640), ("s7", 640)])
def test_every_shape_of_a_resolution_passes(name: str, side: int) -> None:
    """The report's nine ratios at the area of `side`², in whole pixels; nothing a fifth smaller."""
    stage = next(stage for stage in recipe(name).stages if stage.name == "resolution")
    for ratio in (1, 2 / 3, 3 / 2, 3 / 4, 4 / 3, 9 / 16, 16 / 9, 1 / 3, 3):
        width, height = int(side * ratio**0.5), int(side / ratio**0.5)
        assert stage.verdict(shape(width, height)) is None, (width, height)
        assert stage.verdict(shape(width * 0.9, height * 0.9)) is not None


def shape(width: float, height: float) -> dict[str, float | None]:
    short, long = sorted((width, height))
    return {"short_side": short, "megapixels": short * long / 1e6, "aspect": long / short}


def test_thresholds_only_tighten() -> None:
    """A stage that comes again is never looser: that would do nothing, because what an earlier one drops is gone."""
    held: dict[tuple[str, str], float] = {}
    for name in NAMES:
        for stage in recipe(name).stages:
            for limit in stage.limits:
                bound = getattr(stage, limit.field)
                before = held.get((stage.name, limit.field), bound)
                assert bound == before or limit.crossed(before, bound), (name, stage.name, limit.field)
                held[stage.name, limit.field] = bound
    assert {stage for stage, _ in held} | {"dedup", "category"} == set(FILTERS) - {
        "text_accuracy",
        "alignment",
        "aesthetic",
    }


def test_the_splits_of_the_report_are_columns_and_stay_known_to_the_trainer(curated: Path) -> None:
    """The column `language` of s4, `category` of s6, and after it by the metadata."""
    sorted_into = json.loads((curated / "s4" / "run.json").read_text())["parts"]
    assert sorted_into == {"language": {"none": 3, "english": 1, "chinese": 0, "other": 0}}
    assert {row["key"]: row["language"] for row in rows(curated / "s4", "shards")}["s6.jpg"] == "english"
    assert json.loads((curated / "s6" / "run.json").read_text())["parts"]["category"]["general"] == 2
    assert [row["category"] for row in rows(curated / "s6", "shards")] == ["general", "general"]
    last = rows(curated / "s7", "shards")[0]
    assert "language" not in last
    assert label(last).language == "none"
    assert label(last).category == "general"


def test_the_parts_are_in_the_report(curated: Path) -> None:
    page = (curated / "report.html").read_text()
    assert page.count('<section id="parts">') == 1
    section = page.partition('<section id="parts">')[2]
    found = re.findall(r'<th scope="row">(\w+)</th>.*?<td>(\d+)</td>', section, re.DOTALL)
    assert found == [
        *(("none", "3"), ("english", "1"), ("chinese", "0"), ("other", "0")),
        *(("general", "2"), ("portrait", "0"), ("text", "0")),
    ]


def test_they_name_no_paths() -> None:
    for path in PATHS:
        assert set(yaml.safe_load(Path(path).read_text())) == {"stages"}
