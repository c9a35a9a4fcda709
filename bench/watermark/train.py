"""Trains filters/models/watermark.onnx, the watermark detector, from one command on a CPU.

    python -m bench.watermark.train --packages FOLDER --fonts FOLDER …

The folders hold unpacked Debian packages: watermark.md says which, and how to fetch them. Without packages it
trains on the repository's demo images alone. It trains on a GPU where there is one, else on half of the cores, while
processes on the others make the samples (each keeps up to 2 GB of pictures).
Beside the network stands its state at the highest rate (.pt): where there is one, the command goes on from there.
With --start it goes on from a finished network, such as the filter's own. Without any of the two, the same command
with the same versions, seed and folders sees the same batches in the same order.
measure.py then measures the result on sources that training never saw.
"""

from __future__ import annotations

import argparse
import copy
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset

from bench.watermark.network import CELL, Detector, export
from bench.watermark.restore import restore
from bench.watermark.samples import FULL_SHAPES, SHAPES, Sources, find_sources, sample
from filters import text_detector
from filters.watermark import MODEL

BATCH = 16
STEPS = 30000
WARM_UP = 200
"""Steps that the learning rate rises over."""
EXPORT = 500
FULL = 0.13
"""Share of the steps at the end whose samples are as large as what the filter sees."""
WINDOW = 100
"""The last batches, one of which is looked at again after every second new one: making them takes longer."""
SETTLING = 12
"""Batches that a finished network's batch normalisations are measured on before it is trained on."""
SHOWN = ("logo", "logo", "logo", "centre", "centre", "centre", "corner", "corner", "corner", "tiled", "stock")
"""The watermarks to draw from: those that are hard to find more often."""

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
CORES = os.cpu_count() or 1
THREADS = 1 if DEVICE.type == "cuda" else max(1, CORES // 2)
"""Of the training itself; the samples are made on the other cores."""

Batch = tuple[Tensor, tuple[Tensor, ...], Tensor, Tensor]


@dataclass(frozen=True)
class Pace:
    """The highest learning rate, the share of the steps at the end that it falls over, and the number of new batches at
    the start over which ever fainter marks are shown, lest nothing be learned from the faint."""

    rate: float
    decay: float
    easy: int


FROM_NOTHING, GOING_ON = Pace(2e-3, 0.5, 640), Pace(1e-3, 0.92, 1)


class Batches(Dataset[Batch]):
    """Batch number i: scenes, about half of them lettered, each once clean and once with a watermark.

    The same number gives the same batch. Pairs that differ in nothing but the watermark teach what it is.
    Pixels uint8 [BATCH, 3, h, w], the text detector's features of them, masks float32 [BATCH, 1, h / CELL, w / CELL]
    and labels float32 [BATCH].
    """

    def __init__(self, sources: Sources, count: int, seed: int, easy: int = 1):
        self.sources, self.count, self.seed, self.easy = sources, count, seed, easy

    def __getitem__(self, index: int) -> Batch:
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, index])
        small = index < (1 - FULL) * self.count
        shapes = SHAPES if small else FULL_SHAPES
        shape = shapes[rng.integers(len(shapes))]
        samples = []
        artist = replace(self.sources.artist, least_opacity=0.6 * max(0.0, 1 - index / self.easy))
        sources = replace(self.sources, artist=artist)
        for pair in range(BATCH // 2):
            kind, lettered = str(rng.choice(SHOWN)), bool(rng.random() < 0.5)
            room = int(rng.integers(1, 3)) if small else 1
            for mark in (None, kind):  # the same seed, so the same scene and lettering
                twin = np.random.default_rng([self.seed, index, pair])
                samples.append(sample(sources, twin, shape, mark, lettered, room))
        pixels = torch.from_numpy(np.stack([pixels.transpose(2, 0, 1) for pixels, _ in samples]))
        levels = zip(*(text_detector.read(pixels).features for pixels, _ in samples), strict=True)
        features = tuple(torch.from_numpy(np.stack(level)) for level in levels)
        masks = torch.from_numpy(np.stack([mask for _, mask in samples]))[:, None] > 0.3
        return pixels, features, functional.max_pool2d(masks.float(), CELL), masks.flatten(1).any(1).float()


def losses(detector: torch.nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    """How wrong it is on where the watermark is, and on whether there is one."""
    pixels, features, mask, label = batch
    shown = [tensor.to(DEVICE, memory_format=torch.channels_last) for tensor in (pixels, *features)]
    with torch.autocast(DEVICE.type, torch.bfloat16):
        found, image = detector(*shown)
    twice = torch.tensor(2.0, device=DEVICE)
    where = functional.binary_cross_entropy_with_logits(found, mask.to(DEVICE), pos_weight=twice)
    return 2 * where, functional.binary_cross_entropy_with_logits(image.float(), label.to(DEVICE))


def looks(sources: Sources, steps: int, seed: int, start: int, easy: int) -> Iterator[Batch]:
    """The batches of the steps from `start` on: two new ones, then one of the last WINDOW once more, and so on."""
    rng = np.random.default_rng([seed, start])
    window: deque[Batch] = deque(maxlen=WINDOW)
    data = Batches(sources, steps - steps // 3, seed, easy)
    numbers = range(start - start // 3, data.count + 1)  # one more, for a start that has nothing to look back on
    new = iter(DataLoader(data, None, sampler=numbers, num_workers=max(1, CORES - THREADS), prefetch_factor=8))
    for step in range(start, steps):
        if step % 3 == 2 and window:
            yield window[int(rng.integers(len(window)))]
        else:
            window.append(next(new))
            yield window[-1]


class Training:
    """The network, the moving average of its weights, and what changes them: all as `state` holds it, if it does."""

    def __init__(self, detector: Detector, pace: Pace, steps: int, state: Path):
        self.pace, self.steps, self.state, self.step = pace, steps, state, 0
        self.detector = detector.train().to(DEVICE, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(self.detector, multi_avg_fn=get_ema_multi_avg_fn(0.998), use_buffers=True)
        self.optimizer = torch.optim.AdamW(self.detector.parameters(), pace.rate, weight_decay=0.02)
        self.parts = {"detector": self.detector, "average": self.average, "optimizer": self.optimizer}
        if state.exists():
            kept = torch.load(state, weights_only=True, map_location=DEVICE)
            self.step = kept["step"]
            for name, part in self.parts.items():
                part.load_state_dict(kept[name])

    def learn(self, batch: Batch) -> tuple[float, float]:
        """One step; returns the losses."""
        where, whether = losses(self.detector, batch)
        self.optimizer.zero_grad()
        (where + whether).backward()
        torch.nn.utils.clip_grad_norm_(self.detector.parameters(), 5.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self.pace.rate * self.share()
        self.optimizer.step()
        self.average.update_parameters(self.detector)
        self.step += 1
        return where.item(), whether.item()

    def share(self) -> float:
        """The learning rate of the next step, as a share of the highest."""
        return min(1.0, (self.step + 1) / WARM_UP, (self.steps - self.step) / (self.pace.decay * self.steps))

    def save(self, output: Path) -> None:
        """Write the network, and the state unless the rate is falling: a longer training starts from there."""
        export(copy.deepcopy(self.average.module).cpu(), output)
        if self.share() == 1:
            states = {name: part.state_dict() for name, part in self.parts.items()}
            torch.save({"step": self.step, **states}, self.state)


def begun(sources: Sources, seed: int, start: Path | None) -> tuple[Detector, Pace]:
    """A new network, or the one of the ONNX file `start`, and the pace to train it at."""
    if start is None:
        return Detector(), FROM_NOTHING
    batches = Batches(sources, 2 * SETTLING, seed)
    return restore(start, (batches[number][:2] for number in range(SETTLING))), GOING_ON


def train(sources: Sources, steps: int, seed: int, output: Path, start: Path | None = None) -> None:
    """Train on so many batches; write the moving average of the weights to `output`, every EXPORT batches anew."""
    torch.manual_seed(seed)
    training = Training(*begun(sources, seed, start), steps, output.with_suffix(".pt"))
    seen: deque[tuple[float, float]] = deque(maxlen=100)
    for batch in looks(sources, steps, seed, training.step, training.pace.easy):
        seen.append(training.learn(batch))
        if training.step % 50 == 0:
            print(f"batch {training.step} of {steps}, losses {np.mean(seen, 0).round(3)}", flush=True)
        if training.step % EXPORT == 0 or training.step == steps:
            training.save(output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder the packages were unpacked into")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")], help="folders of fonts")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"batches of {BATCH} ({STEPS})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=MODEL, help="where the network goes (the filter's own file)")
    parser.add_argument("--start", type=Path, help="a network to go on from, such as the filter's own")
    options = parser.parse_args()
    torch.set_num_threads(THREADS)
    sources = find_sources(options.packages, options.fonts, "train")
    print(f"pictures in each group: {[len(group) for _, group in sources.pictures]}", flush=True)
    train(sources, options.steps, options.seed, options.output, options.start)


if __name__ == "__main__":
    main()
