"""`curation run`: plan, check, run the pipeline, account for every row, draw the report, write the manifest."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import apache_beam as beam
import numpy as np
import PIL.Image
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, pipeline, runners, storage, thumbnails
from curation.account import Account, Mismatch, account
from curation.judge import marker, work_folder
from curation.mistake import Mistake
from curation.progress import Progress
from curation.recipe import Recipe
from curation.report import write_report
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan
from curation.shards.unit import part
from curation.statistics import statistics_of_run, wanted
from filters.base import Filter
from filters.image import Image


class OutputError(Mistake):
    """The output folder cannot be used."""


class StageError(Mistake):
    """A stage cannot run at all, on no image."""


def run(recipe: Recipe, beam_arguments: list[str]) -> Account:
    """Run a recipe, or finish what an earlier, killed run of it began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    recipe = replace(recipe, input=storage.absolute(recipe.input), output=storage.absolute(recipe.output))
    _check_paths(recipe)
    plan = make_plan(recipe.input)
    engine = runners.engine(beam_arguments, plan.images)
    for stage in recipe.stages:
        _probe(stage)
    record = manifest.begin(recipe, plan, engine.about)
    if _is_complete(recipe.output, record):
        if storage.is_folder(work_folder(recipe.output)):  # killed between the manifest and the end
            write_report(recipe.output)
            _clean(recipe.output)
        print(f"{recipe.output} is complete already: same recipe, same input", file=sys.stderr)
        return _account(recipe, plan)
    _claim(recipe.output, record)
    try:
        _execute(recipe, plan, engine)
        total = _account(recipe, plan)
        record |= {"status": "complete", "counts": total.as_dict(recipe.stages), "finished": manifest.now()}
        _publish(recipe, plan, record)
    except BaseException as error:
        failed = {"status": "failed", "error": f"{type(error).__name__}: {error}", "finished": manifest.now()}
        manifest.save(recipe.output, record | failed)
        raise
    _clean(recipe.output)
    return total


def _check_paths(recipe: Recipe) -> None:
    if storage.is_remote(recipe.input) != storage.is_remote(recipe.output):
        return
    source, output = (path.rstrip("/") for path in (recipe.input, recipe.output))
    if not storage.is_remote(source):
        source, output = os.path.realpath(source), os.path.realpath(output)
    if storage.is_folder(recipe.input) and (output == source or output.startswith(source + "/")):
        raise OutputError(f"the output {recipe.output} lies inside the input {recipe.input}: put it elsewhere")
    if os.path.exists(output) and not os.path.isdir(output):
        raise OutputError(f"the output {recipe.output} is a file: name a folder")


def _probe(stage: Filter) -> None:
    """Measure a made-up image, so that a missing package or model ends the run before it has begun."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(noise).save(buffer, "PNG")
    try:
        stage.measure(Image(buffer.getvalue()))
    except Exception as error:
        raise StageError(f"stage {stage.name!r} cannot run: {' '.join(str(error).split())}") from error


def _state(output: str) -> str:
    """Where a run that is not complete says what it is."""
    return storage.join(work_folder(output), "run.json")


def _difference(one: dict[str, Any], other: dict[str, Any]) -> str | None:
    """What makes two manifests different runs; None if one may go on where the other stopped."""
    if one["recipe_hash"] != other["recipe_hash"]:
        return "its recipe is another"
    if one["input"]["hash"] != other["input"]["hash"]:
        return "its input is another, or has changed since"
    if one["version"] != other["version"] or one["versions"] != other["versions"] or one["models"] != other["models"]:
        return "it was made with other versions"
    return None


def _is_complete(output: str, record: dict[str, Any]) -> bool:
    """Whether `output` holds this very run, complete. Raises OutputError if it holds another, whatever its status."""
    held = manifest.load(output)
    state = _state(output)
    if held is None or held["status"] != "complete":
        held = json.loads(storage.read_bytes(state)) if storage.exists(state) else held
    if held is None:
        taken = [name for name in ("shards", "signals", "rejects") if storage.is_folder(storage.join(output, name))]
        if taken:
            raise OutputError(f"{output} holds {taken[0]}/ that no run of ours made: choose another output")
        return False
    if held.get("command") != "run":
        raise OutputError(f"{output} holds the output of `curation {held.get('command')}`: choose another output")
    if difference := _difference(held, record):
        raise OutputError(f"{output} holds another run, {difference}: choose another output, or delete it")
    return bool(held["status"] == "complete")


def _claim(output: str, record: dict[str, Any]) -> None:
    """Mark the output as this run's; what an undone run left half-written goes."""
    _remove_temporary(output)
    storage.write_atomic(_state(output), json.dumps(record).encode())


def _execute(recipe: Recipe, plan: Plan, engine: Engine) -> None:
    done = {unit.number for unit in plan.units if storage.exists(marker(recipe.output, unit.number))}
    if len(done) == len(plan.units):
        return
    stages = [stage.name for stage in recipe.stages]
    rows = [unit.rows for unit in plan.units]
    with runners.ended_by_dead_workers(), Progress(recipe.output, rows, stages), _quiet():
        job = beam.Pipeline(engine.runner, engine.options)
        pipeline.build(job, recipe, plan.units, done)
        job.run().wait_until_finish()


@contextmanager
def _quiet() -> Iterator[None]:
    """Beam logs its own workings at INFO and WARNING; what users must know reaches them by other ways."""
    logger = logging.getLogger("apache_beam")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _account(recipe: Recipe, plan: Plan) -> Account:
    missing = [unit.number for unit in plan.units if not _written(recipe.output, unit.number)]
    if missing:
        raise Mismatch(f"{len(missing)} of {len(plan.units)} units were not written, {part(missing[0])} first")
    return account(recipe, [unit.rows for unit in plan.units])


def _written(output: str, number: int) -> bool:
    return storage.exists(storage.join(output, "signals", part(number) + ".parquet"))


def _publish(recipe: Recipe, plan: Plan, record: dict[str, Any]) -> None:
    """Thumbnails, the manifest, which says complete from here on, and the report drawn from both."""
    statistics = statistics_of_run(recipe.output, recipe.stages)
    thumbnails.collect(recipe.output, plan.units, wanted(statistics))
    manifest.save(recipe.output, record)
    write_report(recipe.output, recipe.stages, statistics)


def _clean(output: str) -> None:
    """Remove what only a resumed run needs."""
    work = work_folder(output)
    if storage.is_remote(work):
        storage.remove([file.path for file in storage.walk(work)])
    else:
        shutil.rmtree(work, ignore_errors=True)
        _remove_temporary(output)


def _remove_temporary(output: str) -> None:
    if not storage.is_remote(output) and os.path.isdir(output):
        leftovers = [file.path for file in storage.walk(output)]
        storage.remove([path for path in leftovers if os.path.basename(path).startswith(storage.TEMPORARY)])
