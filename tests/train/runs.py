"""Does the same small run in one process and in several, whole, killed and moved, for test_ranks.

    python tests/train/runs.py FOLDER

FOLDER/data holds pictures; below FOLDER then stand the outputs. Processes are forked, so that torch is imported once.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import torch
import torch.utils.tensorboard  # here, so that not each process has to

from tests.train.small import config
from train import checkpoint
from train.config import load
from train.legibility import Pixels
from train.loop import train
from train.world import joined

SHORT = ["phases.0.steps=4", "phases.1.steps=1", "checkpoints={every: 3, keep: 2}", "samples.every=4"]
"""Five steps in two phases: a checkpoint after the third, samples after the fourth, both after the last."""

SETTINGS = {
    "products": ["parallel.tensor=2"],
    "both": ["parallel.tensor=2"],
    "alone in bf16": ["precision=bf16"],
    "sharded in bf16": ["precision=bf16"],
}
"""What is set for an output besides: weights are sharded (FSDP2), each matrix product is shared (tensor parallel), or
both."""

CONTEXT = get_context("fork")


def letter(picture: Pixels) -> str:
    """What is read in each sample."""
    return "A"


def begin(folder: Path, size: int, *outputs: str, read: Callable[[Pixels], str] = letter) -> list[BaseProcess]:
    """Start so many processes, as torchrun would, that do one run after the other, or finish it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        world = {"WORLD_SIZE": str(size), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}

    def rank(number: int) -> None:
        torch.set_num_threads(1)
        os.environ |= world | {"RANK": str(number), "LOCAL_RANK": str(number), "LOCAL_WORLD_SIZE": str(size)}
        with joined() as here:
            for output in outputs:
                settings = [*SHORT, *SETTINGS.get(output, [])]
                train(load(config(folder / output, folder / "data"), settings), here, read)

    processes: list[BaseProcess] = [CONTEXT.Process(target=rank, args=(number,)) for number in range(size)]
    for process in processes:
        process.start()
    return processes


def finish(processes: list[BaseProcess]) -> list[int | None]:
    """How each of them ended."""
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def kill(folder: Path, size: int, output: str) -> None:
    """Start a run and kill all of its processes at once, after the fourth step, in the middle of its samples."""
    sign = folder / "fourth step"

    def stop(picture: Pixels) -> str:
        sign.touch()
        time.sleep(60)
        raise TimeoutError("nobody killed this process")

    processes = begin(folder, size, output, read=stop)
    while not sign.exists() and all(process.is_alive() for process in processes):
        time.sleep(0.01)
    for process in processes:
        os.kill(process.pid or 0, signal.SIGKILL)
    ends = finish(processes)
    steps = [json.loads(line)["step"] for line in (folder / output / "log.jsonl").read_text().splitlines()]
    held = [path.name for path in checkpoint.every(str(folder / output))]
    (folder / f"{output}.json").write_text(json.dumps({"ends": ends, "steps": steps, "checkpoints": held}))


def cut(whole: Path, part: Path) -> None:
    """What a run killed after its first checkpoint would have left."""
    shutil.copytree(whole, part)
    shutil.rmtree(part / "model")
    for path in checkpoint.every(str(part))[1:]:
        shutil.rmtree(path)


def main(folder: Path) -> None:
    finish(begin(folder, 1, "alone", "alone in bf16"))
    cut(folder / "alone", folder / "alone then sharded")
    finish(begin(folder, 2, "sharded", "products", "sharded in bf16", "alone then sharded"))
    finish(begin(folder, 4, "both"))
    for way in ("sharded", "both"):
        cut(folder / way, folder / f"{way} then alone")
    finish(begin(folder, 1, "sharded then alone", "both then alone"))
    kill(folder, 2, "killed")
    finish(begin(folder, 2, "killed"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
