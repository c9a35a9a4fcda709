"""Trains a small model in one process and shared out over several, for test_parallelize.

    python tests/train/ranks.py FOLDER

In FOLDER then stand, for `alone` and each of WAYS, the losses, the lengths of the gradients and the final weights, and
the weights that `initialise` gives. Processes are forked, so that torch is imported once.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.tensor import DTensor

from train.config import Optimiser, Parallel
from train.example import Example, pack
from train.mmdit import Config, MMDiT, initialise
from train.optimiser import adamw, clip, trained
from train.parallelize import parallelize
from train.weights import fill, save
from train.world import World

WAYS: dict[str, tuple[int, Parallel, bool]] = {
    "copies": (2, Parallel(fsdp=1), False),
    "fsdp": (2, Parallel(), True),
    "tensor": (2, Parallel(tensor=2), False),
    "both": (4, Parallel(tensor=2), True),
}
"""Processes, how they share the model, and whether activations are computed again."""

SIZES = Config(2, num_attention_heads=4, attention_head_dim=16, joint_attention_dim=24, axes_dims_rope=(4, 6, 6))
STEPS, BATCH = 5, 4


def batch(step: int) -> tuple[list[Example], Tensor, list[Tensor]]:
    """Samples of different shapes and texts, their times and what the model should say."""
    generator = torch.Generator().manual_seed(step)
    shapes = [(4, 6), (6, 4), (8, 2), (4, 4)]
    examples = [
        Example("", torch.randn(16, *shape, generator=generator), torch.randn(3 + number, 24, generator=generator))
        for number, shape in enumerate(shapes)
    ]
    goals = [torch.randn(shape[0] * shape[1] // 4, 64, generator=generator) for shape in shapes]
    return examples, torch.rand(BATCH, generator=generator), goals


def train(model: MMDiT, part: slice, others: int) -> tuple[list[float], list[float]]:
    """Losses of the whole batch and lengths of the gradients; this process takes `part` of each batch, as do as many
    others."""
    optimiser = adamw(model, Optimiser(lr=1e-3, clip=0.5))
    losses, lengths = [], []
    for step in range(STEPS):
        examples, times, goals = (items[part] for items in batch(step))
        said = model(pack(examples), times).split([len(goal) for goal in goals])
        loss = torch.stack([(one - goal).square().mean() for one, goal in zip(said, goals, strict=True)]).mean()
        loss.backward()
        lengths.append(float(clip(trained(model), 0.5)))
        optimiser.step()
        optimiser.zero_grad()
        losses.append(mean(loss.detach(), others))
    return losses, lengths


def mean(loss: Tensor, others: int) -> float:
    if others > 1:
        dist.all_reduce(loss)
        loss /= dist.get_world_size()
    return float(loss)


def whole(model: MMDiT) -> dict[str, Tensor]:
    return {
        name: (weight.full_tensor() if isinstance(weight, DTensor) else weight).detach().clone()
        for name, weight in model.named_parameters()
    }


def alone(folder: Path) -> dict[str, Any]:
    """In one process, from weights of such sizes that all of the model matters; they are left for the others."""
    model = MMDiT(SIZES)
    initialise(model, torch.Generator().manual_seed(1))
    first = whole(model)
    generator = torch.Generator().manual_seed(2)
    for weight in model.parameters():
        weight.data += 0.05 * torch.randn(weight.shape, generator=generator)
    save(model.state_dict(), SIZES, folder)
    losses, lengths = train(model, slice(None), 1)
    return {"first": first, "losses": losses, "lengths": lengths, "weights": whole(model)}


def shared(folder: Path, way: str, rank: int) -> None:
    """One of several processes."""
    torch.set_num_threads(1)
    size, parallel, recompute = WAYS[way]
    store = dist.FileStore(str(folder / f"{way}.store"), size)
    dist.init_process_group("gloo", store=store, rank=rank, world_size=size, timeout=timedelta(seconds=60))
    with torch.device("meta"):
        model = MMDiT(SIZES)
    parallelize(model, parallel, World(rank, size, size, torch.device("cpu")), recompute=recompute)
    model.to_empty(device="cpu")
    initialise(model, torch.Generator().manual_seed(1))
    first = whole(model)
    fill(model, folder)
    seats = size // parallel.tensor
    seat, side = rank // parallel.tensor, BATCH // seats
    losses, lengths = train(model, slice(seat * side, (seat + 1) * side), seats)
    held = {"first": first, "losses": losses, "lengths": lengths, "weights": whole(model)}
    if rank == 0:
        torch.save(held, folder / f"{way}.pt")
    dist.destroy_process_group()


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    torch.save(alone(folder), folder / "alone.pt")
    context = get_context("fork")
    for way, (size, *_) in WAYS.items():
        processes = [context.Process(target=shared, args=(folder, way, rank)) for rank in range(size)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
