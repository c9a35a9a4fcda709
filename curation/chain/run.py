"""Runs the recipes of a chain in order, each like a run of its own, and keeps a manifest and a report over all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, storage
from curation.account import Account, Mismatch
from curation.chain.parts import Part
from curation.chain.report import write_report
from curation.mistake import Mistake
from curation.output import OutputError
from curation.run import probe, run


class NothingLeft(Mistake):
    """A recipe kept no image, and others come after it."""


def run_chain(parts: Sequence[Part], folder: str, beam_arguments: list[str]) -> list[Account]:
    """Run `parts`, or finish what an earlier, killed chain began; `folder` is what their folders lie in.

    All stages of all recipes are tried before the first starts. Raises what `run` does, OutputError where `folder`
    holds something else, NothingLeft.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    folder, source = storage.absolute(folder), storage.absolute(parts[0].recipe.input)
    _check(source, folder)
    for stage in [stage for part in parts for stage in part.recipe.stages]:
        probe(stage)
    record = {"command": "run", "input": {"path": source}, "runs": [part.name for part in parts]}
    done: list[Account] = []
    try:
        for part in parts:
            _run_next(part, parts, done, beam_arguments)
            publish(folder, record, "complete" if len(done) == len(parts) else "running")
    except BaseException as error:
        if done:
            publish(folder, record, "failed", error=f"{type(error).__name__}: {error}")
        raise
    return done


def publish(folder: str, record: dict[str, Any], status: str, **more: str) -> None:
    """Write the manifest of the chain, which names its runs in order, and the report."""
    manifest.save(folder, record | {"status": status} | more)
    write_report(folder)


def _check(source: str, folder: str) -> None:
    """Raises OutputError if the chain cannot write to `folder`."""
    output.check_paths(source, folder)
    held = output.held(folder, "run")
    if held is not None and "runs" not in held:
        raise OutputError(f"{folder} holds a run of one recipe: choose another output")


def _run_next(part: Part, parts: Sequence[Part], done: list[Account], beam_arguments: list[str]) -> None:
    """Run `part`, which comes after those that are `done`, and add it to them."""
    before = done[-1] if done else None
    if before and not before.kept:
        last = parts[len(done) - 1].name
        raise NothingLeft(f"{part.name} has nothing to read: {last} kept none of {before.read:,} images")
    print(f"{part.name}: recipe {len(done) + 1} of {len(parts)}", file=sys.stderr, flush=True)
    account = run(part.recipe, beam_arguments)
    if before and account.read != before.kept:
        raise Mismatch(f"{part.name} read {account.read} images where {before.kept} were kept before it")
    done.append(account)
