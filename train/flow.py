"""Rectified flow (arXiv 2209.03003): straight lines from pictures to noise, and back along what a model says.

At time σ in 0..1 a picture's latents z have become (1 − σ)·z + σ·noise; a model learns the velocity noise − z. Times
and steps are those of Qwen-Image's scheduler (diffusers' FlowMatchEulerDiscreteScheduler with dynamic shift).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor

FEW, MANY = (256, 0.5), (8192, 0.9)
"""Tokens of a picture and the logarithm of its shift; on a line through both lie all others."""

TERMINAL = 0.02
"""The last time at which the sampler asks for a velocity."""

Velocity = Callable[[Tensor, float], Tensor]
"""Latents at a time, and that time, to the velocity there, of the latents' shape."""


def dynamic_shift(tokens: int) -> float:
    """The shift for a picture of that many tokens: the larger it is, the more noise it takes to hide what it shows."""
    (few, low), (many, high) = FEW, MANY
    return math.exp(low + (tokens - few) * (high - low) / (many - few))


def shifted(times: Tensor, shift: Tensor | float) -> Tensor:
    """Times in 0..1, moved towards noise by a `shift` above 1 (arXiv 2403.03206)."""
    return shift * times / (1 + (shift - 1) * times)


def times(normal: Tensor, shift: Tensor | float) -> Tensor:
    """Times to train at, 0..1, from as many standard normal numbers: logit-normal (arXiv 2403.03206), then shifted."""
    return shifted(torch.sigmoid(normal), shift)


def noised(latents: Tensor, noise: Tensor, times: Tensor) -> Tensor:
    """What `latents` have become at `times`, which broadcast against them."""
    return (1 - times) * latents + times * noise


def target(latents: Tensor, noise: Tensor) -> Tensor:
    """The velocity a model is to learn."""
    return noise - latents


def steps(count: int, shift: float) -> list[float]:
    """The `count` + 1 times of a sampler, from 1 down to 0: even steps, shifted, and stretched so that the last but
    one is TERMINAL."""
    even = shifted(torch.linspace(1, 1 / count, count, dtype=torch.float64), shift)
    if count > 1:
        even = 1 - (1 - even) * (1 - TERMINAL) / (1 - even[-1])
    return [*even.tolist(), 0.0]


def euler(velocity: Velocity, noise: Tensor, times: Sequence[float]) -> Tensor:
    """Latents from `noise`, by one step of Euler's method from each of `times` to the next."""
    latents = noise
    for time, following in pairwise(times):
        latents = latents + (following - time) * velocity(latents, time)
    return latents


def guided(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance (arXiv 2207.12598): `scale` times as far from the unconditional velocity; 1 for none."""
    return unconditional + scale * (conditional - unconditional)


def true_guided(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """Guidance as Qwen-Image has it: each token, [..., tokens, channels], as long as the conditional one, so that high
    scales do not burn colours out."""
    combined = guided(conditional, unconditional, scale)
    length = combined.norm(dim=-1, keepdim=True).clamp_min(torch.finfo(combined.dtype).tiny)
    return combined * (conditional.norm(dim=-1, keepdim=True) / length)
