"""A run whose truth is known: which of its images were blurred."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import PIL.Image
import PIL.ImageFilter
import pytest

from curation import cli
from tests.curation.conftest import DEMO

RECIPE = """\
# what we keep
stages:
  - entropy: {min_bits: 2}  # flat ones go
  - exposure
  - blur:
"""


@dataclass(frozen=True)
class Curated:
    """The input, recipe and output of a run, and the SHA-256 of the images in it that are too soft."""

    photos: Path
    recipe: Path
    output: Path
    soft: frozenset[str]


@pytest.fixture(scope="session")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Curated:
    """Demo images, scaled down, each as it is and blurred, from hardly to much."""
    folder = tmp_path_factory.mktemp("calibrated")
    photos, soft = folder / "photos", set()
    photos.mkdir()
    for number, path in enumerate(sorted(DEMO.glob("nature/*.jpg"))[:20]):
        image = PIL.Image.open(path).convert("RGB")
        image.thumbnail((320, 320))
        image.save(photos / f"{number:02}.jpg", quality=92)
        sigma = 0.3 + number / 8
        image.transpose(PIL.Image.Transpose.FLIP_LEFT_RIGHT).filter(PIL.ImageFilter.GaussianBlur(sigma)).save(
            blurred := photos / f"{number:02}-blurred.jpg", quality=92
        )
        if sigma > 1:
            soft.add(hashlib.sha256(blurred.read_bytes()).hexdigest())
    recipe, output = folder / "recipe.yaml", folder / "out"
    recipe.write_text(RECIPE)
    assert cli.main(["run", str(recipe), "--input", str(photos), "--output", str(output)]) == 0
    return Curated(photos, recipe, output, frozenset(soft))
