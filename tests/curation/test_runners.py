"""Law 3: the same input, recipe and seeds give the same output, whatever the runner or the number of workers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from curation import runners
from curation.mistake import Mistake
from tests.curation.conftest import Run, contents, jpeg, rows


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def portable() -> Iterator[list[str]]:
    """A job service and an external worker pool, as Flink and Spark use them; the options that lead there."""
    job, pool = free_port(), free_port()
    python = [sys.executable, "-m"]
    servers = [
        [*python, "apache_beam.runners.portability.local_job_service_main", "-p", str(job)],
        [*python, "apache_beam.runners.worker.worker_pool_main", f"--service_port={pool}"],
    ]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # the pool starts `python`
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(server, env={**os.environ, "PATH": path}, **quiet) for server in servers]
    yield [
        "--runner=PortableRunner",
        f"--job_endpoint=localhost:{job}",
        "--environment_type=EXTERNAL",
        f"--environment_config=localhost:{pool}",
    ]
    for process in running:
        process.terminate()
        process.wait()


def test_every_runner_writes_the_same_bytes(photos: Path, curate: Run, portable: list[str]) -> None:
    alone = curate(photos, name="alone")
    processes = curate(photos, "--direct_num_workers", "2", name="processes")
    service = curate(photos, *portable, name="service")
    assert contents(alone) == contents(processes)
    assert contents(alone) == contents(service)
    assert len(rows(alone, "signals")) == len([path for path in photos.rglob("*.*") if path.is_file()])
    engines = [json.loads((out / "run.json").read_text())["engine"] for out in (alone, processes, service)]
    assert engines[0] == {"runner": "FnApiRunner", "mode": "in_memory", "workers": 1}
    assert engines[1] == {"runner": "FnApiRunner", "mode": "multi_processing", "workers": 2}
    assert engines[2] == {"runner": "PortableRunner"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--runner", "DirectRunner"], "may switch engines"),
        (["--direct_running_mode", "multi_threading"], "loses elements"),
    ],
)
def test_engines_that_lose_data_are_refused(arguments: list[str], why: str) -> None:
    with pytest.raises(Mistake, match=why):
        runners.engine(arguments, 10)


def test_large_inputs_get_a_process_a_core() -> None:
    assert runners.engine([], 10).about["workers"] == 1
    assert runners.engine([], 100_000).about["mode"] in ("multi_processing", "in_memory")
    assert runners.engine(["--direct_num_workers=3"], 10).about["workers"] == 3


def test_the_command_line_is_parted_by_what_beam_knows() -> None:
    line = ["run", "r.yaml", "--direct_num_workers", "2", "--input", "x", "--flink_master=h:1", "--nope"]
    ours, beams = runners.split(line)
    assert ours == ["run", "r.yaml", "--input", "x", "--nope"]
    assert beams == ["--direct_num_workers", "2", "--flink_master=h:1"]


def command(recipe: Path, folder: Path, count: int) -> tuple[list[str], Path]:
    """A command line that curates `count` images in a process of its own, and its output folder."""
    source, out = folder / "in", folder / "out"
    source.mkdir()
    for number in range(count):
        (source / f"{number}.jpg").write_bytes(jpeg(number, (640, 480)))
    return [sys.executable, "-m", "curation.cli", "run", str(recipe), "--input", str(source), "--output", str(out)], out


def test_a_worker_that_dies_ends_the_run_and_it_goes_on_from_there(recipe: Path, tmp_path: Path) -> None:
    line, out = command(recipe, tmp_path, 300)
    line += ["--direct_num_workers", "2"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(out.glob("work/fingerprints/part-*")):
        time.sleep(0.05)
    workers = [child for child in psutil.Process(process.pid).children(recursive=True) if "python" in child.name()]
    workers[0].kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "a worker process died" in errors
    assert json.loads((out / "run.json").read_text())["status"] == "failed"
    psutil.wait_procs(workers, timeout=20)
    subprocess.run(line, check=True, capture_output=True, timeout=100)
    assert json.loads((out / "run.json").read_text())["status"] == "complete"
    assert len(rows(out, "signals")) == 300


def test_a_run_that_is_stopped_says_so_and_goes_on_from_there(recipe: Path, tmp_path: Path) -> None:
    line, out = command(recipe, tmp_path, 200)
    for workers in ("1", "2"):
        process = subprocess.Popen(
            [*line, "--direct_num_workers", workers], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        before = len(list(out.glob("work/fingerprints/part-*")))
        while process.poll() is None and len(list(out.glob("work/*/part-*"))) == before:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "curation: stopped; the same command goes on from here" in errors
    subprocess.run(line, check=True, capture_output=True, timeout=100)
    assert len(rows(out, "signals")) == 200
