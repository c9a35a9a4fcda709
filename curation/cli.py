"""The command line: `curation VERB …`.

Exit codes: 0 done, 2 the user's mistake (one line), 1 anything else.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from curation import summary
from curation.dispatch import explain
from curation.mistake import Mistake, Stopped, WorkerDied
from curation.recipe import FORMATS, load, plain_fields, read_recipe
from filters.base import Filter
from filters.registry import DEFAULT, OTHERS

RUN_HELP = """\
Curates images: reads them from a folder, WebDataset tars or Parquet
files, runs the stages of the recipe in order, and writes curated
shards, the signals of every image, rejects, a manifest and a report.

Several recipes are a chain: each runs on what the one before it kept.
NAME.yaml writes to DIR/NAME, and DIR/report.html shows them all.

A run that was killed is finished by the same command. Options that
are not listed go to Beam, for instance
  --direct_num_workers 8     eight processes on this machine
  --runner FlinkRunner --flink_master HOST   a cluster
"""

RUN_EXAMPLES = """\
examples:
  curation run --input photos/ --output curated/
  curation run recipe.yaml --set stages.blur.min_sharpness=40
  curation run s1.yaml s2.yaml --input photos/ --output stages/
  curation run --input 'gs://bucket/train-*.tar' \\
    --output gs://bucket/curated --set output.format=webdataset
"""


ANNOTATE_HELP = """\
Writes a caption and structured metadata for every image, and puts
them into the columns `caption` and `annotation`. What a model cannot
annotate goes to rejects/, with its raw reply.

engines:
  embedded   rules over OCR, colours and faces; needs no weights
  openai     any OpenAI-compatible server, vLLM first:
               vllm serve Qwen/Qwen2.5-VL-7B-Instruct \\
                 --structured-outputs-config '{"backend":"guidance",
                 "disable_any_whitespace":true}'
             the key is read from OPENAI_API_KEY
  vllm       vLLM in this process, on a GPU (pip install .[vllm])

A job that was killed is finished by the same command; replies that
were given are not asked for again. Options that are not listed go to
Beam, as in `curation run`.
"""

ANNOTATE_EXAMPLES = """\
examples:
  curation annotate curated/ --output annotated/
  curation annotate curated/ --output annotated/ --engine openai \\
    --endpoint http://gpu1:8000/v1 --endpoint http://gpu2:8000/v1
  curation annotate curated/ --output zh/ --engine vllm \\
    --model Qwen/Qwen2.5-VL-7B-Instruct --language zh
"""


SYNTH_HELP = """\
Makes images of text whose every character is known and verified, with
a caption that names the text, and an annotation with the exact text
and the box of every line and character. Nothing is read but corpora,
fonts and templates; sample i depends on the seed and i only.

tiers:
  pure           words, lines and paragraphs on clean backgrounds
  compositional  text written or printed on things in scenes
  complex        slides, screens, posters and cards

A job that was killed is finished by the same command. Options that
are not listed go to Beam, as in `curation run`. The output is an
input of `curation run`: recipes/verify.yaml reads the text back.
"""

SYNTH_EXAMPLES = """\
examples:
  curation synth pure --count 1000 --seed 7 --output text/
  curation synth pure --language zh --min-exposures 10 --output rare/
  curation synth compositional --count 500 --seed 7 --output scenes/ \\
    --corpus news.jsonl --fonts ~/fonts --backgrounds curated/
  curation run recipes/verify.yaml --input text/ --output verified/
