"""`curation synth`: check what is asked, run the pipeline, account for every sample, draw the report."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, runners, storage, thumbnails
from curation.account import Account
from curation.mistake import Mistake, SettingsError, check_known, one_line
from curation.recipe import FORMATS
from curation.runners import Engine
from curation.shards import plan as shards
from curation.shards.plan import Plan
from curation.synthesis import coverage, materials, pipeline, report, worker
from curation.synthesis.pictures import pictures
from curation.synthesis.plan import make_plan
from curation.synthesis.progress import Progress
from curation.synthesis.settings import Settings, count_for
from curation.synthesis.signals import STAGE
from curation.synthesis.statistics import Statistics, statistics_of_run
from synth.font_packages import find_faces
from synth.sample import GRADES, LANGUAGES
from synth.tiers import ENGINES, TIERS
from synth.wishes import RATIOS

MAX_SEED, MAX_COUNT = 2**31 - 1, 10**12

SIZES = (48, 4096)
"""Least and largest `--size`."""

NAMED_RATIOS = {f"{width}:{height}": (width, height) for width, height in RATIOS}

PACKAGES = ("skia-python", "uharfbuzz")
"""Packages whose versions decide what is drawn, beyond those of every manifest."""


@dataclass(frozen=True)
class Wishes:
    """What the user said, None or empty where nothing."""

    tier: str
    output: str
    count: int | None = None
    seed: int = 0
    corpora: Sequence[str] = ()
    fonts: Sequence[str] = ()
    templates: str | None = None
    backgrounds: str | None = None
    languages: Sequence[str] = LANGUAGES
    grades: Sequence[str] = GRADES
    size: int = 1024
    min_exposures: int | None = None
    keep_pptx: bool = False
    format: str = "parquet"
    ratios: Sequence[str] = tuple(NAMED_RATIOS)
    engines: Sequence[str] = ()


@dataclass(frozen=True)
class Result:
    """What came of a job. `statistics`: those of its report."""

    settings: Settings
    statistics: Statistics


def synth(wishes: Wishes, beam_arguments: list[str]) -> Result:
    """Make a tier's samples, or finish what an earlier, killed job began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if samples were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    settings = resolve(wishes)
    if settings.backgrounds:
        output.check_paths(settings.backgrounds, settings.output)
    plan = make_plan(settings.tier, settings.count)
    engine = runners.engine(beam_arguments, plan.images)
    _probe(settings)
    job = Synthesis(settings, plan, engine)
    output.complete(job)
    return Result(settings, job.statistics or statistics_of_run(settings.output))


def resolve(wishes: Wishes) -> Settings:
    """The settings that these wishes make. Raises SettingsError, InputError for backgrounds that are none."""
    check_known("tier", wishes.tier, TIERS)
    check_known("--format", wishes.format, FORMATS)
    for option, given, known in (
        ("--language", wishes.languages, LANGUAGES),
        ("--grade", wishes.grades, GRADES),
        ("--ratio", wishes.ratios, NAMED_RATIOS),
    ):
        if not given:
            raise SettingsError(f"{option} is empty; it is one or more of {', '.join(known)}")
        for name in given:
            check_known(option, name, known)
    if not 0 <= wishes.seed <= MAX_SEED:
        raise SettingsError(f"--seed must be 0 to {MAX_SEED}, not {wishes.seed}")
    if not SIZES[0] <= wishes.size <= SIZES[1]:
        raise SettingsError(f"--size must be {SIZES[0]} to {SIZES[1]} pixels, not {wishes.size}")
    for option, wanted in (
        ("--templates", wishes.templates),
        ("--keep-pptx", wishes.keep_pptx),
        ("--engine", wishes.engines),
    ):
        if wanted and wishes.tier != "complex":
            raise SettingsError(f"{option} is for the tier complex, not for {wishes.tier}")
    for name in wishes.engines:
        check_known("--engine", name, ENGINES)
    if wishes.backgrounds and wishes.tier == "pure":
        raise SettingsError("--backgrounds is for the tiers compositional and complex, not for pure")
    languages, grades = _ordered(wishes.languages, LANGUAGES), _ordered(wishes.grades, GRADES)
    settings = Settings(
        wishes.tier,
        _count(wishes, languages, grades),
        wishes.seed,
        storage.absolute(wishes.output),
        wishes.format,
        languages,
        grades,
        wishes.size,
        tuple(map(os.path.abspath, wishes.corpora)),
        tuple(map(os.path.abspath, wishes.fonts)),
        os.path.abspath(wishes.templates) if wishes.templates else None,
        storage.absolute(wishes.backgrounds) if wishes.backgrounds else None,
        wishes.min_exposures or 0,
        wishes.keep_pptx,
        tuple(NAMED_RATIOS[name] for name in _ordered(wishes.ratios, NAMED_RATIOS)),
        _ordered(wishes.engines, ENGINES),
    )
    return replace(settings, materials=_materials(settings))


