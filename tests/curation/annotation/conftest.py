"""Folders of images to annotate, and `curation annotate` in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import PIL.Image
import pytest

from curation import cli
from tests.curation.conftest import jpeg

Annotate = Callable[..., Path]


def images(folder: Path, count: int, first: int = 0) -> Path:
    """`count` small images in `folder`, none like another."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:05}.jpg").write_bytes(jpeg(number))
    return folder


def plain_images(folder: Path, count: int) -> Path:
    """The same in one colour each, which cost next to nothing to encode and to send. At most 40,000."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        colour = (number % 32 * 8, number // 32 % 32 * 8, number // 1024 * 6)
        PIL.Image.new("RGB", (16, 16), colour).save(folder / f"{number:05}.png")
    return folder


@pytest.fixture
def annotate(tmp_path: Path) -> Annotate:
    """`curation annotate` with these arguments, which must end well; returns the output folder."""

    def run(source: object, *arguments: str, name: str = "annotated") -> Path:
        out = tmp_path / name
        assert cli.main(["annotate", str(source), "--output", str(out), *arguments]) == 0
        return out

    return run


def manifest(out: Path) -> dict:
    return json.loads((out / "run.json").read_text())
