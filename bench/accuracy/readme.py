"""Writes the table of the README from the figures that `python -m bench.accuracy --save FILE` saved.

    python -m bench.accuracy.readme FILE [README.md]

It stands between two comments, `<!-- accuracy -->` and `<!-- /accuracy -->`, which stay.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.accuracy.results import Figure, Result, named, read
from bench.accuracy.summary import AREA, DROPPED, F1, PRECISION, RECALL, TARGETS

BEGIN, END = "<!-- accuracy -->", "<!-- /accuracy -->"
COLUMNS = (PRECISION, RECALL, F1, AREA, DROPPED)
HEAD = ("stage", *COLUMNS, "target")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy.readme",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("figures", type=Path, help="JSON file that python -m bench.accuracy --save wrote")
    parser.add_argument("readme", type=Path, nargs="?", default=Path("README.md"), help="default: README.md")
    options = parser.parse_args()
    try:
        written = put(options.readme.read_text(), table(read(options.figures)))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    options.readme.write_text(written)


def put(text: str, table: str) -> str:
    """The text with the table between its marks. Raises ValueError if they are not there, once and in order."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise ValueError(f"the text needs {BEGIN} and after it {END}, once each, where the table is to stand")
    return f"{before}{begin}\n{table}\n{end}{after}"


def table(results: Mapping[str, Result]) -> str:
    """Markdown: a row a filter, below it one for each other tool; the 95 % interval small beside each figure."""
    lines = [HEAD, ["---"] * len(HEAD)]
    for name in TARGETS:
        if name in results:
            lines += rows(name, results[name])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def rows(name: str, result: Result) -> Iterator[list[str]]:
    yield row(f"`{name}`<br><sub>{result.images:,} images, {result.sources} sources</sub>", result.figures)
    for peer in result.peers:
        yield row(f"<sub>{peer.peer}</sub>", peer.figures)


def row(head: str, figures: tuple[Figure, ...]) -> list[str]:
    cells = [cell(named(figures, column)) for column in COLUMNS]
    rest = (target(figure) for figure in figures if figure.target or figure.name not in COLUMNS)
    return [head, *cells, "<br>".join(rest)]


def cell(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    return f"{shown(figure)} <sub>{number(figure, figure.low)}–{number(figure, figure.high)}</sub>"


def shown(figure: Figure) -> str:
    return number(figure, figure.value) + (" %" if figure.name == DROPPED else "")


def number(figure: Figure, value: float) -> str:
    """Shares of clean images in per cent."""
    return f"{100 * value:.1f}" if figure.name == DROPPED else f"{value:.2f}"


def target(figure: Figure) -> str:
    """Whether the target is met; for a figure without a column its value."""
    value = "" if figure.name in COLUMNS else f": {shown(figure)}"
    if figure.target is None:
        return f"{figure.name}{value}"
    return f"{'✓' if figure.met else '✗'} {figure.name} {figure.target}{value}"


if __name__ == "__main__":
    main()
