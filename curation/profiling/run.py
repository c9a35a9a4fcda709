"""`curation profile`: draw the sample, measure it, account for every row, draw the report, write the manifest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, pipeline, runners, storage, thumbnails
from curation.account import Account
from curation.mistake import SettingsError, one_line
from curation.profiling import report, sample, worker
from curation.profiling.figures import Figures, figures_of
from curation.profiling.suggest import suggestions
from curation.progress import Progress
from curation.recipe import Recipe, load
from curation.report import THUMBNAIL_SIDE
from curation.run import probe
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan
from filters.base import Filter
from filters.registry import FILTERS

MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class Wishes:
    """What the user said. `recipe` is the text of one, None where all stages are measured."""

    input: str
    output: str
    sample: int
    seed: int
    recipe: str | None = None


@dataclass(frozen=True)
class Result:
    """What came of a profile. `images`: those of the whole input; `unavailable`: why, by stage."""

    output: str
    images: int
    figures: Figures
    unavailable: dict[str, str]


def profile(wishes: Wishes, beam_arguments: list[str]) -> Result:
    """Measure a sample, or finish what an earlier, killed profile began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    if wishes.sample < 1:
        raise SettingsError(f"--sample must be at least 1 image, not {wishes.sample}")
    if not 0 <= wishes.seed <= MAX_SEED:
        raise SettingsError(f"--seed must be 0 to {MAX_SEED}, not {wishes.seed}")
    named = load(wishes.recipe or "", storage.absolute(wishes.input), storage.absolute(wishes.output), [])
    output.check_paths(named.input, named.output)
    plan = make_plan(named.input)
    engine = runners.engine(beam_arguments, min(plan.images, wishes.sample))
    stages, unavailable = _available(list(named.stages) if wishes.recipe is not None else None)
    job = Profile(replace(named, stages=tuple(stages)), wishes, plan, engine, unavailable)
    output.complete(job)
    return Result(named.output, plan.images, job.figures or figures_of(named.output, stages), unavailable)


def _available(named: list[Filter] | None) -> tuple[list[Filter], dict[str, str]]:
    """The stages that run here, of those `named` or of all with their defaults, and why the others do not."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # weights that are not here are not fetched to look at a sample
    found, missing = list[Filter](), dict[str, str]()
    for name, stage in {stage.name: stage for stage in named}.items() if named else FILTERS.items():
        try:
            ready = stage if isinstance(stage, Filter) else stage()
            probe(ready)
            ready.model_files()
            found.append(ready)
        except (ValueError, ImportError, OSError) as error:
            missing[name] = one_line(error).removeprefix(f"stage {name!r} cannot run: ")
    if not found:
        raise SettingsError(f"no stage can run here: {'; '.join(f'{name}: {why}' for name, why in missing.items())}")
    return found, missing


class Profile(output.Job):
    """A recipe whose stages measure a sample of a planned input, and decide nothing."""

    format = None

    def __init__(self, recipe: Recipe, wishes: Wishes, plan: Plan, engine: Engine, unavailable: dict[str, str]):
        self.recipe, self.engine, self.output = recipe, engine, recipe.output
        self.plan = sample.draw(plan, wishes.sample, wishes.seed)
        self.figures: Figures | None = None
        drawn = {"images": self.plan.images, "seed": wishes.seed}
        digest = hashlib.sha256(f"{recipe.digest()} {drawn}".encode()).hexdigest()
        models = {stage.name: stage.model_files() for stage in recipe.stages}
        self.record = manifest.begin("profile", recipe.as_dict(), digest, plan, models, engine.about)
        self.record |= {"sample": drawn, "unavailable": unavailable}

    def execute(self, done: set[int]) -> None:
        names = [stage.name for stage in self.recipe.stages]
        pieces, look, finish = self.plan.units, worker.fingerprints, worker.write
        with Progress(self.output, [piece.rows for piece in pieces], names):
            runners.execute(self.engine, lambda job: pipeline.build(job, self.recipe, pieces, done, look, finish))

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """Thumbnails, suggested recipes, the manifest, which says complete from here on, and the report."""
        self.figures = figures_of(self.output, self.recipe.stages)
        images = sample.chosen(self.plan.units, report.wanted(self.figures))
        thumbnails.keep(self.output, images, THUMBNAIL_SIDE)
        for suggested in suggestions(self.figures):
            path = storage.join(self.output, "suggested", suggested.name)
            storage.write_atomic(path, suggested.recipe.encode())
        counts = {"read": total.read, "failed": total.read - total.kept}
        manifest.save(self.output, record | {"counts": counts})
        report.write_report(self.output, self.figures)

    def draw(self) -> None:
        report.write_report(self.output)
