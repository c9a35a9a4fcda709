"""How well `curation annotate` keeps a server busy, and what it costs.

    python bench/annotate.py [COUNT]

A server on loopback takes 2 s an answer, in 256 slots. First the client alone: requests made of pictures that lie
ready, answers parsed and checked. Then the whole job over COUNT images (20,000 if none is said) and over a tenth of
them: the difference is what an image costs, without what starting costs. Bodies are 150 kB: pictures of 110 kB in
base64. Besides memory everything needs an idle machine with two cores: the server runs on the same one.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

sys.path[0] = str(Path(__file__).parents[1])

from annotate.annotator import annotate
from annotate.engine import Reply, Request
from annotate.engines.openai import OpenAI
from annotate.picture import Picture, picture
from annotate.prompt import load
from bench.corpus import ROOT
from bench.memory import high_water
from filters.image import Image, tune_process

LATENCY, SLOTS = 2.0, 256
DISTINCT = 64
"""Different photographs; each row has one of them under a number of its own."""


def main(count: int) -> None:
    tune_process()
    shown = photographs()
    print(f"  pictures of {np.mean([len(picture(image.pixels()).jpeg) for image in map(Image, shown)]) / 1e3:.0f} kB")
    resize = seconds_of(lambda: [picture(Image(each).pixels()) for each in shown]) / len(shown)
    with server() as url:
        client = asyncio.run(client_alone(url, shown, 8 * SLOTS))
    print(f"  client alone: {1e3 * client:.2f} ms of CPU an image (at most 3)", flush=True)
    small, large = (job(corpus(shown, size), size) for size in (max(count // 10, 4 * SLOTS), count))
    each = (large["cpu"] - small["cpu"]) / (large["count"] - small["count"])
    print(f"  whole job: {1e3 * each:.2f} ms of CPU an image, {1e3 * resize:.2f} of them decode and resize")
    print(f"  slots busy: {large['busy']:.1%} (at least 95 %), {large['count'] / large['seconds']:.0f} images/s")
    print(
        f"  memory: {small['memory']:.0f} MB for {small['count']:,}, {large['memory']:.0f} for {large['count']:,}: ",
        end="",
    )
    print(f"{large['memory'] / small['memory']:.2f} × (at most 1.2 ×)")


def photographs() -> list[bytes]:
    """JPEGs whose pictures have about 110 kB: 812 × 812 px of noise as coarse as a photograph's detail."""
    draw = np.random.default_rng(0)
    grains = (draw.integers(0, 256, (36, 36, 3), np.uint8) for _ in range(DISTINCT))
    images = (cv2.resize(grain, (812, 812), interpolation=cv2.INTER_CUBIC) for grain in grains)
    return [cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes() for image in images]


def numbered(jpeg: bytes, number: int) -> bytes:
    """The same image with another hash: a comment after the start marker."""
    return jpeg[:2] + b"\xff\xfe\x00\x0a" + number.to_bytes(8, "big") + jpeg[2:]


def corpus(shown: Sequence[bytes], count: int) -> Path:
    """`count` rows in Parquet shards of 1,000, row groups of 50."""
    folder = ROOT / "build" / "bench" / f"annotate-{count}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for start in range(0, count, 1000):
        part = range(start, min(start + 1000, count))
        images = [numbered(shown[number % DISTINCT], number) for number in part]
        table = pa.table({"key": [f"{number:07d}" for number in part], "image": images})
        pq.write_table(table, folder / f"{start:07d}.parquet", row_group_size=50, compression="NONE")
    return folder


@contextmanager
def server() -> Iterator[str]:
    """A server in a process of its own; its base URL."""
    line = [sys.executable, "-m", "tests.annotate.server", "--latency", str(LATENCY), "--slots", str(SLOTS)]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def stats(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url.removesuffix("v1") + "stats") as response:
        return dict(json.load(response))


async def client_alone(url: str, shown: Sequence[bytes], count: int) -> float:
    """Seconds of CPU an image of the engine and the checks, with pictures that lie ready."""
    prompt = load("en")
    ready = [picture(Image(each).pixels()) for each in shown]
    engine = OpenAI([url], None, prompt, SLOTS)
    await engine.start()

    async def one(number: int) -> bool:
        which = ready[number % DISTINCT]
        own = Picture(numbered(which.jpeg, number), which.width, which.height)
        result = await annotate(engine, Request(str(number), prompt, own, None, None, number, 0), [], forget)
        return result.annotation is not None

    assert all(await asyncio.gather(*map(one, range(SLOTS))))  # opens the connections
    began = time.process_time()
    assert all(await asyncio.gather(*map(one, range(SLOTS, SLOTS + count))))
    spent = time.process_time() - began
    await engine.close()
    return spent / count


async def forget(replies: Sequence[Reply]) -> None:
    """Replies are not kept."""


def job(source: Path, count: int) -> dict[str, float]:
    """Runs `curation annotate`: seconds of CPU of all its processes, of wall time, share of slots busy, peak MB."""
    out = ROOT / "build" / "bench" / "annotated"
    shutil.rmtree(out, ignore_errors=True)
    with server() as url:
        line = ["annotate", str(source), "--output", str(out), "--engine", "openai", "--endpoint", url, "--no-ocr"]
        line += ["--concurrency", str(SLOTS)]
        process = subprocess.Popen([sys.executable, "-m", "curation.cli", *line], stdout=subprocess.DEVNULL, cwd=ROOT)
        cpu, memory = watch(psutil.Process(process.pid))
        assert process.wait() == 0, "the job failed"
        seen = stats(url)
    assert seen["asked"] == count, "each image is asked about once"
    busy = seen["slot_seconds"] / (SLOTS * seen["seconds"])
    return {"count": count, "cpu": cpu, "memory": memory, "busy": busy, "seconds": seen["seconds"]}


def watch(process: psutil.Process) -> tuple[float, float]:
    """(seconds of CPU, peak MB of the largest process) of a process and its children, until it ends."""
    cpu: dict[int, float] = {}
    memory = 0.0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            for each in (process, *process.children(recursive=True)):
                times = each.cpu_times()
                cpu[each.pid] = times.user + times.system
                memory = max(memory, high_water(each))
        except (psutil.Error, OSError):
            pass
        time.sleep(0.2)
    return sum(cpu.values()), memory


def seconds_of(work: Any) -> float:
    """CPU seconds of `work`, the second time it runs."""
    work()
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
