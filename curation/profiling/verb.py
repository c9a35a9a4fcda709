"""`curation profile` on the command line."""

from __future__ import annotations

import argparse

from curation.recipe import read_recipe

HELP = """\
Measures every signal on a sample of the images, and drops nothing:
how the signals are distributed and go together, what each stage
would drop alone and in turn, and thresholds that drop 0.5, 1, 2 and
5 percent, as recipes. The sample depends on the images' keys and the
seed: the same rows on any machine.

A profile that was killed is finished by the same command. Options
that are not listed go to Beam, as in `curation run`.
"""

EXAMPLES = """\
examples:
  curation profile photos/
  curation profile photos/ --sample 5000 --seed 1 --output wide/
  curation profile 'gs://bucket/train-*.tar' --recipe s1.yaml \\
    --output gs://bucket/profile
  curation run profile/suggested/1-percent.yaml --input photos/ \\
    --output curated/
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("input", metavar="INPUT", help="folder, file or glob; local or gs://, s3://")
    parser.add_argument("--output", metavar="DIR", default="profile", help="where the result goes (profile/)")
    parser.add_argument("--sample", type=int, default=1000, metavar="N", help="how many images (1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another seed draws others (0)")
    parser.add_argument(
        "--recipe", metavar="RECIPE.yaml", help="its stages, order and thresholds; left out: every stage's defaults"
    )


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks, and say what came of it."""
    from curation.profiling.run import Wishes, profile
    from curation.profiling.summary import summary

    text = read_recipe(known.recipe) if known.recipe is not None else None
    print(summary(profile(Wishes(known.input, known.output, known.sample, known.seed, text), beams)))
    return 0
