"""`curation encode`: latents and text embeddings ahead of the training, which may already be reading them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from curation import manifest, output, runners, storage
from curation.account import Account
from curation.mistake import Mistake, SettingsError, one_line
from curation.progress import Progress
from curation.runners import Engine
from curation.shards.plan import Plan, make_plan
from curation.training.encode_settings import Settings
from curation.training.encode_worker import STAGE, build
from train.data import encoded
from train.data.buckets import STEP
from train.data.encoded import Format
from train.data.pictures import check_captions, tallies

PACKAGES = ("torch",)
"""Packages whose versions decide the result, beyond those of every manifest."""

HELP = """\
Turns pictures and captions into latents and text embeddings, which
`curation train` reads as it reads pictures, without codec and text
encoder having to run beside the training. A training may start at
once: it follows this job, and waits where it is faster.

codec and encoder:
  --config CONFIG.yaml       as a training has them, its resolution too
  --codec dct --encoder letters   by name; need no weights (default)
  --codec qwen:PATH --encoder qwen:PATH   of Qwen-Image, by hub name or
                             folder

A job that was killed is finished by the same command. Options that
are not listed go to Beam, as in `curation run`.
"""

EXAMPLES = """\
examples:
  curation encode text/ --output latents/ --config train.yaml
  curation encode annotated/ --output latents/ --size 640 \\
    --codec qwen:Qwen/Qwen-Image --encoder qwen:Qwen/Qwen-Image
"""


@dataclass(frozen=True)
class Wishes:
    """What the user said, None where nothing."""

    input: str
    output: str
    config: str | None = None
    codec: str | None = None
    encoder: str | None = None
    size: int | None = None
    caption: str = "caption"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("input", metavar="SHARDS", help="the output of another command, or any shards with captions")
    parser.add_argument("--output", metavar="DIR", required=True, help="where the result goes")
    parser.add_argument("--config", metavar="CONFIG.yaml", help="a training's: its codec, encoder and resolution")
    parser.add_argument("--codec", metavar="NAME[:PATH]", help="dct (default) or qwen:PATH")
    parser.add_argument("--encoder", metavar="NAME[:PATH]", help="letters (default) or qwen:PATH")
    parser.add_argument("--size", type=int, metavar="PX", help="pictures have about PX² pixels, a phase's resolution")
    parser.add_argument("--caption", default="caption", metavar="COLUMN", help="left out: caption")


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks, and say what came of it."""
    wishes = Wishes(known.input, known.output, known.config, known.codec, known.encoder, known.size, known.caption)
    settings, total = encode(wishes, beams)
    print(f"{'rows read':<14}{total.read:>10,}")
    print(f"{'rejected':<14}{total.read - total.kept:>10,}")
    print(f"{'encoded':<14}{total.kept:>10,}")
    print(f"\nshards: {settings.output.rstrip('/')}/shards")
    return 0


def encode(wishes: Wishes, beam_arguments: list[str]) -> tuple[Settings, Account]:
    """Encode shards, or finish what an earlier, killed job began.

    Raises a subclass of Mistake for what the user got wrong, Mismatch if rows were lost.
    """
    FileSystems.set_options(PipelineOptions(beam_arguments))
    settings = resolve(wishes)
    output.check_paths(settings.input, settings.output)
    try:
        if encoded.load_plan(settings.input):
            raise SettingsError(f"{settings.input} is encoded already: name the shards that it was made of")
        plan = make_plan(settings.input)
        check_captions(plan, [settings.caption])
        tallies(plan, labelled=True)  # kept: said before anything is written, if a weight is none
        _, about = settings.build()
    except Mistake:
        raise
    except ValueError as error:
        raise SettingsError(one_line(error)) from error
    engine = runners.engine(beam_arguments, 0 if settings.needs_weights() else plan.images)
    if _workers(engine) > 1:
        settings = replace(settings, threads=1)
    return settings, output.complete(Encoding(settings, about, plan, engine))


def resolve(wishes: Wishes) -> Settings:
    """The settings that these wishes make. Raises SettingsError."""
    if wishes.config and (wishes.codec or wishes.encoder):
        raise SettingsError("--config says which codec and encoder: leave out --codec and --encoder")
    codec, encoder = _named("codec", wishes.codec or "dct"), _named("encoder", wishes.encoder or "letters")
    sizes = {256}
    if wishes.config:
        from curation.training.run import load  # here, because it loads the whole trainer

        config = load(wishes.config, [])
        codec, encoder = config.latents, config.text
        sizes = {phase.resolution for phase in config.phases}
    if wishes.size is None and len(sizes) > 1:
        raise SettingsError(f"{wishes.config} has phases of {_listed(sizes)} px: say which, --size N, an output each")
    size = wishes.size or sizes.pop()
    if size < STEP or size % STEP:
        raise SettingsError(f"--size must be a multiple of {STEP}, not {size}")
    return Settings(
        storage.absolute(wishes.input),
        storage.absolute(wishes.output),
        json.dumps(codec, sort_keys=True),
        json.dumps(encoder, sort_keys=True),
        size,
        wishes.caption,
    )


def _named(kind: str, text: str) -> Mapping[str, Any]:
    name, colon, path = text.partition(":")
    return {kind: name, "path": path} if colon else {kind: name}


def _listed(sizes: set[int]) -> str:
    return ", ".join(map(str, sorted(sizes)))


def _workers(engine: Engine) -> int:
    """How many work; 0 where only the runner knows."""
    return int(str(engine.about.get("workers", 0)))


class Encoding(output.Job):
    """Settings at work on a planned input."""

    format = "parquet"

    def __init__(self, settings: Settings, about: Format, plan: Plan, engine: Engine):
        self.settings, self.about, self.plan, self.engine = settings, about, plan, engine
        self.output = settings.output
        digest = settings.digest(about)
        self.record = manifest.begin("encode", settings.as_dict(about), digest, plan, {}, engine.about, PACKAGES)

    def execute(self, done: set[int]) -> None:
        """The plan first, so that a training can begin."""
        rows = [unit.rows for unit in self.plan.units]
        encoded.save_plan(self.output, encoded.Plan(self.about, rows, tallies(self.plan, labelled=True)))
        with Progress(self.output, rows, [STAGE]):
            workers = _workers(self.engine)
            runners.execute(self.engine, lambda job: build(job, self.settings, self.plan.units, done, workers))

    def publish(self, record: dict[str, Any], total: Account) -> None:
        """The manifest, which says complete from here on."""
        total.check_rejects(STAGE, "rows were not encoded")
        manifest.save(self.output, record | {"counts": total.as_dict([STAGE])})

    def draw(self) -> None:
        """There is nothing to see."""
