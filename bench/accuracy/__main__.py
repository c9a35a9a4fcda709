"""How right each filter is, on real images with graded defects: a table a filter, the target beside each figure.

    python -m bench.accuracy [--only FILTER …] [--small] [--pictures FOLDER …] [--fonts FOLDER …]

Sources are the demo's images, under the licences of demo/SOURCES.md, and any folder of pictures that is named:
these are evaluated only, nothing of them is stored, and their licence is the reader's to mind. The sources are
split by name into two halves; all tables show the hold-out at the filters' defaults. The other half serves one
line: what thresholds chosen on it would give on the hold-out.

What is not new to the filters: some defaults were once set on images of the demo, by another split. The watermark
detector keeps the split of its training, but its default was set on its test part. With folders that nothing was set
on, the figures are stricter. Defects are drawn by program.

Precision* and F1* are at equal numbers of clear defects and clean images, so that they do not hang on how many of
each there are. Intervals cover 95 %: Wilson's for one row, drawing the sources anew for the rest.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.accuracy import blur, dedup, entropy, exposure, nsfw, peers, table, text_density, watermark
from bench.accuracy.figures import Case, judge
from bench.accuracy.lettering import artist
from bench.accuracy.sources import HALVES, Source, find
from filters.image import tune_process
from filters.registry import DEFAULT

TUNE, HELD = HALVES
PLAIN: dict[str, Callable[[Source], Iterable[Case]]] = {
    "blur": blur.cases,
    "exposure": exposure.cases,
    "entropy": entropy.cases,
    "nsfw": nsfw.cases,
}
LEGEND = """Share dropped of each kind, with its 95 % interval. [clear]: to be found. [weak]: shown, counts for nothing.
[clean]: to be kept. *: at equal numbers of clear defects and clean images."""
FILTERS = ("dedup", *PLAIN, "watermark", "text_density")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=FILTERS, default=FILTERS, metavar="FILTER", help=", ".join(FILTERS)
    )
    parser.add_argument("--small", action="store_true", help="every third source")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], help="folders of further pictures")
    parser.add_argument("--fonts", type=Path, nargs="+", default=[], help="folders of fonts, else the font packages")
    options = parser.parse_args()
    for folder in [*options.pictures, *options.fonts]:
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
    tune_process()
    sources = find(options.pictures)
    halves = Counter(source.half for source in sources)
    print(f"{len(sources)} sources: {halves[TUNE]} to tune, {halves[HELD]} held out", end="")
    print("; every third is used" if options.small else "")
    print(LEGEND)
    for name in options.only:
        if name == "dedup":
            copies(thinned([source for source in sources if source.half == HELD], options.small))
        else:
            one(name, sources, tuple(options.fonts), options.small)


def thinned(sources: list[Source], small: bool) -> list[Source]:
    return sources[::3] if small else sources


def one(name: str, sources: list[Source], fonts: tuple[Path, ...], small: bool) -> None:
    """A filter that judges images one by one."""
    half_of = watermark.half if name == "watermark" else lambda source: source.half
    halves = [thinned([source for source in sources if half_of(source) == half], small) for half in HALVES]
    tune, held = ([case for source in part for case in drawn(name, source, fonts)] for part in halves)
    filter = DEFAULT[name]()
    peer = peers.verdicts(name, [case.data for case in held]) if name in peers.ISSUES else None
    table.whole(name, list(judge(filter, held)), list(judge(filter, tune)), peer, name in peers.ISSUES)


def drawn(name: str, source: Source, fonts: tuple[Path, ...]) -> Iterable[Case]:
    if name in PLAIN:
        return PLAIN[name](source)
    return (watermark if name == "watermark" else text_density).cases(source, artist(fonts))


def copies(sources: list[Source]) -> None:
    """Duplicates, by us and by others."""
    made, different = dedup.built(sources)
    found, false = dedup.ours(made, different)
    table.duplicates(found, Counter(kind(*pair) for pair in false), len(different), "ours")
    for one, other in false[:20]:
        print(f"      {one.source} = {other.source}")
    originals = {image.source: number for number, image in enumerate(different)}
    for name in ("cleanvision", "imagededup"):
        pairs = peers.merged(name, [copy.data for copy in different + made])
        if pairs is None:
            print(f"\ndedup, {name}: not installed")
            continue
        theirs = [
            dedup.pair(copy, (originals[copy.source], len(different) + number) in pairs)
            for number, copy in enumerate(made)
        ]
        wrong = [(different[i], different[j]) for i, j in sorted(pairs) if j < len(different)]
        table.duplicates(theirs, Counter(kind(*pair) for pair in wrong), len(different), f"{name}'s defaults")


def kind(one: Case, other: Case) -> str:
    """What a false pair is called."""
    named = {image.kind for image in (one, other) if image.kind != "original"}
    return " with ".join(sorted(named)) or "two originals"


if __name__ == "__main__":
    main()
