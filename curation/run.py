"""`curation run`: plan, check, run the pipeline, account for every row, draw the report, write the manifest."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import PIL.Image
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, pipeline, runners, sorting, storage, thumbnails
from curation.account import Account
from curation.mistake import Mistake, one_line
from curation.progress import Progress
from curation.recipe import Recipe
from curation.report import write_report
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan
from curation.statistics import statistics_of_run, wanted
from filters.base import Filter
from filters.image import Image


class StageError(Mistake):
    """A stage cannot run at all, on no image."""


def run(recipe: Recipe, beam_arguments: list[str]) -> Account:
    """Run a recipe, or finish what an earlier, killed run of it began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    recipe = replace(recipe, input=storage.absolute(recipe.input), output=storage.absolute(recipe.output))
    output.check_paths(recipe.input, recipe.output)
    plan = make_plan(recipe.input)
    engine = runners.engine(beam_arguments, plan.images)
    for stage in recipe.stages:
        probe(stage)
    return output.complete(Curation(recipe, plan, engine))


class Curation(output.Job):
    """A recipe at work on a planned input."""

    def __init__(self, recipe: Recipe, plan: Plan, engine: Engine):
        self.recipe, self.plan, self.engine = recipe, plan, engine
        self.output, self.format = recipe.output, recipe.output_format
        models = {stage.name: stage.model_files() for stage in recipe.stages}
        self.record = manifest.begin("run", recipe.as_dict(), recipe.digest(), plan, models, engine.about)

    def execute(self, done: set[int]) -> None:
        names = [stage.name for stage in self.recipe.stages]
        units, look, finish = self.plan.units, pipeline.fingerprints, pipeline.judge_and_write
        with Progress(self.output, [unit.rows for unit in units], names):
            runners.execute(self.engine, lambda job: pipeline.build(job, self.recipe, units, done, look, finish))

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """Thumbnails, the manifest, which says complete from here on, and the report drawn from both."""
        statistics = statistics_of_run(self.output, self.recipe.stages)
        thumbnails.collect(self.output, self.plan.units, wanted(statistics))
        parts = sorting.collect(self.output, [stage for stage in self.recipe.stages if stage.parts])
        about = {"counts": total.as_dict([stage.name for stage in self.recipe.stages])}
        manifest.save(self.output, record | about | ({"parts": parts} if parts else {}))
        write_report(self.output, self.recipe.stages, statistics)

    def draw(self) -> None:
        write_report(self.output)


def probe(stage: Filter) -> None:
    """Measure a made-up image, which finds a missing package or model before a run has begun. Raises StageError."""
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    buffer = io.BytesIO()
    PIL.Image.fromarray(noise).save(buffer, "PNG")
    try:
        stage.measure(Image(buffer.getvalue()))
    except Exception as error:
        raise StageError(f"stage {stage.name!r} cannot run: {one_line(error)}") from error
