"""Whether a model fits, before anything is allocated."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from train.world import World

WEIGHT, ADAM = 4, 8
"""Bytes a parameter in float32, and of AdamW's two averages."""


class TooLittleMemory(ValueError):
    """One line: what is needed, what there is, and what to do."""


def needed(model: nn.Module, average: bool, frozen_copy: bool) -> int:
    """Bytes for weights, gradients, AdamW's averages, the weights' average and a frozen copy of a model, which may be
    one without storage (on the meta device). Activations come on top."""
    every = sum(parameter.numel() for parameter in model.parameters())
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return every * WEIGHT * (1 + average + frozen_copy) + trained * (WEIGHT + ADAM)


def check(needed: int, shards: int, world: World) -> None:
    """Raises TooLittleMemory unless this process' part, `needed` bytes over `shards`, fits its device."""
    mine = needed / shards * (world.neighbours if world.device.type == "cpu" else 1)
    there = free(world.device)
    if there is not None and mine > there:
        raise TooLittleMemory(
            f"training this model takes {_spoken(mine)} of memory besides activations, {_spoken(there)} are free: "
            "use a smaller model, or more processes with parallel.fsdp"
        )


def free(device: torch.device) -> int | None:
    """Bytes free on a device; None where the system does not say."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    kilobytes = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(kilobytes[0]) * 1024 if kilobytes else None


def _spoken(count: float) -> str:
    return f"{count / 2**30:.1f} GiB"