"""


def stages_help() -> str:
    """Every stage with its thresholds and their defaults, in the default order."""
    lines = ["stages, in the default order, and their fields:", *_stage_lines(DEFAULT)]
    return "\n".join([*lines, "run only where a recipe names them:", *_stage_lines(OTHERS)])


def _stage_lines(filters: Mapping[str, type[Filter]]) -> list[str]:
    lines = []
    for name, cls in filters.items():
        fields = [f"{field}={value}" for field, value in plain_fields(cls()).items()]
        lines += textwrap.wrap(f"{name:<13} {', '.join(fields)}", 70, initial_indent="  ", subsequent_indent=" " * 16)
    return lines


ELSEWHERE = {
    "profile": ("curation.profiling.verb", "measure a sample, drop nothing"),
    "encode": ("curation.training.encode", "make latents and text embeddings ahead of a training"),
    "train": ("curation.training.run", "train a model on shards"),
    "sample": ("curation.training.sample", "make a picture from a checkpoint"),
    "balance": ("curation.balancing.verb", "keep the best of each domain, weigh to a target mix"),
    "calibrate": ("curation.calibration.verb", "label images around a threshold, and move it"),
}
"""Verbs whose module has HELP, EXAMPLES, add_arguments, main: it is imported where the verb is asked for, since some
need torch, which the base install has not."""


BEAMS = [["run"], ["profile"], ["annotate"], ["synth"], ["balance"], ["encode"]]
"""Verbs that hand options they do not know to Beam."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without repeating the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser(asked: str = "") -> argparse.ArgumentParser:
    """The parser of all verbs. Of those of ELSEWHERE it knows the options only if the verb is `asked` for."""
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
    run.add_argument(
        "recipe",
        nargs="*",
        metavar="RECIPE.yaml",
        help="one, or several as a chain; left out: the default seven stages",
    )
    run.add_argument("--input", metavar="PATH", help="folder, file or glob; local or gs://, s3://")
    run.add_argument(
        "--output", metavar="DIR", help="where the result goes, of a chain DIR/NAME each; must not hold another run"
    )
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="stages.STAGE.FIELD=VALUE",
        help="change one threshold of the recipe, or output.format; may be repeated",
    )

    _add_elsewhere(verbs, plain, asked, "profile")

    annotate = verbs.add_parser(
        "annotate",
        help="write captions and metadata",
        description=ANNOTATE_HELP,
        epilog=ANNOTATE_EXAMPLES,
        formatter_class=plain,
        allow_abbrev=False,
    )
    annotate.add_argument("input", metavar="SHARDS", help="the output of a run, or any folder, file or glob of images")
    annotate.add_argument("--output", metavar="DIR", required=True, help="where the result goes")
    annotate.add_argument("--engine", default="embedded", metavar="NAME", help="embedded (default), openai or vllm")
    annotate.add_argument(
        "--endpoint",
        action="append",
        default=[],
        metavar="URL",
        help="a server, for --engine openai; may be repeated, the load is balanced",
    )
    annotate.add_argument("--model", metavar="NAME", help="left out: the only one the server has")
    annotate.add_argument("--language", default="en", metavar="CODE", help="of captions: en (default) or zh")
    annotate.add_argument(
        "--concurrency", type=int, metavar="N", help="requests in flight a worker (openai 64, vllm 512)"
    )
    annotate.add_argument("--cache", metavar="DIR", help="keep replies here, for other jobs to use")
    annotate.add_argument(
        "--no-ocr", action="store_true", help="do not compare replies with OCR and the watermark filter"
    )
    annotate.add_argument("--format", default="parquet", choices=FORMATS, help="of the shards: parquet or webdataset")

    _add_synth(verbs, plain)
    _add_elsewhere(verbs, plain, asked, "encode", "train", "sample")

    report = verbs.add_parser("report", help="draw OUT/report.html anew", description="Draws OUT/report.html anew.")
    report.add_argument("output", metavar="OUT", help="the output folder of a run")

    _add_elsewhere(verbs, plain, asked, "balance", "calibrate")

    story = verbs.add_parser(
        "explain",
        help="all that is known of one image",
        description="Prints everything a run knows of one image, from source shard to verdict.",
    )
    story.add_argument("output", metavar="OUT", help="the output folder of a run")
    story.add_argument("key", metavar="KEY", help="the image's key, as in signals/ and shards/")
    return top


