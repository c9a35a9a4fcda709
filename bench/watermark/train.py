"""Trains filters/models/watermark.onnx, the head of the watermark detector, from one command on a CPU.

    python -m bench.watermark.train --packages FOLDER --fonts FOLDER …

The folders hold unpacked Debian packages: watermark.md says which, and how to fetch them. Without packages it
trains on the repository's demo images alone. Samples are made in a second process while the first one trains.
The same command with the same versions, seed and folders sees the same batches in the same order.
measure.py then measures the result on sources that training never saw.
"""

from __future__ import annotations

import argparse
from collections import deque
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from bench.watermark.artist import KINDS
from bench.watermark.samples import SHAPES, Sources, find_sources, sample
from filters import text_detector
from filters.watermark import MODEL

BATCH = 8
WINDOW = 64  # batches kept for another look
LOOKS = 3  # training steps a fresh batch
ROUNDS = ((320, 4e-3), (440, 2.5e-3), (300, 2.5e-3), (240, 2.5e-3))  # batches and highest learning rate of each cycle
Features = tuple[Tensor, ...]
Batch = tuple[Tensor, Features, Tensor, Tensor]


# ---- the network ----------------------------------------------------------------------------------------------


def unit(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, groups: int = 1, dilation: int = 1) -> nn.Module:
    padding = dilation * (kernel // 2)
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(True))


