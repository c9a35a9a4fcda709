"""Checkpoints: folders that are there whole or not at all, and load on any number of processes.

Written by PyTorch's distributed checkpoint, each process its part. Chance needs no state: all of it is a function of
the seed, the step and the sample.
"""

from __future__ import annotations

import json
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions,
    get_model_state_dict,
    get_optimizer_state_dict,
    set_model_state_dict,
    set_optimizer_state_dict,
)

from train.config import difference
from train.optimiser import Average
from train.world import World

ABOUT, PART = "about.json", ".part"

FLAT = StateDictOptions(flatten_optimizer_state_dict=True)
"""Names of the optimiser's state by parameter, not by group: groups hang on how the model is sharded."""


class CheckpointError(ValueError):
    """A checkpoint that does not fit, or is none. One line."""


@dataclass(frozen=True)
class About:
    """What a checkpoint says of itself: `config` as the run resolved it, `made_with` what else decides the result,
    such as the names of encoder and codec."""

    step: int
    config: dict[str, Any]
    made_with: dict[str, str]


def folder(output: str) -> Path:
    return Path(output) / "checkpoints"


def every(output: str) -> list[Path]:
    """The whole checkpoints of a run, oldest first."""
    whole = [path for path in folder(output).glob("step-*") if (path / ABOUT).exists() and path.suffix != PART]
    return sorted(whole, key=lambda path: int(path.name.removeprefix("step-")))


def find(path: str) -> Path:
    """The checkpoint that `path` is, or the last one of the run that it is. Raises CheckpointError."""
    if (Path(path) / ABOUT).exists():
        return Path(path)
    if found := every(path):
        return found[-1]
    raise CheckpointError(f"{path} holds no checkpoint: name the output folder of `curation train`")


def about(checkpoint: Path) -> About:
    """Raises CheckpointError where the checkpoint does not say."""
    try:
        return About(**json.loads((checkpoint / ABOUT).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise CheckpointError(f"{checkpoint} is no checkpoint of `curation train`: its {ABOUT} is broken") from error


def check(checkpoint: Path, found: About, decisive: dict[str, Any], made_with: dict[str, str]) -> None:
    """Raises CheckpointError unless a run with this config would go on as the one that wrote the checkpoint."""
    held = {name: found.config.get(name) for name in decisive}
    apart = difference(held | {name: found.made_with.get(name) for name in made_with}, decisive | made_with)
    if apart:
        raise CheckpointError(
            f"{checkpoint} is of another run, {apart} here: choose another output, or start from its weights with init"
        )


def check_model(checkpoint: Path, model: dict[str, Any], made_with: dict[str, str]) -> None:
    """Raises CheckpointError unless the checkpoint's weights are of such a model, encoder and codec."""
    found = about(checkpoint)
    held = {name: found.made_with.get(name) for name in made_with}
    apart = difference({"model": found.config.get("model"), **held}, {"model": model, **made_with})
    if apart:
        raise CheckpointError(f"the weights of {checkpoint} are of another model: {apart} here")


@dataclass(frozen=True)
class State:
    """What changes while a model is trained."""

    model: nn.Module
    optimiser: torch.optim.Optimizer
    average: Average | None

    def tensors(self) -> dict[str, Any]:
        """By name, as DCP takes them: each process has its own part of what is sharded."""
        held = {
            "model": get_model_state_dict(self.model),
            "optimiser": get_optimizer_state_dict(self.model, self.optimiser, options=FLAT),
        }
        return held | ({"average": self.average.weights} if self.average else {})


def save(output: str, keep: int, note: About, state: State, world: World) -> Path:
    """Write a checkpoint and forget all but the last `keep`. All processes call this together."""
    final = folder(output) / f"step-{note.step:06}"
    partial = final.with_suffix(PART)
    if world.first:
        _remove([partial])
        partial.mkdir(parents=True)
    world.wait()
    with _alone_is_fine():
        dcp.save(state.tensors(), checkpoint_id=partial)
    if world.first:
        _write(partial / ABOUT, json.dumps(asdict(note), indent=2, ensure_ascii=False))
        os.replace(partial, final)
        _remove(every(output)[:-keep])
    world.wait()
    return final


def load(checkpoint: Path, state: State) -> None:
    """Take everything from a checkpoint, however many processes wrote it. Raises CheckpointError."""
    tensors = state.tensors()
    _read(tensors, checkpoint)
    set_model_state_dict(state.model, tensors["model"])
    set_optimizer_state_dict(state.model, state.optimiser, tensors["optimiser"], options=FLAT)


def load_weights(checkpoint: Path, model: nn.Module) -> None:
    """Take the weights alone, those of the average where the run kept one. Raises CheckpointError."""
    averaged = about(checkpoint).config["ema"] > 0
    weights = get_model_state_dict(model)
    _read({"average" if averaged else "model": weights}, checkpoint)
    set_model_state_dict(model, weights)


def _read(state: dict[str, Any], checkpoint: Path) -> None:
    try:
        with _alone_is_fine():
            dcp.load(state, checkpoint_id=checkpoint)
    except (CheckpointException, RuntimeError, ValueError, OSError) as error:
        reason = str(error).strip().splitlines()[-1]  # above it stand the traces of the processes
        raise CheckpointError(
            f"{checkpoint} does not fit this model, or is damaged ({reason}): remove it to go on from the one before"
        ) from error


@contextmanager
def _alone_is_fine() -> Iterator[None]:
    """DCP warns where there is one process only."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "torch.distributed is disabled")
        yield


def _write(path: Path, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
