"""Makes the pages: see docs/make_filters.py."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from bench.accuracy.results import Result, read
from docs.filter_pages import cost, gallery
from docs.filter_pages.exhibit import Exhibit, Row, judge
from docs.filter_pages.facts import Facts
from docs.filter_pages.index import index
from docs.filter_pages.page import page
from docs.filter_pages.strip import strip
from filters.base import Filter
from filters.image import tune_process
from filters.registry import FILTERS

FOLDER = Path(__file__).parents[1] / "filters"
ACCURACY = FOLDER / "accuracy.json"


def main(arguments: list[str], description: str | None = None) -> int:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--accuracy", type=Path, default=ACCURACY, metavar="FILE.json", help="default: that of docs/filters"
    )
    parser.add_argument("--only", nargs="+", choices=tuple(FILTERS), default=(), metavar="NAME", help="these alone")
    parser.add_argument("--output", type=Path, default=FOLDER, metavar="FOLDER", help="default: docs/filters")
    options = parser.parse_args(arguments)
    try:
        results = read(options.accuracy) if options.accuracy.exists() or options.accuracy != ACCURACY else {}
    except (OSError, ValueError) as error:
        parser.error(str(error))
    make(options.only or tuple(FILTERS), results, options.output)
    return 0


def make(names: Iterable[str], results: dict[str, Result], output: Path) -> None:
    """Writes the pages of `names` and their strips, and the index of all pages that are there."""
    tune_process()
    output.mkdir(parents=True, exist_ok=True)
    exhibits = cost.megapixel_images()
    shared = cost.shared(exhibits)
    for name in names:
        filter = FILTERS[name]()
        found = facts(filter, results.get(name), exhibits)
        if found.rows and not found.has_texts:
            (output / f"{name}.jpg").write_bytes(strip(filter, found.rows))
        (output / f"{name}.md").write_text(page(filter, found, shared), encoding="utf-8")
        print(output / f"{name}.md", flush=True)
    (output / "README.md").write_text(index(output, results, shared), encoding="utf-8")


def facts(filter: Filter, result: Result | None, exhibits: list[Exhibit]) -> Facts:
    """What the page of a filter is made of. A filter without exhibits needs a model that is not here."""
    shown = rows(filter.name)
    judged = Facts([judge(filter, row) for row in shown])
    if not shown:
        return Facts(result=result)
    measured = [each.exhibit for each in judged.judged] if judged.needs_annotation else exhibits
    return Facts(judged.rows, cost.of(filter, measured), result)


def rows(name: str) -> list[Row]:
    """The exhibits of a filter, by the function of its name; none where it needs weights that are not here."""
    if name not in gallery.MAKERS and name not in gallery.HUB:
        raise SystemExit(f"no pictures for {name}: give docs/filter_pages/gallery.py a function that makes some")
    return gallery.MAKERS[name]() if name in gallery.MAKERS else []
