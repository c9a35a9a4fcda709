"""Follows CONTRIBUTING's "Add a filter in ten minutes", in a copy of the packages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]


def test_add_a_filter_in_ten_minutes(tmp_path: Path) -> None:
    for package in ("curation", "filters"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    steps = (ROOT / "CONTRIBUTING.md").read_text().partition("## Add a filter")[2]
    file, lines, recipe = re.findall(r"```\w+\n(.*?)```", steps, re.DOTALL)
    name = re.findall(r"`(filters/\w+\.py)`:", steps)[0]
    (tmp_path / name).write_text(file)
    registry = tmp_path / "filters/registry.py"
    import_line, entry = lines.splitlines()
    text = registry.read_text().replace("from filters.base", f"{import_line}\nfrom filters.base")
    registry.write_text(re.sub(r"(\n +for cls in \(\n)", rf"\1{entry}\n", text))
    (tmp_path / "recipe.yaml").write_text(recipe)
    images = tmp_path / "images"
    images.mkdir()
    for path in (ROOT / "demo/images/people").glob("ski_*"):
        shutil.copy(path, images)
    line = [sys.executable, "-m", "curation.cli", "run", "recipe.yaml", "--input", "images", "--output", "out"]
    subprocess.run(line, cwd=tmp_path, check=True)
    (part,) = (tmp_path / "out/signals").iterdir()
    rows = {row["key"]: row for row in pq.read_table(part).to_pylist()}
    assert rows["ski_camera.png"]["dropped_by"] == "colour"
    assert "is below min_mean 0.05: the picture has hardly any colour" in rows["ski_camera.png"]["reason"]
    assert rows["ski_astronaut.jpg"]["dropped_by"] is None
    assert "colour" in (tmp_path / "out/report.html").read_text()