def _add_elsewhere(verbs: Any, plain: Any, asked: str, *names: str) -> None:
    for name in names:
        module, line = ELSEWHERE[name]
        verb = verbs.add_parser(name, help=line, formatter_class=plain, allow_abbrev=False)
        if name == asked:
            loaded = _module(module, name)
            verb.description, verb.epilog = loaded.HELP, loaded.EXAMPLES
            loaded.add_arguments(verb)


def _add_synth(verbs: Any, plain: Any) -> None:
    synth = verbs.add_parser(
        "synth",
        help="make images of text",
        description=SYNTH_HELP,
        epilog=SYNTH_EXAMPLES,
        formatter_class=plain,
        allow_abbrev=False,
    )
    synth.add_argument("tier", metavar="TIER", help="pure, compositional or complex")
    synth.add_argument("--output", metavar="DIR", required=True, help="where the result goes")
    synth.add_argument("--count", type=int, metavar="N", help="how many images")
    synth.add_argument("--seed", type=int, default=0, metavar="S", help="another seed makes other images (default 0)")
    synth.add_argument(
        "--corpus",
        action="append",
        default=[],
        metavar="PATH",
        help="text: .txt, .jsonl or .parquet; may be repeated; left out: texts that come with the package",
    )
    synth.add_argument(
        "--fonts",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of fonts; may be repeated; left out: the installed font packages",
    )
    synth.add_argument("--templates", metavar="DIR", help="a folder of .pptx and .yaml, for complex; left out: ours")
    synth.add_argument("--backgrounds", metavar="SHARDS", help="photos for scenes: the output of a run, or any images")
    synth.add_argument("--language", default="en,zh,mixed", metavar="CODES", help="of en, zh and mixed; left out: all")
    synth.add_argument(
        "--grade", default="word,line,paragraph", metavar="NAMES", help="of word, line and paragraph; left out: all"
    )
    synth.add_argument("--size", type=int, default=1024, metavar="PX", help="images have PX² pixels or about (1024)")
    synth.add_argument(
        "--ratio",
        default="1:1,2:3,3:2,3:4,4:3,9:16,16:9,1:3,3:1",
        metavar="RATIOS",
        help="width to height, of 1:1, 2:3, 3:2, 3:4, 4:3, 9:16, 16:9, 1:3, 3:1; left out: all",
    )
    synth.add_argument(
        "--min-exposures",
        type=int,
        metavar="N",
        help="show each of the 8,105 standard Chinese characters at least N times; sets --count where that is left out",
    )
    synth.add_argument(
        "--engine",
        action="append",
        default=[],
        metavar="NAME",
        help="for complex: libreoffice draws the slides, chromium the screens, posters and cards; may be repeated",
    )
    synth.add_argument("--keep-pptx", action="store_true", help="keep the edited slides in files/")
    synth.add_argument("--format", default="parquet", metavar="NAME", help="of the shards: parquet or webdataset")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    logging.basicConfig(level=logging.ERROR)  # before Beam is imported, which warns of packages nobody asked for
    ours, beams = list(sys.argv[1:] if arguments is None else arguments), list[str]()
    try:
        if ours[:1] in BEAMS and not {"-h", "--help"} & set(ours):
            from curation import runners  # here, because importing Beam takes a second that `explain` need not wait

            ours, beams = runners.split(ours)
        known = parser(ours[0] if ours else "").parse_args(ours)
        return VERBS[known.verb](known, beams)
    except Mistake as error:
        return _mistake(str(error))
    except Stopped as error:
        print(f"curation: {error}; the same command goes on from here", file=sys.stderr, flush=True)
        if isinstance(error, WorkerDied):
            os._exit(1)  # not `return`: threads of the runner still wait for the dead
        return 1
    except BrokenPipeError:  # a reader such as `head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("curation: stopped; the same command goes on from here", file=sys.stderr, flush=True)
        os._exit(1)


def _mistake(message: str) -> int:
    print(f"curation: {message}", file=sys.stderr)
    return 2