class Block(nn.Module):
    """A residual, depthwise separable convolution."""

    def __init__(self, channels: int, dilation: int):
        super().__init__()
        self.spatial = unit(channels, channels, groups=channels, dilation=dilation)
        self.mix = nn.Sequential(nn.Conv2d(channels, channels, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.mix(self.spatial(x)))


class Head(nn.Module):
    """Reads the text detector's features and the pixels; gives where a watermark is and whether there is one.

    pixels: uint8 [n, 3, h, w], RGB; features: float16, as `text_detector.FEATURES`. Returns logits of the mask
    [n, 1, h / 16, w / 16] and of the image [n].
    """

    def __init__(self, width: int = 96):
        super().__init__()
        (a, _), (b, _), (c, _), (d, _), (e, _), (f, _), (g, _) = text_detector.FEATURES.values()
        self.look = nn.Sequential(nn.Conv2d(3, 16, 7, 4, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU(True))
        self.at4 = nn.Sequential(unit(16 + a + d, 24, 1), unit(24, 40, 3, 2))
        self.at8 = nn.Sequential(
            nn.Conv2d(40 + b + e, 40 + b + e, 3, 2, 1, groups=40 + b + e), unit(40 + b + e, width, 1)
        )
        self.at16 = unit(width + c + f + g, width, 1)
        self.trunk = nn.Sequential(*[Block(width, dilation) for dilation in (1, 2, 4, 1, 2)])
        self.mask = nn.Conv2d(width, 1, 1)
        self.image = nn.Sequential(nn.Linear(2 * width + 3, 48), nn.ReLU(True), nn.Dropout(0.1), nn.Linear(48, 1))

    def forward(self, pixels: Tensor, *features: Tensor) -> tuple[Tensor, Tensor]:
        a, b, c, d, e, f, g = (feature.float() for feature in features)
        x = self.at4(torch.cat([self.look(pixels.float() / 255 - 0.5), a, d], 1))
        x = self.at8(torch.cat([x, b, e], 1))
        x = self.trunk(self.at16(torch.cat([x, c, f, functional.interpolate(g, scale_factor=2.0)], 1)))
        mask = self.mask(x)
        flat, weight = mask.flatten(2), torch.sigmoid(mask)
        peaks = [(flat * torch.softmax(flat * sharpness, 2)).sum(2) for sharpness in (0.0, 0.5, 2.0)]
        inside = (x * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1)
        return mask, self.image(torch.cat([x.mean((2, 3)), inside, *peaks], 1))[:, 0]


class Scorer(nn.Module):
    """What is exported: the probability of a watermark, and its mask as probabilities."""

    def __init__(self, head: Head):
        super().__init__()
        self.head = head

    def forward(self, pixels: Tensor, *features: Tensor) -> tuple[Tensor, Tensor]:
        mask, image = self.head(pixels, *features)
        return torch.sigmoid(image), torch.sigmoid(mask)


# ---- the data -------------------------------------------------------------------------------------------------


class Batches(Dataset[Batch]):
    """Batch number i: scenes, about half of them lettered, each once clean and once with a watermark.

    The same number gives the same batch. Pairs that differ in nothing but the watermark teach what it is.
    """

    def __init__(self, sources: Sources, count: int, seed: int):
        self.sources, self.count, self.seed = sources, count, seed

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Batch:
        cv2.setNumThreads(1)
        rng = np.random.default_rng([self.seed, index])
        shape = SHAPES[rng.integers(len(SHAPES))]
        samples = []
        for pair in range(BATCH // 2):
            kind, lettered = str(rng.choice(KINDS)), bool(rng.random() < 0.5)
            for mark in (None, kind):  # the same seed, so the same scene and lettering
                twin = np.random.default_rng([self.seed, index, pair])
                samples.append(sample(self.sources, twin, shape, mark, lettered))
        pixels = torch.from_numpy(np.stack([pixels.transpose(2, 0, 1) for pixels, _ in samples]))
        levels = zip(*(text_detector.read(pixels).features for pixels, _ in samples), strict=True)
        features = tuple(torch.from_numpy(np.stack(level)) for level in levels)
        masks = torch.from_numpy(np.stack([mask for _, mask in samples]))[:, None] > 0.3
        labels = masks.flatten(1).any(1).float()
        return pixels, features, functional.max_pool2d(masks.float(), 16), labels


# ---- training and figures -------------------------------------------------------------------------------------


def step(head: Head, batch: Batch) -> Tensor:
    """The loss of a batch: where the watermark is, and whether there is one."""
    pixels, features, mask, label = batch
    found, image = head(pixels.contiguous(memory_format=torch.channels_last), *features)
    where = functional.binary_cross_entropy_with_logits(found, mask, pos_weight=torch.tensor(2.0))
    return 2 * where + functional.binary_cross_entropy_with_logits(image, label)


def train(sources: Sources, share: float, seed: int) -> Head:
    """A head trained on that share of each of ROUNDS."""
    torch.manual_seed(seed)
    head = Head().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for number, (batches, rate) in enumerate(ROUNDS):
        train_round(head, Batches(sources, max(1, round(batches * share)), seed + number), rate)
    return head.eval()


def train_round(head: Head, data: Batches, rate: float) -> None:
    """One cycle of the learning rate over fresh batches, each with LOOKS - 1 batches of the last WINDOW once more."""
    rng = np.random.default_rng(data.seed)
    optimizer = torch.optim.AdamW(head.parameters(), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, data.count * LOOKS + 1, pct_start=0.15)
    window: deque[Batch] = deque(maxlen=WINDOW)
    losses: deque[float] = deque(maxlen=150)
    for number, fresh in enumerate(DataLoader(data, batch_size=None, num_workers=1, prefetch_factor=4)):
        window.append(fresh)
        for batch in (fresh, *(window[int(rng.integers(len(window)))] for _ in range(LOOKS - 1))):
            loss = step(head, batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        if number % 25 == 0:
            print(f"batch {number} of {data.count}, loss {np.mean(losses):.3f}", flush=True)


def export(head: Head, path: Path) -> None:
    """Write the network as ONNX, for images of any size that is a multiple of 32."""
    pixels = torch.zeros(1, 3, 64, 96, dtype=torch.uint8)
    features = tuple(
        torch.zeros(1, c, 64 // s, 96 // s, dtype=torch.float16) for c, s in text_detector.FEATURES.values()
    )
    names = ["pixels", *(f"feature_{i}" for i in range(len(features)))]
    axes = {name: {2: f"height_{name}", 3: f"width_{name}"} for name in (*names, "mask")}
    torch.onnx.export(
        Scorer(head.to(memory_format=torch.contiguous_format)).eval(),  # type: ignore[call-overload]
        (pixels, *features),
        path,
        input_names=names,
        output_names=["score", "mask"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, help="folder the packages were unpacked into")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[Path("/usr/share/fonts")], help="folders of fonts")
    parser.add_argument("--share", type=float, default=1, help="share of the training to do, to try it out (1)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)  # the second core makes the samples
    sources = find_sources(options.packages, options.fonts, "train")
    print(f"pictures in each group: {[len(group) for _, group in sources.pictures]}", flush=True)
    export(train(sources, options.share, options.seed), MODEL)


if __name__ == "__main__":
    main()
