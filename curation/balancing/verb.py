"""`curation balance` on the command line."""

from __future__ import annotations

import argparse

HELP = """\
Keeps the best images of each node of the taxonomy, and weighs them so
that what is drawn has the target mix. A node is a domain in the
annotation (made images are Synthetic) and the language of the text
shown: none, english, chinese or other. Within a family a domain of n
images is drawn in proportion to the square root of n, and within a
domain a language likewise. The weights stand in the column `weight`,
1 on average, by which `curation train` draws.

A job that was killed is finished by the same command. Options that are
not listed go to Beam, as in `curation run`.
"""

EXAMPLES = """\
examples:
  curation balance annotated/ --output balanced/
  curation balance refined/s7/ --output balanced/ --keep 50000 \\
    --target Nature=50,Design=30,People=20 \\
    --text none=60,english=20,chinese=20
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("input", metavar="INPUT", help="annotated shards: the output of a run, or a folder or glob")
    parser.add_argument("--output", metavar="DIR", required=True, help="where the result goes")
    parser.add_argument("--keep", type=int, metavar="N", help="images of a node at most, the best; left out: all")
    parser.add_argument(
        "--target",
        metavar="SHARES",
        help="of Nature, Design, People, Synthetic; left out: Nature=0.55,Design=0.27,People=0.13,Synthetic=0.05",
    )
    parser.add_argument(
        "--text",
        metavar="SHARES",
        help="of images by their text: none, english, chinese, other; left out: as it comes, evened out as said",
    )


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks, and say what came of it."""
    from curation.balancing.run import Wishes, balance
    from curation.balancing.summary import summary

    print(summary(balance(Wishes(known.input, known.output, known.keep, known.target, known.text), beams)))
    return 0
