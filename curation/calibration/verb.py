"""`curation calibrate` on the command line."""

from __future__ import annotations

import argparse

HELP = """\
Opens a page on this machine alone, with images on both sides of a
threshold. You say keep (k or →) or drop (d or ←) of each; the page
shows precision and recall at each threshold with 95 % intervals,
proposes one, and writes it with its evidence into a recipe. Each label
is stored at once in OUT/calibration/; the same command goes on.

The threshold proposed has the greatest F1; with --precision P it has
the greatest recall of those whose precision is P or more.
"""

EXAMPLES = """\
examples:
  curation calibrate curated/ blur --recipe recipe.yaml
  curation calibrate curated/ exposure.min_contrast --precision 0.95
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("output", metavar="OUT", help="the output folder of a run")
    parser.add_argument("threshold", metavar="STAGE", help="a stage, or STAGE.FIELD where it has several thresholds")
    parser.add_argument("--images", type=int, default=200, metavar="N", help="how many to label (200)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another seed draws others (0)")
    parser.add_argument("--precision", type=float, metavar="P", help="the least wished for, such as 0.95")
    parser.add_argument(
        "--recipe",
        metavar="RECIPE.yaml",
        help="where to write: a recipe, whose other text stays, or a new file (OUT/calibration/STAGE.FIELD.yaml)",
    )


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks, and say what came of it."""
    from curation.calibration.run import Wishes, calibrate

    calibrate(Wishes(known.output, known.threshold, known.images, known.seed, known.precision, known.recipe))
    return 0
