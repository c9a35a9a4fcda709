"""Small real inputs and runs for the tests of the pipeline."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageOps
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation import cli

DEMO = Path(__file__).parents[2] / "demo" / "images"

CHEAP = """
stages:
  - dedup
  - entropy
  - blur
  - exposure
"""
"""The classical stages: what the pipeline's own tests run, because it is fast."""


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Demo images, scaled down, with five copies, a flat, a blurred and three broken ones among them."""
    folder = tmp_path_factory.mktemp("photos")
    for path in sorted(DEMO.glob("nature/*.jpg"))[:12] + sorted(DEMO.glob("art/*.jpg"))[:12]:
        image = PIL.Image.open(path).convert("RGB")
        image.thumbnail((320, 320))
        (folder / path.parent.name).mkdir(exist_ok=True)
        image.save(folder / path.parent.name / path.name, quality=90)
    spoil(folder)
    return folder


def spoil(folder: Path) -> None:
    """Add copies, defects and broken files to a folder of images."""
    first, second, *_ = sorted(folder.glob("nature/*.jpg"))
    shutil.copy(first, folder / "copy of first.jpg")
    for number, quality in enumerate((30, 50, 70)):
        PIL.Image.open(first).save(folder / f"recoded{number}.jpg", quality=quality)
    PIL.Image.open(second).save(folder / "second.png")
    PIL.Image.new("RGB", (200, 200), (90, 120, 90)).save(folder / "flat.png")
    other_side = PIL.ImageOps.mirror(PIL.Image.open(second)).crop((40, 20, 280, 180))  # else it is a copy
    other_side.resize((24, 16)).resize((320, 213), PIL.Image.Resampling.BICUBIC).save(folder / "blurred.jpg")
    data = second.read_bytes()
    (folder / "cut.jpg").write_bytes(data[: len(data) // 2])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "page.jpg").write_bytes(b"<html><body>404</body></html>")


@pytest.fixture(scope="session")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "cheap.yaml"
    path.write_text(CHEAP)
    return path


Run = Callable[..., Path]


@pytest.fixture
def curate(tmp_path: Path, recipe: Path) -> Run:
    """`curation run` of the cheap recipe in this process; returns the output folder."""

    def run(source: object, *arguments: str, name: str = "out") -> Path:
        out = tmp_path / name
        assert cli.main(["run", str(recipe), "--input", str(source), "--output", str(out), *arguments]) == 0
        return out

    return run


def table(out: Path, folder: str) -> pa.Table:
    """All rows of a folder of Parquet parts, in the order of the parts."""
    return pa.concat_tables([pq.read_table(path) for path in sorted((out / folder).glob("*.parquet"))])


def rows(out: Path, folder: str) -> list[dict]:
    return table(out, folder).to_pylist()


def contents(out: Path) -> dict[str, bytes]:
    """Every file of an output by relative path, but for the manifest, which holds times."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files if path.name != "run.json"}


def jpeg(seed: int, size: tuple[int, int] = (64, 48), quality: int = 90) -> bytes:
    """A JPEG of random coloured tiles with sharp edges: none resembles another, and every classical stage keeps it."""
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(noise).resize(size, PIL.Image.Resampling.NEAREST).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
