"""Makes a network that can be trained on out of an exported one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from bench.watermark.network import Detector

SPREAD = 0.06
"""Root mean square of each filter's weights. It changes nothing of what the network computes, but how far a step of
the training turns it: this is what weights come to by themselves after some thousand steps."""


def restore(path: Path, batches: Iterable[tuple[Tensor, tuple[Tensor, ...]]]) -> Detector:
    """The network of an ONNX file that `export` wrote; `batches` are pixels and features as `Detector` takes them.

    An exported convolution holds its batch normalisation within it. Here they stand apart again, with the mean and the
    variance that the batches have there, so that the network computes what the file does, and in training nearly so.
    Raises ValueError where the file holds another network.
    """
    graph = onnx.load(path).graph
    weights = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    exported = [node.input for node in graph.node if node.op_type == "Conv" and len(node.input) == 3]
    detector = Detector().eval()
    layers = normalised(detector)
    own = {name.removeprefix("detector."): value for name, value in weights.items() if name.startswith("detector.")}
    folded = [(weights[weight], weights[bias]) for _, weight, bias in exported if not weight.startswith("detector.")]
    shapes = [tuple(convolution.weight.shape) for convolution, _ in layers]
    if [tuple(weight.shape) for weight, _ in folded] != shapes:
        raise ValueError(f"{path} holds another network than bench/watermark/network.py describes")
    with torch.no_grad():
        detector.load_state_dict(own, strict=False)
        for (convolution, norm), (weight, bias) in zip(layers, folded, strict=True):
            convolution.weight.copy_(weight)
            norm.running_var.fill_(1 - norm.eps)  # so it only adds the bias
            norm.bias.copy_(bias)
        for (convolution, norm), (mean, variance) in zip(layers, moments(detector, layers, batches), strict=True):
            scale = SPREAD / convolution.weight.flatten(1).square().mean(1).sqrt().clamp(min=1e-4)
            convolution.weight.mul_(scale[:, None, None, None])
            norm.running_mean.copy_(mean * scale)
            norm.running_var.copy_(variance * scale**2)
            norm.weight.copy_((norm.running_var + norm.eps).sqrt() / scale)
            norm.bias.add_(mean)
    return detector


Layer = tuple[nn.Conv2d, nn.BatchNorm2d]


def normalised(detector: Detector) -> list[Layer]:
    """The convolutions that a batch normalisation follows, with it, in the order in which they are used."""
    modules = [module for module in detector.modules() if isinstance(module, (nn.Conv2d, nn.BatchNorm2d))]
    pairs = pairwise(modules)
    return [(one, two) for one, two in pairs if isinstance(one, nn.Conv2d) and isinstance(two, nn.BatchNorm2d)]


def moments(
    detector: Detector, layers: list[Layer], batches: Iterable[tuple[Tensor, tuple[Tensor, ...]]]
) -> list[tuple[Tensor, Tensor]]:
    """Mean and variance of each channel before each batch normalisation, over all the batches."""
    sums = [torch.zeros(3, norm.num_features, dtype=torch.float64) for _, norm in layers]

    def add(total: Tensor, x: Tensor) -> None:
        values = x.double().transpose(0, 1).flatten(1)
        total += torch.stack([torch.full_like(total[0], values.shape[1]), values.sum(1), values.square().sum(1)])

    hooks = [
        norm.register_forward_pre_hook(lambda _, given, total=total: add(total, given[0]))
        for (_, norm), total in zip(layers, sums, strict=True)
    ]
    for pixels, features in batches:
        detector(pixels, *features)
    for hook in hooks:
        hook.remove()
    means = [(total[1] / total[0], total[2] / total[0]) for total in sums]
    return [(mean.float(), (square - mean**2).clamp(min=1e-8).float()) for mean, square in means]
