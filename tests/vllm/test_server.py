"""`curation annotate --engine openai` against vLLM's own server with a model of random weights."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

from annotate.prompt import stored_schema
from tests.vllm.server import Server

COMMAND = [sys.executable, "-m", "curation.cli", "annotate"]


def test_every_image_gets_a_valid_annotation(server: Server, images: Path, tmp_path: Path) -> None:
    run = subprocess.run(arguments(server, images, tmp_path / "out"), capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    check_complete(tmp_path / "out", images)


def test_a_server_killed_in_the_middle_costs_nothing(server: Server, images: Path, tmp_path: Path) -> None:
    before = server.answers()
    job = [*arguments(server, images, tmp_path / "out"), "--no-ocr"]  # only to be quicker
    run = subprocess.Popen(job, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: server.answers() > before + 40)
    server.kill()
    assert run.poll() is None, "the job was over before the server was killed"
    server.start()
    _, said = run.communicate(timeout=300)
    assert run.returncode == 0, said
    signals = check_complete(tmp_path / "out", images)
    asked = sum(row["annotate.replies"] for row in signals)
    probes = 10  # at the start, and to see whether it is back
    assert server.answers() - before <= asked + 16 + probes, "replies that were known were asked for again"


def test_the_default_backend_is_refused(model: Path, images: Path, tmp_path: Path) -> None:
    """Its strings of bounded length cannot hold quotation marks."""
    with Server(model, tmp_path / "server.log", flags=[]) as default:
        run = subprocess.run(arguments(default, images, tmp_path / "out"), capture_output=True, text=True)
    assert run.returncode == 2
    assert "guidance" in run.stderr
    assert run.stderr.count("\n") == 1, run.stderr


def arguments(server: Server, images: Path, output: Path) -> list[str]:
    job = [*COMMAND, str(images), "--output", str(output), "--engine", "openai", "--endpoint", server.endpoint]
    return [*job, "--concurrency", "16"]


def check_complete(output: Path, images: Path) -> list[dict[str, Any]]:
    """All images are in the shards once, with valid annotations, and none in rejects. Returns the signals."""
    expected = sorted(path.name for path in images.iterdir())
    rejects, signals = rows(output / "rejects"), rows(output / "signals")
    assert [(row["key"], row["message"]) for row in rejects] == []
    assert sorted(row["key"] for row in signals) == expected
    shards = rows(output / "shards")
    assert sorted(row["key"] for row in shards) == expected
    for row in shards:
        annotation = json.loads(row["annotation"])
        jsonschema.validate(annotation, stored_schema())
        assert annotation["caption"] == row["caption"]
        assert row["image"]["bytes"] == (images / row["key"]).read_bytes()
    assert len({row["caption"] for row in shards}) == len(expected), "replies were mixed up"
    return signals


def rows(folder: Path) -> list[dict[str, Any]]:
    return [row for file in sorted(folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]


def wait_until(happens: Any, patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while not happens():
        if time.monotonic() > deadline:
            pytest.fail("it did not happen")
        time.sleep(0.2)
