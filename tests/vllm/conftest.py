"""The tiny model, real images, and a real vLLM server, for tests that `make test-vllm` runs in its own environment."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vllm.server import ON_CPU, Server

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Passes over these tests where vLLM is not installed."""
    if importlib.util.find_spec("vllm") is None:
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="needs vLLM: make test-vllm"))


@pytest.fixture(scope="session", autouse=True)
def on_cpu() -> None:
    """vLLM's settings for a small CPU, also for engines in this process and in commands that it starts."""
    os.environ.update(ON_CPU)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model's folder."""
    from tests.vllm import tiny_model

    folder = tmp_path_factory.mktemp("model") / "tiny-qwen2.5-vl"
    tiny_model.write(folder, tiny_model.project_texts())
    return folder


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 real images."""
    folder = tmp_path_factory.mktemp("images")
    for path in sorted((ROOT / "demo" / "images").glob("*/*"))[:100]:
        shutil.copy(path, folder)
    assert len(list(folder.iterdir())) == 100
    return folder


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[Server]:
    """A running server; its log stays in `build/test-vllm`."""
    with Server(model, ROOT / "build" / "test-vllm" / "server.log") as running:
        yield running
