"""How right each filter is, on real images with graded defects: a table a filter, the target beside each figure.

    python -m bench.accuracy [--only FILTER …] [--small] [--pictures FOLDER …] [--fonts FOLDER …]
                             [--save FILE]

Sources are the demo's images, under the licences of demo/SOURCES.md, and any folder of pictures that is named:
these are evaluated only, nothing of them is stored, and their licence is the reader's to mind. The sources are
split by name into two halves; all tables show the hold-out at the filters' defaults. The other half serves one
line: what thresholds chosen on it would give on the hold-out.

What is not new to the filters: some defaults were once set on images of the demo, by another split. The watermark
detector keeps the split of its training, but its default was set on its test part. With folders that nothing was set
on, the figures are stricter. Defects are drawn by program.

Precision and F1 are at equal numbers of clear defects and clean images, so that they do not hang on how many of
each there are. Intervals cover 95 %: Wilson's for one row and for pairs, drawing the sources anew for the rest.

--save writes the figures as JSON (results.py); `python -m bench.accuracy.readme` makes the README's table of them.
cleanvision and imagededup are asked where they are installed: peers.py says how.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from bench.accuracy import measure, results, table
from bench.accuracy.lettering import artist
from bench.accuracy.measure import FILTERS, HELD, TUNE
from bench.accuracy.results import Result
from bench.accuracy.sources import Source, find, share
from filters.image import tune_process
from filters.registry import DEFAULT


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=FILTERS, default=FILTERS, metavar="FILTER", help=", ".join(FILTERS)
    )
    parser.add_argument("--small", action="store_true", help="about every third source, by name")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help="folders of further pictures")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[], help="folders of fonts, else the font packages")
    parser.add_argument("--save", type=Path, help="JSON file to write; what it holds of other filters stays")
    options = parser.parse_args()
    for folder in [*options.pictures, *options.fonts]:
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
    if options.save and options.save.exists():
        try:
            results.read(options.save)
        except ValueError as error:
            parser.error(str(error))
    tune_process()
    sources = find(options.pictures)
    halves = Counter(source.half for source in sources)
    print(f"{len(sources)} sources: {halves[TUNE]} to tune, {halves[HELD]} held out", end="")
    print("; about every third is used" if options.small else "")
    print(table.LEGEND)
    for name in options.only:
        result = measured(name, sources, tuple(options.fonts), 3 if options.small else 1)
        table.show(name, result)
        if options.save:
            results.save({name: result}, options.save)


def measured(name: str, sources: list[Source], fonts: tuple[Path, ...], parts: int) -> Result:
    """One filter on about one in `parts` of the sources of each half."""
    tune, held = (share(measure.half(name, sources, half), parts) for half in (TUNE, HELD))
    if name == "dedup":
        return measure.duplicates(held)
    drawn = artist(fonts)
    return measure.one(DEFAULT[name](), list(measure.cases(name, held, drawn)), measure.cases(name, tune, drawn))


if __name__ == "__main__":
    main()
