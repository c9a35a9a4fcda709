"""The command line: `curation VERB …`.

Exit codes: 0 done, 2 the user's mistake (one line), 1 anything else.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from curation.explain import explain
from curation.mistake import Mistake, WorkerDied
from curation.recipe import Recipe, RecipeError, load, plain_fields
from filters.registry import FILTERS

RUN_HELP = """\
Curates images: reads them from a folder, WebDataset tars or Parquet
files, runs the stages of the recipe in order, and writes curated
shards, the signals of every image, rejects, a manifest and a report.

A run that was killed is finished by the same command. Options that
are not listed go to Beam, for instance
  --direct_num_workers 8     eight processes on this machine
  --runner FlinkRunner --flink_master HOST   a cluster
"""

RUN_EXAMPLES = """\
examples:
  curation run --input photos/ --output curated/
  curation run recipe.yaml --set stages.blur.min_sharpness=40
  curation run --input 'gs://bucket/train-*.tar' \\
    --output gs://bucket/curated --set output.format=webdataset
"""


def stages_help() -> str:
    """Every stage with its thresholds and their defaults, in the default order."""
    lines = ["stages, in the default order, and their fields:"]
    for name, cls in FILTERS.items():
        fields = [f"{field}={value}" for field, value in plain_fields(cls()).items()]
        lines += textwrap.wrap(f"{name:<13} {', '.join(fields)}", 70, initial_indent="  ", subsequent_indent=" " * 16)
    return "\n".join(lines)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without repeating the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The parser of all verbs."""
    top = Parser(prog="curation", description="Turns raw images into the data a text-to-image model is trained on.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    plain = argparse.RawDescriptionHelpFormatter

    run = verbs.add_parser(
        "run",
        help="filter images by a recipe",
        description=RUN_HELP,
        epilog=f"{stages_help()}\n\n{RUN_EXAMPLES}",
        formatter_class=plain,
        allow_abbrev=False,
    )
    run.add_argument("recipe", nargs="?", metavar="RECIPE.yaml", help="left out: the default seven stages")
    run.add_argument("--input", metavar="PATH", help="folder, file or glob; local or gs://, s3://")
    run.add_argument("--output", metavar="DIR", help="where the result goes; must not hold another run")
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="stages.STAGE.FIELD=VALUE",
        help="change one threshold of the recipe, or output.format; may be repeated",
    )

    report = verbs.add_parser("report", help="draw OUT/report.html anew", description="Draws OUT/report.html anew.")
    report.add_argument("output", metavar="OUT", help="the output folder of a run")

    story = verbs.add_parser(
        "explain",
        help="all that is known of one image",
        description="Prints everything a run knows of one image, from source shard to verdict.",
    )
    story.add_argument("output", metavar="OUT", help="the output folder of a run")
    story.add_argument("key", metavar="KEY", help="the image's key, as in signals/ and shards/")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    logging.basicConfig(level=logging.ERROR)  # before Beam is imported, which warns of packages nobody asked for
    ours, beams = list(sys.argv[1:] if arguments is None else arguments), list[str]()
    try:
        if ours[:1] == ["run"] and not {"-h", "--help"} & set(ours):
            from curation import runners  # here, because importing Beam takes a second that `explain` need not wait

            ours, beams = runners.split(ours)
        known = parser().parse_args(ours)
        return VERBS[known.verb](known, beams)
    except Mistake as error:
        return _mistake(str(error))
    except WorkerDied as error:
        print(f"curation: {error}; the same command goes on from here", file=sys.stderr, flush=True)
        os._exit(1)  # not `return`: threads of the runner still wait for the dead
    except KeyboardInterrupt:
        print("curation: stopped; the same command goes on from here", file=sys.stderr, flush=True)
        os._exit(1)


def _mistake(message: str) -> int:
    print(f"curation: {message}", file=sys.stderr)
    return 2


def _run(known: argparse.Namespace, beams: list[str]) -> int:
    recipe = load(_read_recipe(known.recipe), known.input, known.output, known.set)
    from curation.run import run

    total = run(recipe, beams)
    print(_summary(recipe, total.as_dict(recipe.stages)))
    return 0


def _read_recipe(path: str | None) -> str:
    if path is None:
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"cannot read the recipe {path}: {getattr(error, 'strerror', None) or error}") from error


def _summary(recipe: Recipe, counts: dict[str, Any]) -> str:
    """The funnel, for a terminal of 80 columns or fewer."""
    read = counts["read"]
    lines = [f"{'stage':<14}{'read':>10}{'dropped':>10}{'failed':>8}{'kept':>10}"]
    lines.append(f"{'(decode)':<14}{read:>10,}{'':>10}{counts['unreadable']:>8,}{read - counts['unreadable']:>10,}")
    for row in counts["stages"]:
        figures = f"{row['read']:>10,}{row['dropped']:>10,}{row['failed']:>8,}{row['kept']:>10,}"
        lines.append(f"{row['stage']:<14}{figures}")
    share = f" ({counts['kept'] / read:.0%})" if read else ""
    lines.append(f"\nkept {counts['kept']:,} of {read:,} images{share}")
    lines.append(f"report: {recipe.output.rstrip('/')}/report.html")
    return "\n".join(lines)


def _report(known: argparse.Namespace, beams: list[str]) -> int:
    from curation import manifest
    from curation.report import write_report

    if manifest.load(known.output) is None:
        return _mistake(f"{known.output} holds no run: there is no run.json")
    print(write_report(known.output))
    return 0


def _explain(known: argparse.Namespace, beams: list[str]) -> int:
    print(explain(known.output, known.key))
    return 0


VERBS = {"run": _run, "report": _report, "explain": _explain}


if __name__ == "__main__":
    sys.exit(main())
