"""Which Beam runner runs the pipeline, and with which options."""

from __future__ import annotations

import argparse
import os

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions, StandardOptions

from curation.mistake import Mistake

SMALL = 512
"""Inputs up to this many images run in this process: worker processes cost six CPU-seconds to start."""

IN_MEMORY, PROCESSES = "in_memory", "multi_processing"


class RunnerError(Mistake):
    """Options that would not run, or would not run right."""


def options(arguments: list[str], images: int) -> PipelineOptions:
    """Beam's options from the command line's unknown ones. Raises RunnerError.

    Without `--runner` it is FnApiRunner by name: in memory for small inputs, else a process a core.
    """
    _refuse_unknown(arguments)
    chosen = PipelineOptions(arguments)
    standard, direct = chosen.view_as(StandardOptions), chosen.view_as(DirectOptions)
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
    if not name or name == "FnApiRunner":
        standard.runner = "FnApiRunner"
        _choose_workers(direct, arguments, images)
    return chosen


def _choose_workers(direct: DirectOptions, arguments: list[str], images: int) -> None:
    given = {argument.split("=")[0] for argument in arguments}
    if "--direct_running_mode" not in given:
        many = direct.direct_num_workers > 1 if "--direct_num_workers" in given else images > SMALL
        direct.direct_running_mode = PROCESSES if many else IN_MEMORY
    if direct.direct_running_mode == PROCESSES and ("--direct_num_workers" not in given or not direct.direct_num_workers):
        direct.direct_num_workers = os.cpu_count() or 1


def describe(chosen: PipelineOptions) -> dict[str, object]:
    """The engine as the manifest names it."""
    standard, direct = chosen.view_as(StandardOptions), chosen.view_as(DirectOptions)
    engine: dict[str, object] = {"runner": standard.runner}
    if standard.runner == "FnApiRunner":
        workers = direct.direct_num_workers if direct.direct_running_mode == PROCESSES else 1
        engine |= {"mode": direct.direct_running_mode, "workers": workers}
    return engine


def _refuse_unknown(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    for cls in sorted(PipelineOptions.__subclasses__(), key=lambda cls: cls.__name__):
        cls._add_argparse_args(_Lenient(parser))
    try:
        _, unknown = parser.parse_known_args(arguments)
    except argparse.ArgumentError as error:
        raise RunnerError(str(error)) from error
    if unknown:
        raise RunnerError(f"unknown option {unknown[0]}; see curation run --help, and Beam's options of your runner")


class _Lenient:
    """Option classes of Beam define some options twice; the first definition is enough to know the name."""

    def __init__(self, parser: argparse.ArgumentParser):
        self._parser = parser

    def add_argument(self, *names: str, **settings: object) -> None:
        try:
            self._parser.add_argument(*names, **settings)  # type: ignore[arg-type]
        except argparse.ArgumentError:
            pass

    def add_mutually_exclusive_group(self, **settings: object) -> _Lenient:
        return self

    add_argument_group = add_mutually_exclusive_group
