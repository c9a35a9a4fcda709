"""What a run tells while it goes on: a line of JSON every few steps in `log.jsonl`, and the same for TensorBoard."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from train.objective import Outcome
from train.world import World

BUCKETS = 4
"""Times 0 (a picture) to 1 (noise) are cut into so many equal parts, each with a loss of its own."""

SPOKEN_EVERY = 10.0
"""Seconds between two lines on the terminal."""


class Diverged(RuntimeError):
    """The loss is no number any more."""


class Meter:
    """Sums of what happened since the last line, on the device, over this process' samples."""

    def __init__(self, device: torch.device):
        self.device = device
        self.clear()

    def clear(self) -> None:
        self.by_time = torch.zeros(BUCKETS, 2, dtype=torch.float64, device=self.device)
        self.means: dict[str, Tensor] = {}
        self.gradient = torch.zeros((), device=self.device)
        self.steps = self.samples = 0
        self.flops = 0.0

    def add(self, outcome: Outcome) -> None:
        """What came of some samples."""
        count = len(outcome.losses)
        losses = outcome.losses.double()
        bucket = (outcome.times * BUCKETS).long().clamp(0, BUCKETS - 1)
        self.by_time.index_add_(0, bucket, torch.stack([losses, torch.ones_like(losses)], 1))
        means = {"loss": outcome.loss.detach(), **outcome.figures}
        for name, mean in means.items():
            self.means[name] = self.means.get(name, 0) + mean.double() * count
        self.samples += count
        self.flops += outcome.flops

    def step(self, gradient: Tensor) -> None:
        """A step ended, with a gradient of this length."""
        self.gradient = gradient
        self.steps += 1

    def read(self, world: World) -> dict[str, Any]:
        """The means over the samples of all processes; all of them call this together. `flops` is a sum."""
        counts = torch.tensor([self.samples, self.flops], dtype=torch.float64, device=self.device)
        sums = world.total(
            torch.cat([counts, self.by_time.flatten(), *(mean.reshape(1) for mean in self.means.values())])
        )
        (count, flops), by_time = sums[:2].tolist(), sums[2 : 2 + 2 * BUCKETS].view(BUCKETS, 2).tolist()
        means = zip(self.means, (sums[2 + 2 * BUCKETS :] / count).tolist(), strict=True)
        losses = [total / number if number else None for total, number in by_time]
        return {**dict(means), "loss_by_time": losses, "grad_norm": float(self.gradient), "flops": flops}


class Log:
    """Writes a run's lines; those of steps after `done`, which a resumed run does again, are taken back.

    Raises ValueError where tensorboard is missing.
    """

    def __init__(self, output: str, done: int):
        try:
            from torch.utils.tensorboard import SummaryWriter  # here, because it takes a second to import
        except ImportError as error:
            raise ValueError("the curves need tensorboard: pip install '.[train]'") from error
        self.path = Path(output) / "log.jsonl"
        _keep(self.path, done)
        self.board: Any = SummaryWriter(str(Path(output) / "tensorboard"), purge_step=done + 1)
        self.spoken = 0.0

    def write(self, line: Mapping[str, Any]) -> None:
        """A line, which has a `step`; numbers in it are curves of TensorBoard."""
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        for name, value in line.items():
            if isinstance(value, int | float) and name != "step":
                self.board.add_scalar(name, value, line["step"])
        for number, value in enumerate(line.get("loss_by_time", [])):
            if value is not None:
                self.board.add_scalar(f"loss_by_time/{number / BUCKETS:.2f}", value, line["step"])
        self.board.flush()

    def picture(self, name: str, pixels: NDArray[np.uint8], step: int) -> None:
        self.board.add_image(name, pixels, step, dataformats="HWC")

    def speak(self, line: Mapping[str, Any], steps: int) -> None:
        """Tell the terminal how far it is, now and then."""
        if line["step"] < steps and time.monotonic() - self.spoken < SPOKEN_EVERY:
            return
        self.spoken = time.monotonic()
        lost = {"rows skipped": sum(line["skipped"].values()), "captions cut": line["cut"]}
        parts = [
            f"step {line['step']:,} of {steps:,}",
            f"loss {line['loss']:.4f}",
            f"{line['samples_per_s']:.1f} samples/s",
            f"data wait {line['data_wait']:.0%}",
            *(f"{name} {count:,}" for name, count in lost.items() if count),
        ]
        print("  ".join(parts), file=sys.stderr, flush=True)

    def close(self) -> None:
        self.board.close()


def _keep(path: Path, done: int) -> None:
    """Drop lines of steps after `done`, and one that was half written."""
    if not path.exists():
        return
    kept = []
    for text in path.read_text("utf-8").splitlines(keepends=True):
        if text.endswith("\n") and json.loads(text)["step"] <= done:
            kept.append(text)
    part = path.with_suffix(".part")
    part.write_text("".join(kept), "utf-8")
    os.replace(part, path)
