"""Which Beam runner runs the pipeline, and with which options."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner.fn_runner import ExtendedProvisionInfo, FnApiRunner
from apache_beam.runners.portability.portable_runner import JobServiceHandle
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from curation.mistake import Mistake, WorkerDied

SMALL = 512
"""Inputs up to this many images run in this process: worker processes cost six CPU-seconds to start."""

IN_MEMORY, PROCESSES = "in_memory", "multi_processing"


class RunnerError(Mistake):
    """Options that would not run, or would not run right."""


@contextmanager
def ended_by_dead_workers() -> Iterator[None]:
    """Raises WorkerDied in the main thread when a worker process dies: FnApiRunner would wait for it for ever."""
    died: list[str] = []
    stopping: list[bool] = []
    usual = threading.excepthook, signal.getsignal(signal.SIGINT)

    def interrupt(*_: object) -> None:
        stopping.append(True)
        raise KeyboardInterrupt

    def hook(event: threading.ExceptHookArgs) -> None:
        if stopping:  # workers that are torn from their work die loudly
            return
        if event.thread and event.thread.name == "run_worker":
            died.append(str(event.exc_value))
            os.kill(os.getpid(), signal.SIGINT)  # a signal, because the main thread waits on a lock
        else:
            usual[0](event)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, interrupt)
    threading.excepthook = hook
    try:
        yield
    except BaseException as error:
        if died:
            raise WorkerDied(f"a worker process died ({died[0]}), perhaps for want of memory") from error
        if stopping:  # Beam wraps it in an error of its own
            raise KeyboardInterrupt from error
        raise
    finally:
        threading.excepthook = usual[0]
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, usual[1])


@contextmanager
def _quiet() -> Iterator[None]:
    """Beam logs its own workings, and errors that it raises as well; what users must know is said elsewhere."""
    logger = logging.getLogger("apache_beam")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


@dataclass(frozen=True)
class Engine:
    """What runs the pipeline: Beam's options, the runner (None: the one they name), its name for the manifest."""

    options: PipelineOptions
    runner: PipelineRunner | None
    about: dict[str, object]


def execute(engine: Engine, build: Callable[[beam.Pipeline], None]) -> None:
    """Run the pipeline that `build` makes, to its end. Raises WorkerDied, KeyboardInterrupt, and what Beam raises."""
    with ended_by_dead_workers(), _quiet():
        pipeline = beam.Pipeline(engine.runner, engine.options)
        build(pipeline)
        pipeline.run().wait_until_finish()


def engine(arguments: list[str], images: int) -> Engine:
    """The engine for Beam's part of the command line. Raises RunnerError.

    Without `--runner` it is FnApiRunner by name: in memory for small inputs, else a process a core.
    """
    options = PipelineOptions(arguments)
    standard, direct = options.view_as(StandardOptions), options.view_as(DirectOptions)
    name = (standard.runner or "").rpartition(".")[2]
    if name in ("DirectRunner", "PrismRunner", "SwitchingDirectRunner"):
        raise RunnerError(
            f"--runner {name} may switch engines unasked, by what it can download; "
            "leave it out or write --runner FnApiRunner"
        )
    if direct.direct_running_mode == "multi_threading":
        raise RunnerError(
            "--direct_running_mode multi_threading loses elements silently in this version of Beam; "
            "use multi_processing"
        )
    if name and name != "FnApiRunner":
        return Engine(options, None, {"runner": standard.runner})
    workers = _workers(direct, arguments, images)
    about = {"runner": "FnApiRunner", "mode": PROCESSES if workers > 1 else IN_MEMORY, "workers": workers}
    standard.runner, direct.direct_running_mode, direct.direct_num_workers = "FnApiRunner", IN_MEMORY, workers
    return Engine(options, FnApiRunner() if workers == 1 else _processes(options), about)


def _workers(direct: DirectOptions, arguments: list[str], images: int) -> int:
    """How many processes: as many as asked for (0: a core each), else one for small inputs."""
    given = {argument.split("=")[0] for argument in arguments}
    cores = os.cpu_count() or 1
    if "--direct_num_workers" in given:
        return direct.direct_num_workers or cores
    if "--direct_running_mode" in given:
        return cores if direct.direct_running_mode == PROCESSES else 1
    return cores if images > SMALL else 1


def _processes(options: PipelineOptions) -> PipelineRunner:
    """FnApiRunner with worker processes of ours, which it hands the options to (stock, it does not: no S3 for them)."""
    command = f"{shlex.quote(sys.executable)} -m curation.worker"
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options(drop_default=True))
    info = beam_provision_api_pb2.ProvisionInfo(retrieval_token="none", pipeline_options=encoded)
    return FnApiRunner(SubprocessSDKEnvironment(command), provision_info=ExtendedProvisionInfo(info))


def split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """(ours, Beam's): the command line parted by the options Beam knows. Raises RunnerError for values they refuse."""
    _import_runner(arguments)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for cls in sorted(PipelineOptions.__subclasses__(), key=lambda cls: cls.__name__):
        cls._add_argparse_args(_Lenient(parser))  # type: ignore[arg-type]
    try:
        _, ours = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise RunnerError(str(error)) from error
    left, beams = list(ours), []
    for argument in arguments:  # `ours` is `arguments` with Beam's left out, in order
        if left and left[0] == argument:
            left.pop(0)
        else:
            beams.append(argument)
    return ours, beams


def _import_runner(arguments: Sequence[str]) -> None:
    """A runner given by its full name brings options of its own."""
    joined = " ".join(arguments).replace("=", " ").split(" ")
    names = [value for option, value in pairwise(joined) if option == "--runner" and "." in value]
    for name in names:
        try:
            importlib.import_module(name.rpartition(".")[0])
        except ImportError as error:
            raise RunnerError(f"--runner {name} cannot be imported: {error}") from error


class _Lenient:
    """Option classes of Beam define some options twice; the first definition is enough to know the name."""

    def __init__(self, parser: argparse.ArgumentParser):
        self._parser = parser

    def add_argument(self, *names: str, **settings: object) -> None:
        with suppress(argparse.ArgumentError):
            self._parser.add_argument(*names, **settings)  # type: ignore[arg-type]

    def add_mutually_exclusive_group(self, **settings: object) -> _Lenient:
        return self

    add_argument_group = add_mutually_exclusive_group
