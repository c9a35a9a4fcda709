"""The watermark detector's network, and how it becomes the ONNX file that the filter reads."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from filters import text_detector

CELL = 8
"""Pixels of a side of what one value of the mask stands for."""


def unit(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, dilation: int = 1) -> nn.Module:
    padding = dilation * (kernel // 2)
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(True))


class Block(nn.Module):
    """A residual block of two convolutions, the first one dilated."""

    def __init__(self, channels: int, dilation: int = 1):
        super().__init__()
        self.first = unit(channels, channels, dilation=dilation)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(self.first(x)))


class Detector(nn.Module):
    """Finds flat, translucent marks: a small residual network on the pixels, helped by the text detector's features.

    pixels: uint8 [n, 3, h, w], RGB, sides multiples of text_detector.STRIDE; features: float16, as
    `text_detector.FEATURES`. Returns logits of the mask [n, 1, h / CELL, w / CELL] and of the image [n]. The features
    tell where lettering is; whether it is a mark is a matter of a few pixels (the scene goes on through it), of shape
    and of repetition. So most of the work is done at a quarter and an eighth of the size, and dilated blocks at a
    sixteenth see some 300 px around.
    """

    def __init__(self, at2: int = 16, at4: int = 32, at8: int = 56, at16: int = 80):
        super().__init__()
        (a, _), (b, _), (c, _), (d, _), (e, _), (f, _), (g, _) = text_detector.FEATURES.values()
        self.look = nn.Sequential(nn.PixelUnshuffle(2), unit(12, at2), unit(at2, at4, stride=2))
        self.at4 = nn.Sequential(unit(at4 + a + d, at4, 1), Block(at4), unit(at4, at8, stride=2))
        self.at8 = nn.Sequential(unit(at8 + b + e, at8, 1), Block(at8), Block(at8))
        self.at16 = unit(at8, at16, stride=2)
        around = [Block(at16, dilation) for dilation in (1, 2, 4, 2)]
        self.around = nn.Sequential(unit(at16 + c + f + g, at16, 1), *around)
        self.join = nn.Sequential(unit(at8 + at16, at8, 1), Block(at8))
        self.mask = nn.Conv2d(at8, 1, 1)
        self.image = nn.Sequential(nn.Linear(at8 + at16 + 4, 64), nn.ReLU(True), nn.Dropout(0.1), nn.Linear(64, 1))

    def forward(self, pixels: Tensor, *features: Tensor) -> tuple[Tensor, Tensor]:
        a, b, c, d, e, f, g = (feature.float() for feature in features)
        x = self.at4(torch.cat([self.look(pixels.float() / 128 - 1), a, d], 1))
        at8 = self.at8(torch.cat([x, b, e], 1))
        at16 = self.around(torch.cat([self.at16(at8), c, f, functional.interpolate(g, scale_factor=2.0)], 1))
        fine = self.join(torch.cat([at8, functional.interpolate(at16, scale_factor=2.0)], 1))
        mask = self.mask(fine).float()
        flat, weight = mask.flatten(2), torch.sigmoid(mask)
        peaks = [(flat * torch.softmax(flat * sharpness, 2)).sum(2) for sharpness in (0.0, 0.3, 1.0, 3.0)]
        inside = (fine * weight).sum((2, 3)) / (weight.sum((2, 3)) + 1)
        return mask, self.image(torch.cat([at16.mean((2, 3)), inside, *peaks], 1))[:, 0]


class Scorer(nn.Module):
    """What is exported: the probability of a watermark, and its mask as probabilities."""

    def __init__(self, detector: Detector):
        super().__init__()
        self.detector = detector

    def forward(self, pixels: Tensor, *features: Tensor) -> tuple[Tensor, Tensor]:
        mask, image = self.detector(pixels, *features)
        return torch.sigmoid(image), torch.sigmoid(mask)


def export(detector: Detector, path: Path) -> None:
    """Write the network as ONNX, for one image of any size whose sides are multiples of text_detector.STRIDE."""
    pixels = torch.zeros(1, 3, 64, 96, dtype=torch.uint8)
    features = tuple(
        torch.zeros(1, c, 64 // s, 96 // s, dtype=torch.float16) for c, s in text_detector.FEATURES.values()
    )
    names = ["pixels", *(f"feature_{i}" for i in range(len(features)))]
    axes = {name: {2: f"height_{name}", 3: f"width_{name}"} for name in (*names, "mask")}
    torch.onnx.export(
        Scorer(detector.to(memory_format=torch.contiguous_format)).eval(),  # type: ignore[call-overload]
        (pixels, *features),
        path,
        input_names=names,
        output_names=["score", "mask"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
