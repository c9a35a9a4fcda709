"""`curation train`: the config, the manifest, the run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from curation import manifest, storage
from curation.mistake import Mistake, one_line
from curation.output import unwritable
from curation.training.memory import ran_out
from curation.training.reader import read
from train import checkpoint
from train import config as configs
from train.config import Config
from train.log import Diverged
from train.loop import train
from train.world import World, joined

HELP = """\
Trains a model on shards, as the config says: which model, phases of
resolutions and sources, where the output goes. Writes checkpoints, a
log (log.jsonl, and the same for TensorBoard), sheets of samples, and
in the end the weights as diffusers loads them.

A run that was killed is finished by the same command, and comes out
as if nothing had happened. Several GPUs or machines:
  torchrun --nproc-per-node 8 -m curation.cli train CONFIG.yaml
"""

EXAMPLES = """\
examples:
  curation train recipes/train_words.yaml
  curation train config.yaml --set optimiser.lr=1e-4 \\
    --set phases.0.steps=2000 --set output=second/
  tensorboard --logdir second/
"""

LISTENING = 3.0
"""Seconds that other processes wait with their exit: at the first one torchrun ends all, also who has yet to speak."""

NO_MEMORY = "memory ran out: set recompute: true, raise accumulation, or make batch, resolution or model smaller"

PACKAGES = ("numpy", "pillow", "pyarrow", "torch")
"""Packages whose versions decide the result."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("config", metavar="CONFIG.yaml", help="what to train, on what, and how")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one value; may be repeated"
    )


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks, and say what came of it. Of several processes the first one speaks."""
    first = os.environ.get("RANK", "0") == "0"
    try:
        record = run(known.config, known.set)
    except (Mistake, Diverged) as error:
        if not first:
            time.sleep(LISTENING)
        elif isinstance(error, Mistake):
            raise
        else:
            print(f"curation: {error}", file=sys.stderr)
        return 2 if isinstance(error, Mistake) else 1
    if first:
        print(_summary(record))
    return 0


def run(path: str, settings: list[str]) -> dict[str, Any]:
    """Train as the config at `path` says, or finish what an earlier, killed run began; the manifest.

    Raises Mistake, and Diverged where the loss is no number any more.
    """
    config = load(path, settings)
    if storage.is_remote(config.output):
        raise Mistake(f"{config.output}: checkpoints are written to a local or mounted folder; name one")
    held = _held(config)
    if held and held["status"] == "complete" and held["recipe_hash"] == config.digest():
        print(f"{config.output} is complete already: same config", file=sys.stderr)
        return held
    with joined() as world:
        return _recorded(config, world)


def load(path: str, settings: list[str]) -> Config:
    """The config in the file at `path`, with settings laid over it. Raises Mistake."""
    try:
        with open(path, encoding="utf-8") as file:
            return configs.load(file.read(), settings)
    except (OSError, UnicodeDecodeError) as error:
        raise Mistake(f"cannot read the config {path}: {getattr(error, 'strerror', None) or error}") from error
    except ValueError as error:
        raise Mistake(str(error)) from error


def _recorded(config: Config, world: World) -> dict[str, Any]:
    """Train, with a manifest that says how it goes."""
    record = _record(config, world)
    try:
        _save(config, world, record)
    except OSError as error:
        raise unwritable(config.output, error) from error
    try:
        result = train(config, world, read)
    except BaseException as error:
        _save(config, world, record | _failed(error))
        if not isinstance(error, ValueError) and not ran_out(error):
            raise
        mistake = Mistake(one_line(error) if isinstance(error, ValueError) else NO_MEMORY)
        if not world.first:
            _speak_late(mistake, world)
        raise mistake from error
    record |= {"status": "complete", "finished": manifest.now(), **asdict(result)}
    _save(config, world, record)
    return record


def _speak_late(mistake: Mistake, world: World) -> None:
    """The first process speaks for all. What it does not know of, another one says before it leaves."""
    time.sleep(LISTENING)
    print(f"curation: process {world.rank}: {mistake}", file=sys.stderr, flush=True)


def _summary(record: dict[str, Any]) -> str:
    """What came of a run, for a terminal."""
    output = record["recipe"]["output"].rstrip("/")
    lines = [f"{'steps':<16}{record['steps']:>8,}"]
    if record["loss"] is not None:
        lines.append(f"{'loss':<16}{record['loss']:>8.4f}")
    if record["letters"] is not None:
        lines.append(f"{'right letters':<16}{record['letters']:>8.0%}  in the last samples, read by OCR")
    if record["recipe"]["samples"]["prompts"]:
        lines.append(f"\nsamples: {output}/samples/step-{record['steps']:06}.png")
    return "\n".join([*lines, f"weights: {output}/model"])


def _record(config: Config, world: World) -> dict[str, Any]:
    return {
        "command": "train",
        "status": "running",
        "version": version("qwen-curation"),
        "recipe": config.as_dict(),
        "recipe_hash": config.digest(),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "engine": {"processes": world.size, "device": world.device.type},
        "started": manifest.now(),
    }


def _held(config: Config) -> dict[str, Any] | None:
    """The manifest that the output folder holds. Raises Mistake if it is of another command or config."""
    output = config.output
    if os.path.exists(output) and not os.path.isdir(output):
        raise Mistake(f"the output {output} is a file: name a folder")
    held = manifest.load(output)
    if held and held.get("command") != "train":
        raise Mistake(f"{output} holds the output of `curation {held.get('command')}`: choose another output")
    try:
        for last in checkpoint.every(output)[-1:]:
            checkpoint.check(last, checkpoint.about(last), config.decisive(), {})
    except ValueError as error:
        raise Mistake(str(error)) from error
    return held


def _save(config: Config, world: World, record: dict[str, Any]) -> None:
    if world.first:
        manifest.save(config.output, record)


def _failed(error: BaseException) -> dict[str, Any]:
    return {"status": "failed", "error": f"{type(error).__name__}: {error}", "finished": manifest.now()}
