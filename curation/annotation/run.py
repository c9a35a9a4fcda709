"""`curation annotate`: plan, probe the engine, run the pipeline, account for every row, draw the report."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from annotate import prompt
from annotate.engine import EngineError
from annotate.signals import STAGE
from curation import manifest, output, runners, storage, thumbnails
from curation.account import Account
from curation.annotation import handler, pipeline, report, statistics
from curation.annotation.prepare import model_files
from curation.annotation.progress import Progress
from curation.annotation.settings import ENGINES, SLOTS, Settings
from curation.mistake import SettingsError, check_known
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan


@dataclass(frozen=True)
class Wishes:
    """What the user said, None where nothing."""

    input: str
    output: str
    engine: str = "embedded"
    endpoints: Sequence[str] = ()
    model: str | None = None
    language: str = "en"
    slots: int | None = None
    cache: str | None = None
    ocr: bool = True
    format: str = "parquet"


def annotate(wishes: Wishes, beam_arguments: list[str]) -> tuple[Settings, Account]:
    """Annotate shards, or finish what an earlier, killed job began.

    Raises a subclass of Mistake for what the user got wrong, Stopped if the engine is gone, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    settings = resolve(wishes)
    output.check_paths(settings.input, settings.output)
    plan = make_plan(settings.input)
    if settings.engine == "openai":
        settings = _probed(settings)
    # only the embedded engine computes much here; a process waits for many replies as well as several would
    engine = runners.engine(beam_arguments, plan.images if settings.engine == "embedded" else 0)
    return settings, output.complete(Annotation(settings, plan, engine))


def resolve(wishes: Wishes) -> Settings:
    """The settings that these wishes make. Raises SettingsError."""
    check_known("engine", wishes.engine, ENGINES)
    if wishes.engine == "openai" and not wishes.endpoints:
        raise SettingsError("--engine openai needs --endpoint URL, for instance http://localhost:8000/v1")
    if wishes.engine != "openai" and wishes.endpoints:
        raise SettingsError(f"--endpoint is for --engine openai, not for {wishes.engine}")
    if wishes.engine == "vllm" and not wishes.model:
        raise SettingsError("--engine vllm needs --model NAME, a folder or a name on the Hugging Face hub")
    if wishes.engine == "embedded" and wishes.model:
        raise SettingsError("--model is for --engine openai and vllm; the embedded engine has none")
    if wishes.slots is not None and wishes.slots < 1:
        raise SettingsError(f"--concurrency must be at least 1, not {wishes.slots}")
    if wishes.language not in prompt.LANGUAGES:
        raise SettingsError(f"--language must be one of {', '.join(prompt.LANGUAGES)}, not {wishes.language!r}")
    if wishes.language != "en" and wishes.engine == "embedded":
        raise SettingsError(f"the embedded engine writes English only: --language {wishes.language} needs a model")
    return Settings(
        storage.absolute(wishes.input),
        storage.absolute(wishes.output),
        wishes.format,
        wishes.engine,
        wishes.model or ("embedded" if wishes.engine == "embedded" else ""),
        wishes.language,
        wishes.slots or SLOTS[wishes.engine],
        tuple(wishes.endpoints),
        storage.absolute(wishes.cache) if wishes.cache else None,
        wishes.ocr,
    )


def _probed(settings: Settings) -> Settings:
    """The settings with the model the server serves. Raises SettingsError where the server will not do."""

    async def probe() -> str:
        engine = settings.build()
        try:
            await engine.start()
            return engine.model
        finally:
            await engine.close()

    try:
        return replace(settings, model=asyncio.run(probe()))
    except EngineError as error:
        raise SettingsError(str(error)) from error


class Annotation(output.Job):
    """Settings at work on a planned input."""

    def __init__(self, settings: Settings, plan: Plan, engine: Engine):
        self.settings, self.plan, self.engine = settings, plan, engine
        self.output, self.format = settings.output, settings.format
        models = model_files(settings.engine == "embedded", settings.ocr)
        about, digest = settings.as_dict(), settings.digest()
        self.record = manifest.begin("annotate", about, digest, plan, models, engine.about)

    def execute(self, done: set[int]) -> None:
        handler.forget_word(self.output)
        workers = int(str(self.engine.about.get("workers", 1)))
        try:
            with Progress(self.output, self.plan.images):
                runners.execute(
                    self.engine, lambda job: pipeline.build(job, self.settings, self.plan.units, done, workers)
                )
        except Exception:
            handler.raise_word(self.output)
            raise

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """Thumbnails, the manifest, which says complete from here on, and the report drawn from both."""
        total.check_rejects(STAGE, "rows were not annotated")
        figures = statistics.statistics_of_run(self.output)
        thumbnails.collect(self.output, self.plan.units, statistics.wanted(figures), report.THUMBNAIL_SIDE)
        manifest.save(self.output, record | {"counts": total.as_dict([STAGE])})
        report.write_report(self.output, figures)

    def draw(self) -> None:
        report.write_report(self.output)
