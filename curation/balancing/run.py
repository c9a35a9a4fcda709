"""`curation balance`: plan, choose and weigh, account for every row, draw the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, runners, storage
from curation.account import Account
from curation.balancing import beforehand, figures, mix, pipeline, report
from curation.balancing.figures import Node
from curation.balancing.progress import Progress
from curation.balancing.settings import STAGE, Settings
from curation.mistake import SettingsError
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan


@dataclass(frozen=True)
class Wishes:
    """What the user said, None where nothing."""

    input: str
    output: str
    keep: int | None = None
    target: str | None = None
    text: str | None = None


@dataclass(frozen=True)
class Result:
    """What came of it."""

    settings: Settings
    nodes: list[Node]
    total: Account


def balance(wishes: Wishes, beam_arguments: list[str]) -> Result:
    """Balance shards, or finish what an earlier, killed job began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    if wishes.keep is not None and wishes.keep < 1:
        raise SettingsError(f"--keep must be at least 1 image of a node, not {wishes.keep}")
    target = mix.target(wishes.target, wishes.text)
    settings = Settings(storage.absolute(wishes.input), storage.absolute(wishes.output), wishes.keep, target)
    output.check_paths(settings.input, settings.output)
    plan = make_plan(settings.input)
    beforehand.check(plan, target)
    total = output.complete(Balancing(settings, plan, runners.engine(beam_arguments, plan.images)))
    return Result(settings, figures.of_manifest(manifest.load(settings.output) or {}), total)


class Balancing(output.Job):
    """Settings at work on a planned input."""

    format = "parquet"

    def __init__(self, settings: Settings, plan: Plan, engine: Engine):
        self.settings, self.plan, self.engine = settings, plan, engine
        self.output = settings.output
        self.record = manifest.begin("balance", settings.as_dict(), settings.digest(), plan, {}, engine.about)

    def execute(self, done: set[int]) -> None:
        units = self.plan.units
        with Progress(self.output, [unit.rows for unit in units], [STAGE]):
            runners.execute(self.engine, lambda job: pipeline.build(job, self.settings, units, done))

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """The manifest, which says complete from here on, and the report."""
        about = {"counts": total.as_dict([STAGE]), "mix": figures.as_records(figures.collect(self.output))}
        manifest.save(self.output, record | about)
        report.write_report(self.output)

    def draw(self) -> None:
        report.write_report(self.output)
