"""The training run: the phases of the curriculum, step by step, from wherever it was left.

A step takes the next batch and lowers the objective. Every so many steps follow a line of the log, a sheet of samples
and a checkpoint, in this order: what a killed run did after its last checkpoint is done again, and comes out the same.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from train import checkpoint, dpo
from train.assembly import Parts, assemble
from train.chance import Chance, mixed
from train.checkpoint import About, State
from train.config import Config
from train.curriculum import Stretch, stretches
from train.data import Batches, Source
from train.inputs import digests
from train.legibility import Reader
from train.log import Diverged, Log, Meter
from train.objective import FlowMatching, Objective
from train.optimiser import Average, adamw, clip, trained
from train.sampling import Wish, sheet
from train.schedule import rate
from train.speed import peak
from train.world import World


@dataclass(frozen=True)
class Result:
    """What came of a run. `loss` of the last line of the log, `letters`: the share of right letters in the last sheet,
    both None where nothing was left to do; `made_with`: encoder, codec and digests of the data."""

    steps: int
    loss: float | None
    letters: float | None
    made_with: dict[str, str]


def train(config: Config, world: World, read: Reader | None = None) -> Result:
    """Do a run, or finish what an earlier, killed one began.

    `read` reads the samples whose prompt quotes text. Raises ValueError, one line, for what the user got wrong, and
    Diverged if the loss is no number any more.
    """
    return Trainer(config, world, read).run()


def model_folder(output: str) -> Path:
    """Where a run that is complete leaves its weights, as diffusers loads them."""
    return Path(output) / "model"


class Trainer:
    """A run at work in one of its processes."""

    def __init__(self, config: Config, world: World, read: Reader | None):
        self.config, self.world, self.read = config, world, read
        self.parts = assemble(config, world)
        self.parts.check_memory()
        self.parts.check_data()
        self.made_with = self.parts.made_with | {f"data {path}": held for path, held in digests(config).items()}
        self.objective = _objective(self.parts)
        self.model = self.parts.model()
        self.optimiser = adamw(self.model, config.optimiser)
        self.average = Average(self.model, config.ema) if config.ema else None
        self.state = State(self.model, self.optimiser, self.average)
        self.done = self._resume()
        self.log = Log(config.output, self.done) if world.first else None
        self.meter = Meter(world.device)
        self.sampler = self.parts.sampler()
        self.feeds: list[Batches] = []
        self.skipped, self.cut = Counter[str](), 0
        self.clock, self.waited = time.perf_counter(), 0.0
        self.loss: float | None = None
        self.letters: float | None = None

    def run(self) -> Result:
        for stretch in stretches(self.config.phases, self.done):
            feed = self._feed(stretch)
            self._restart_clock()
            for step in range(max(self.done, stretch.first), stretch.last):
                self._step(step, stretch, next(feed))
                self._report(step + 1, stretch)
            self.skipped, self.cut = self._skipped(), self._cut()
        with self._averaged():
            self.parts.export(self.model, model_folder(self.config.output))
        if self.log:
            self.log.close()
        return Result(self.config.steps, self.loss, self.letters, self.made_with)

    def _resume(self) -> int:
        """Take up the last checkpoint of this output, if there is one; the number of steps done."""
        found = checkpoint.every(self.config.output)
        if not found:
            return 0
        about = checkpoint.about(found[-1])
        checkpoint.check(found[-1], about, self.config.decisive(), self.made_with)
        checkpoint.load(found[-1], self.state)
        return about.step

    def _feed(self, stretch: Stretch) -> Iterator[Sequence[Any]]:
        """The items of this process, a list a step."""
        phase = stretch.phase
        self.feeds = [self._batches(sources, stretch) for sources in (phase.sources, phase.losers) if sources]
        if phase.losers:
            winners, losers = self.feeds
            return dpo.pairs(winners, losers, self.skipped)
        return iter(self.feeds[0])

    def _batches(self, sources: Sequence[Source], stretch: Stretch) -> Batches:
        return Batches(
            sources,
            mixed(self.config.seed, stretch.number),
            stretch.phase.batch,
            stretch.phase.resolution,
            self.parts.codec,
            self.parts.encoder,
            self.parts.seat,
            self.parts.seats,
            max(0, self.done - stretch.first),
        )

    def _step(self, step: int, stretch: Stretch, items: Sequence[Any]) -> None:
        """Lower the objective on the items of this process, which are a slice of the batch."""
        lr = rate(step, self.config.steps, self.config.optimiser)
        for group in self.optimiser.param_groups:
            group["lr"] = lr
        first = self.parts.seat * len(items)
        chances = [Chance(self.config.seed, step, first + number) for number in range(len(items))]
        parts = stretch.phase.accumulation
        side = len(items) // parts
        for start in range(0, len(items), side):
            outcome = self.objective(self.model, items[start : start + side], chances[start : start + side])
            (outcome.loss / parts).backward()
            self.meter.add(outcome)
        length = clip(trained(self.model), self.config.optimiser.clip)
        self.optimiser.step()
        self.optimiser.zero_grad()
        if self.average:
            self.average.update(self.model, step)
        self.meter.step(length)

    def _report(self, done: int, stretch: Stretch) -> None:
        """After so many steps: whatever is due."""
        config, last = self.config, done == self.config.steps
        keeps = last or done % config.checkpoints.every == 0
        shows = bool(config.samples.prompts) and (last or done % config.samples.every == 0)
        if keeps or shows or done == stretch.last or done % config.log_every == 0:
            self._tell(done, stretch)
        if shows:
            self._show(done)
        if keeps:
            self._keep(done)
        if keeps or shows:
            self._restart_clock()

    def _tell(self, done: int, stretch: Stretch) -> None:
        """A line of the log."""
        seconds, steps = time.perf_counter() - self.clock, self.meter.steps
        known = self.meter.read(self.world)
        if not math.isfinite(known["loss"]):
            raise Diverged(f"the loss is {known['loss']} after {done} steps: lower optimiser.lr, or raise its warmup")
        tensor = self.config.parallel.tensor  # processes that work on the same samples
        flops = known.pop("flops") / tensor
        skipped, cut = zip(*self.world.gathered((self._skipped(), self._cut()))[::tensor], strict=True)
        fastest = peak(self.world.device, self.config.precision)
        line = {
            "step": done,
            "phase": stretch.number,
            **known,
            "lr": self.optimiser.param_groups[0]["lr"],
            "samples_per_s": steps * stretch.phase.batch / seconds,
            "mfu": flops / seconds / (fastest * self.world.size) if fastest else None,
            "data_wait": (sum(feed.wait_seconds for feed in self.feeds) - self.waited) / seconds,
            "skipped": dict(sorted(sum(skipped, Counter[str]()).items())),
            "cut": sum(cut),
        }
        self.loss = known["loss"]
        if self.log:
            self.log.write(line)
            self.log.speak(line, self.config.steps)
        self.meter.clear()
        self._restart_clock()

    def _show(self, done: int) -> None:
        """A sheet of samples, and how much of its text can be read."""
        wishes = wishes_of(self.config)
        with self._averaged():
            pictures = self.sampler(self.model, wishes)
        if not self.log:
            return
        columns = len(self.config.samples.sizes)
        shown = sheet(wishes, pictures, columns if columns > 1 else math.ceil(math.sqrt(len(wishes))), self.read)
        shown.save(Path(self.config.output) / "samples" / f"step-{done:06}.png")
        self.log.picture("samples", shown.pixels, done)
        self.letters = shown.letters
        if shown.letters is not None:
            self.log.write({"step": done, "letters": shown.letters})

    def _keep(self, done: int) -> None:
        """A checkpoint."""
        about = About(done, self.config.as_dict(), self.made_with)
        checkpoint.save(self.config.output, self.config.checkpoints.keep, about, self.state, self.world)

    def _averaged(self) -> AbstractContextManager[None]:
        """The model has the average's weights for the while, where there is an average."""
        return self.average.within(self.model) if self.average else nullcontext()

    def _skipped(self) -> Counter[str]:
        """Rows that this process could not use since it started, by cause."""
        return sum((feed.skipped for feed in self.feeds), self.skipped)

    def _cut(self) -> int:
        """Captions that were too long for the encoder, of this process since it started."""
        return sum((feed.cut for feed in self.feeds), self.cut)

    def _restart_clock(self) -> None:
        self.clock, self.waited = time.perf_counter(), sum(feed.wait_seconds for feed in self.feeds)


def _objective(parts: Parts) -> Objective[Any]:
    """What the config asks for."""
    config = parts.config
    if config.preferences:
        return dpo.FlowDPO(parts.numerics, parts.model().requires_grad_(False), config.preferences.beta)
    return FlowMatching(parts.numerics, config.dropout, parts.encoder.encode([""])[0])


def wishes_of(config: Config) -> list[Wish]:
    """The samples of a config: every prompt in every size."""
    side = config.phases[-1].resolution
    sizes = config.samples.sizes or ((side, side),)
    return [
        Wish(prompt, width, height, number)
        for number, prompt in enumerate(config.samples.prompts)
        for width, height in sizes
    ]