def _run(known: argparse.Namespace, beams: list[str]) -> int:
    if len(known.recipe) > 1:
        return _run_chain(known, beams)
    recipe = load(read_recipe(*known.recipe), known.input, known.output, known.set)
    from curation.run import run

    total = run(recipe, beams)
    print(summary.of_run(recipe.output, total.as_dict([stage.name for stage in recipe.stages])))
    return 0


def _run_chain(known: argparse.Namespace, beams: list[str]) -> int:
    from curation.chain.parts import parts
    from curation.chain.run import run_chain

    texts = [(path, read_recipe(path)) for path in known.recipe]
    chain = parts(texts, known.input, known.output, known.set)
    totals = run_chain(chain, known.output, beams)
    counts = {
        part.name: total.as_dict([stage.name for stage in part.recipe.stages])
        for part, total in zip(chain, totals, strict=True)
    }
    print(summary.of_chain(known.output, counts))
    return 0


def _annotate(known: argparse.Namespace, beams: list[str]) -> int:
    from annotate.signals import STAGE
    from curation.annotation.run import Wishes, annotate

    wishes = Wishes(
        known.input,
        known.output,
        known.engine,
        known.endpoint,
        known.model,
        known.language,
        known.concurrency,
        known.cache,
        not known.no_ocr,
        known.format,
    )
    settings, total = annotate(wishes, beams)
    print(f"{'images read':<14}{total.read:>10,}")
    print(f"{'unreadable':<14}{total.read - total.kept - total.dropped[STAGE]:>10,}")
    print(f"{'rejected':<14}{total.dropped[STAGE]:>10,}")
    print(f"{'annotated':<14}{total.kept:>10,}  by {settings.model}")
    print(f"\nreport: {settings.output.rstrip('/')}/report.html")
    return 0


def _synth(known: argparse.Namespace, beams: list[str]) -> int:
    try:
        from curation.synthesis.run import Wishes, synth, warn
    except ImportError as error:
        return _mistake(f"curation synth needs packages that are not installed ({error}); pip install '.[synth]'")

    wishes = Wishes(
        known.tier,
        known.output,
        known.count,
        known.seed,
        known.corpus,
        known.fonts,
        known.templates,
        known.backgrounds,
        _names(known.language),
        _names(known.grade),
        known.size,
        known.min_exposures,
        known.keep_pptx,
        known.format,
        _names(known.ratio),
        known.engine,
    )
    result = synth(wishes, beams)
    made, least = result.statistics, result.statistics.exposure.least()
    print(f"{'images asked for':<18}{made.total:>10,}")
    print(f"{'not made':<18}{made.failed:>10,}")
    print(f"{'made':<18}{made.made:>10,}  in {made.attempts:,} attempts")
    if least or known.min_exposures:
        print(f"{'exposures':<18}{least:>10,}  at least, of each of the 8,105 standard Chinese characters")
    print(f"\nreport: {result.settings.output.rstrip('/')}/report.html")
    return 1 if warn(result) else 0


def _module(module: str, verb: str) -> Any:
    """Raises Mistake where a package is missing."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise Mistake(
            f"curation {verb} needs packages that are not installed ({error}); pip install '.[train]'"
        ) from error


def _elsewhere(known: argparse.Namespace, beams: list[str]) -> int:
    result: int = _module(ELSEWHERE[known.verb][0], known.verb).main(known, beams)
    return result


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _report(known: argparse.Namespace, beams: list[str]) -> int:
    from curation import manifest
    from curation.dispatch import write_report

    if manifest.load(known.output) is None:
        return _mistake(f"{known.output} holds no run: there is no run.json")
    print(write_report(known.output))
    return 0


def _explain(known: argparse.Namespace, beams: list[str]) -> int:
    print(explain(known.output, known.key))
    return 0


VERBS = {
    "run": _run,
    "annotate": _annotate,
    "synth": _synth,
    **dict.fromkeys(ELSEWHERE, _elsewhere),
    "report": _report,
    "explain": _explain,
}


if __name__ == "__main__":
    sys.exit(main())