def _ordered(given: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in known if name in given)


def _count(wishes: Wishes, languages: tuple[str, ...], grades: tuple[str, ...]) -> int:
    if wishes.count is not None and not 1 <= wishes.count <= MAX_COUNT:
        raise SettingsError(f"--count must be at least 1, not {wishes.count}")
    if wishes.min_exposures is None:
        if wishes.count is None:
            raise SettingsError("say how many images: --count N, or --min-exposures N for as many as that takes")
        return wishes.count
    if wishes.min_exposures < 1:
        raise SettingsError(f"--min-exposures must be at least 1, not {wishes.min_exposures}")
    if set(languages) == {"en"}:
        raise SettingsError("--min-exposures counts Chinese characters: --language must hold zh or mixed")
    if "paragraph" not in grades:
        raise SettingsError("--min-exposures needs room for the characters: --grade must hold paragraph")
    needed = count_for(wishes.min_exposures, wishes.seed, languages, grades)
    if wishes.count is not None and wishes.count < needed:
        raise SettingsError(
            f"--min-exposures {wishes.min_exposures} takes {needed:,} images; --count is {wishes.count}"
        )
    return wishes.count or needed


def _materials(settings: Settings) -> str:
    try:
        faces = find_faces(settings.fonts)
        templates = Path(settings.templates) if settings.templates else None
        backgrounds = shards.make_plan(settings.backgrounds).digest() if settings.backgrounds else None
        return materials.describe(settings.corpus_files(), faces, templates, backgrounds)
    except Mistake:
        raise
    except OSError as error:
        raise SettingsError(f"cannot read {error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(one_line(error)) from error


def _probe(settings: Settings) -> None:
    """Build the maker, and make a sample of each language and kind, so that what cannot work ends before it begins.

    Raises SettingsError.
    """
    try:
        mix = worker.ready(settings).mix
        seen: dict[tuple[str, str], int] = {}
        for index in range(len(mix.languages) * len(mix.grades) * len(mix.kinds)):
            seen.setdefault((mix.wish(index).language, mix.kind(index)), index)
        if settings.min_exposures and not any(map(mix.exposes, range(len(mix.languages) * len(mix.grades)))):
            raise SettingsError("--min-exposures takes Chinese paragraphs, and none fits such pictures: see --size")
        failures = [failed for index in seen.values() if (failed := _try(index, settings))]
    except Mistake:
        raise
    except ImportError as error:
        raise SettingsError(
            f"the tier {settings.tier} cannot run: {one_line(error)}; pip install '.[synth]'"
        ) from error
    except (ValueError, OSError) as error:
        raise SettingsError(one_line(error)) from error
    if len(failures) == len(seen):
        raise SettingsError(f"no image can be made: {one_line(failures[0])}")


def _try(index: int, settings: Settings) -> Exception | None:
    """What kept a sample from being made, if anything. Raises what no sample can be made with."""
    try:
        worker.ready(settings).make(index, lambda sample: None)
    except (ImportError, ValueError, OSError):
        raise
    except Exception as error:  # as in the worker: a font or a template may bring about anything
        return error
    return None


class Synthesis(output.Job):
    """Settings at work."""

    def __init__(self, settings: Settings, plan: Plan, engine: Engine):
        self.settings, self.plan, self.engine = settings, plan, engine
        self.output, self.format = settings.output, settings.format
        self.statistics: Statistics | None = None
        about, digest = settings.as_dict(), settings.digest()
        self.record = manifest.begin("synth", about, digest, plan, {}, engine.about, PACKAGES)
        self.record["versions"] |= dict(sorted(worker.ready(settings).engines.items()))

    def execute(self, done: set[int]) -> None:
        with Progress(self.output, [unit.rows for unit in self.plan.units]):
            runners.execute(self.engine, lambda job: pipeline.build(job, self.settings, self.plan.units, done))

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """Coverage, thumbnails, the manifest, which says complete from here on, and the report drawn from all."""
        total.check_rejects(STAGE, "samples were not made")
        figures = self.statistics = statistics_of_run(self.output)
        coverage.save(self.output, figures.exposure)
        shown = pictures(self.output, {(sample.part, sample.key) for sample in figures.samples})
        thumbnails.keep(self.output, shown, report.THUMBNAIL_SIDE)
        least = {"least_exposures": figures.exposure.least()}
        manifest.save(self.output, record | {"counts": total.as_dict([STAGE]) | least})
        report.write_report(self.output, figures)

    def draw(self) -> None:
        report.write_report(self.output)


def warn(result: Result) -> bool:
    """Say on standard error that characters were shown less often than wished, if so; return whether it was."""
    wished = result.settings.min_exposures
    below = coverage.below(result.statistics.exposure, wished)
    if below:
        print(
            f"curation: {below:,} characters were shown fewer than {wished} times, because images could not be made; "
            f"{coverage.path(result.settings.output)} names them",
            file=sys.stderr,
        )
    return below > 0
