"""Synthesised outputs that tests look at, made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from curation import cli

Synthesise = Callable[..., Path]

SMALL = ("--size", "512", "--seed", "5")


@pytest.fixture
def synthesise(tmp_path: Path) -> Synthesise:
    """`curation synth TIER` in this process, of small images, which must end well; returns the output folder."""

    def run(tier: str, *arguments: str, name: str = "made") -> Path:
        out = tmp_path / name
        assert cli.main(["synth", tier, "--output", str(out), *SMALL, *arguments]) == 0
        return out

    return run


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """70 images of the tier pure, in two units."""
    out = tmp_path_factory.mktemp("synth") / "pages"
    assert cli.main(["synth", "pure", "--output", str(out), *SMALL, "--count", "70"]) == 0
    return out
