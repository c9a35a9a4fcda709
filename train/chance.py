"""What chance decides of a sample: a function of the seed, the step and the sample's number in the batch, whatever the
device, and however many processes share the batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Chance:
    """The draws of one sample, always from the beginning of the same stream."""

    seed: int
    step: int
    number: int

    def draw(self, shape: torch.Size) -> Draw:
        """For latents of that shape. Two pictures of one shape get the same."""
        generator = torch.Generator().manual_seed(mixed(self.seed, self.step, self.number))
        normal = torch.randn((), generator=generator)
        return Draw(normal, float(torch.rand((), generator=generator)), torch.randn(shape, generator=generator))


@dataclass(frozen=True)
class Draw:
    """A standard normal number for the time, a uniform one of 0 to 1 for the caption, standard normal noise."""

    normal: Tensor
    uniform: float
    noise: Tensor


def mixed(*numbers: int) -> int:
    """One seed of several numbers, none negative: neighbours give unrelated streams."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))
