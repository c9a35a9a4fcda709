"""A chain of three cheap recipes over a few real images."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation import cli

RECIPES = {
    "first": "stages: [resolution: {min_short_side: 150, min_megapixels: 0.05}, dedup]",
    "second": "stages: [entropy, blur]",
    "third": "stages: [exposure: {min_highlight: 0.9}]",
}


@pytest.fixture(scope="session")
def recipes(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The paths of the recipes, in order."""
    folder = tmp_path_factory.mktemp("recipes")
    for name, text in RECIPES.items():
        (folder / f"{name}.yaml").write_text(text)
    return [str(folder / f"{name}.yaml") for name in RECIPES]


@pytest.fixture(scope="session")
def chain(photos: Path, recipes: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the chain. Only to be read."""
    out = tmp_path_factory.mktemp("chain") / "out"
    assert cli.main(["run", *recipes, "--input", str(photos), "--output", str(out)]) == 0
    return out
