"""The processes of a run, as torchrun starts them, and the device of this one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar, cast

import torch
import torch.distributed as dist
from torch import Tensor

T = TypeVar("T")


@dataclass(frozen=True)
class World:
    """`rank` of `size` processes, `neighbours` of them on this machine."""

    rank: int
    size: int
    neighbours: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this is the process that writes and speaks for all."""
        return self.rank == 0

    def total(self, values: Tensor) -> Tensor:
        """The sum of `values` over the processes, on the CPU."""
        values = values.to(self.device)
        if self.size > 1:
            dist.all_reduce(values)
        return values.cpu()

    def gathered(self, value: T) -> list[T]:
        """The `value` of every process, by rank."""
        if self.size == 1:
            return [value]
        values: list[T | None] = [None] * self.size
        dist.all_gather_object(values, value)
        return cast("list[T]", values)

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def joined() -> Iterator[World]:
    """The world that torchrun's environment names, or this process alone."""
    size, seat = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device("cuda", seat) if torch.cuda.is_available() else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if size == 1:
        yield World(0, 1, 1, device)
        return
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield World(dist.get_rank(), size, int(os.environ.get("LOCAL_WORLD_SIZE", "1")), device)
    finally:
        dist.destroy_process_group()
