"""Trains filters/models/watermark.onnx, the watermark detector, from one command on a CPU.

    python -m bench.watermark.train --packages FOLDER --fonts FOLDER …

The folders hold unpacked Debian packages: watermark.md says which, and how to fetch them. Without packages it
trains on the repository's demo images alone. Samples are made in a second process while the first one trains.
The same command with the same versions, seed and folders sees the same batches in the same order.
measure.py then measures the result on sources that training never saw.
"""

from __future__ import annotations

import argparse
import copy
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, Dataset

from bench.watermark.artist import KINDS
from bench.watermark.network import CELL, Detector, export
from bench.watermark.samples import FULL_SHAPES, SHAPES, Sources, find_sources, sample
from filters import text_detector
from filters.watermark import MODEL

BATCH = 16
STEPS = 4800
RATE, WARM_UP, DECAY = 2e-3, 200, 0.35
"""Highest learning rate, the steps it rises over, and the share of the steps at the end that it falls over."""
EXPORT = 500
FULL = 0.12
"""Share of the steps at the end whose samples are as large as what the filter sees."""
WINDOW = 100
"""The last batches, one of which is looked at again after every second new one: making them takes longer."""
EASY = 0.2
"""Share of the steps at the start over which ever fainter marks are shown, lest nothing be learned from the faint."""

Batch = tuple[Tensor, tuple[Tensor, ...], Tensor, Tensor]


class Batches(Dataset[Batch]):
    """Batch number i: scenes, about half of them lettered, each once clean and once with a watermark.

    The same number gives the same batch. Pairs that differ in nothing but the watermark teach what it is.
    Pixels uint8 [BATCH, 3, h, w], the text detector's features of them, masks float32 [BATCH, 1, h / CELL, w / CELL]
    and labels float32 [BATCH].
    """

    def __init__(self, sources: Sources, count: int, seed: int):
        self.sources, self.count, self.seed = sources, count, seed

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Batch:
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, index])
        shapes = SHAPES if index < (1 - FULL) * self.count else FULL_SHAPES
        shape = shapes[rng.integers(len(shapes))]
        samples = []
        artist = replace(self.sources.artist, least_opacity=0.6 * max(0.0, 1 - index / (EASY * self.count)))
        sources = replace(self.sources, artist=artist)
        for pair in range(BATCH // 2):
            kind, lettered = str(rng.choice(KINDS)), bool(rng.random() < 0.5)
            for mark in (None, kind):  # the same seed, so the same scene and lettering
                twin = np.random.default_rng([self.seed, index, pair])
                samples.append(sample(sources, twin, shape, mark, lettered))
        pixels = torch.from_numpy(np.stack([pixels.transpose(2, 0, 1) for pixels, _ in samples]))
        levels = zip(*(text_detector.read(pixels).features for pixels, _ in samples), strict=True)
        features = tuple(torch.from_numpy(np.stack(level)) for level in levels)
        masks = torch.from_numpy(np.stack([mask for _, mask in samples]))[:, None] > 0.3
        return pixels, features, functional.max_pool2d(masks.float(), CELL), masks.flatten(1).any(1).float()


def losses(detector: torch.nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    """How wrong it is on where the watermark is, and on whether there is one."""
    pixels, features, mask, label = batch
    shown = [tensor.contiguous(memory_format=torch.channels_last) for tensor in (pixels, *features)]
    with torch.autocast("cpu", torch.bfloat16):
        found, image = detector(*shown)
    where = functional.binary_cross_entropy_with_logits(found, mask, pos_weight=torch.tensor(2.0))
    return 2 * where, functional.binary_cross_entropy_with_logits(image.float(), label)


def rate(step: int, steps: int) -> float:
    """The learning rate at a step, as a share of the highest."""
    return min(1.0, (step + 1) / WARM_UP, (steps - step) / (DECAY * steps))


def looks(sources: Sources, steps: int, seed: int) -> Iterator[Batch]:
    """So many batches: two new ones, then one of the last WINDOW once more, and so on."""
    rng = np.random.default_rng(seed)
    window: deque[Batch] = deque(maxlen=WINDOW)
    data = Batches(sources, steps - steps // 3, seed)
    for number, fresh in enumerate(DataLoader(data, None, num_workers=1, prefetch_factor=8)):
        window.append(fresh)
        yield fresh
        if number % 2:
            yield window[int(rng.integers(len(window)))]


def train(sources: Sources, steps: int, seed: int, output: Path) -> None:
    """Train on so many batches; write the moving average of the weights to `output`, every EXPORT batches anew."""
    torch.manual_seed(seed)
    detector = Detector().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = AveragedModel(detector, multi_avg_fn=get_ema_multi_avg_fn(0.998), use_buffers=True)
    optimizer = torch.optim.AdamW(detector.parameters(), RATE, weight_decay=0.02)
    schedule = LambdaLR(optimizer, lambda step: rate(step, steps))
    seen: deque[tuple[float, float]] = deque(maxlen=100)
    for number, batch in enumerate(looks(sources, steps, seed)):
        where, whether = losses(detector, batch)
        optimizer.zero_grad()
        (where + whether).backward()
        torch.nn.utils.clip_grad_norm_(detector.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(detector)
        seen.append((where.item(), whether.item()))
        if number % 50 == 49:
            print(f"batch {number + 1} of {steps}, losses {np.mean(seen, 0).round(3)}", flush=True)
        if number % EXPORT == EXPORT - 1 or number == steps - 1:
            export(copy.deepcopy(average.module), output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder the packages were unpacked into")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")], help="folders of fonts")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"batches of {BATCH} ({STEPS})")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=MODEL, help="where the network goes (the filter's own file)")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the second core makes the samples
    sources = find_sources(options.packages, options.fonts, "train")
    print(f"pictures in each group: {[len(group) for _, group in sources.pictures]}", flush=True)
    train(sources, options.steps, options.seed, options.output)


if __name__ == "__main__":
    main()
