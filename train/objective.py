"""What a step minimises. Here: the flow loss of pictures with captions; `train.dpo` has that of preferences.

An objective takes items of a batch, whatever they are, and what chance decides for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import torch
from torch import Tensor

from train import flow
from train.chance import Chance, Draw
from train.config import Times
from train.example import PATCH, Example, Packed, pack, tokens
from train.mmdit import MMDiT, flops

Item = TypeVar("Item", contravariant=True)


@dataclass(frozen=True)
class Outcome:
    """`loss`: what is minimised, the mean over the items. For the log: `losses` and `times` [items], the flow loss and
    the time of each; `flops`, what computing it and its gradient takes; and further means by name."""

    loss: Tensor
    losses: Tensor
    times: Tensor
    flops: float
    figures: Mapping[str, Tensor] = field(default_factory=dict)


class Objective(Protocol[Item]):
    """What a step minimises, of items of one kind."""

    def __call__(self, model: MMDiT, items: Sequence[Item], chances: Sequence[Chance]) -> Outcome: ...


@dataclass(frozen=True)
class Flow:
    """The flow loss of each example and its time, [examples] each; `flops` of the forward pass."""

    losses: Tensor
    times: Tensor
    flops: float


@dataclass(frozen=True)
class FlowLoss:
    """The loss of rectified flow on one device; `bf16`: by autocast."""

    times: Times
    device: torch.device
    bf16: bool = False

    def __call__(self, model: MMDiT, examples: Sequence[Example], draws: Sequence[Draw]) -> Flow:
        """Of each example the mean of the squared error over its tokens and channels."""
        counts = [example.latents[0].numel() // PATCH**2 for example in examples]
        normals, shifts = torch.stack([draw.normal for draw in draws]), torch.tensor(list(map(self.shift, counts)))
        times = flow.times(normals, shifts)
        noised, targets = [], []
        for example, draw, time in zip(examples, draws, times, strict=True):
            latents, noise, text = map(self.here, (example.latents, draw.noise, example.text))
            noised.append(Example(example.key, flow.noised(latents, noise, time), text))
            targets.append(tokens(flow.target(latents, noise)))
        packed, times = pack(noised), self.here(times)
        squares = (self.velocity(model, packed, times) - torch.cat(targets)).square().mean(-1)
        losses = torch.stack([part.mean() for part in squares.split(counts)])
        return Flow(losses, times, flops(model.config, packed))

    def velocity(self, model: MMDiT, packed: Packed, times: Tensor) -> Tensor:
        """What the model says, in float32: [image tokens, channels]."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            result: Tensor = model(packed, times)
        return result.float()

    def here(self, tensor: Tensor) -> Tensor:
        """On the device, in float32."""
        return tensor.to(self.device, torch.float32, non_blocking=True)

    def shift(self, count: int) -> float:
        """That of a picture of so many tokens."""
        return flow.dynamic_shift(count) if self.times.shift == "dynamic" else self.times.shift


@dataclass(frozen=True)
class FlowMatching:
    """Pictures with captions. A share `dropout` of the captions becomes `nothing`, the condition of the empty caption,
    so that the model can be guided (arXiv 2207.12598)."""

    loss: FlowLoss
    dropout: float
    nothing: Tensor

    def __call__(self, model: MMDiT, items: Sequence[Example], chances: Sequence[Chance]) -> Outcome:
        draws = [chance.draw(item.latents.shape) for item, chance in zip(items, chances, strict=True)]
        heard = [
            replace(item, text=self.nothing) if draw.uniform < self.dropout else item
            for item, draw in zip(items, draws, strict=True)
        ]
        now = self.loss(model, heard, draws)
        return Outcome(now.losses.mean(), now.losses.detach(), now.times, 3 * now.flops)
