"""The table of all filters that have a page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from bench.accuracy.results import Result
from docs.filter_pages import accuracy, prose
from docs.filter_pages.cost import Shared, uses_text
from docs.filter_pages.markdown import MADE, code, ms, table
from docs.filter_pages.options import plain
from filters.base import Filter
from filters.registry import FILTERS


def index(folder: Path, results: Mapping[str, Result], shared: Shared) -> str:
    """In the order of the registry. What each costs is taken from its page in `folder`."""
    pages = {name: folder / f"{name}.md" for name in FILTERS if (folder / f"{name}.md").exists()}
    head = ("stage", "drops", "signals", "default thresholds", "ms", "accuracy")
    rows = (row(FILTERS[name](), page.read_text(encoding="utf-8"), results.get(name)) for name, page in pages.items())
    texts = ", ".join(code(name) for name in pages if uses_text(FILTERS[name]()))
    parts = [
        MADE,
        "# The filters",
        "What each stage of a recipe drops, by which numbers, and how right it is; a page each with pictures.",
        table(head, rows),
        f"ms: CPU an image of one megapixel on one thread, beyond decoding, {ms(shared.decoding.median)} ms"
        + (f", and for {texts} beyond the text detector's pass, {ms(shared.text.median)} ms" if texts else "")
        + ", which are shared.",
        "Accuracy: by `python -m bench.accuracy`, on its hold-out. Where none stands, the page says what was measured.",
    ]
    return "\n\n".join(parts) + "\n"


def row(filter: Filter, page: str, result: Result | None) -> list[str]:
    options = [f"{option.name} {plain(getattr(filter, option.name))}" for option in dataclasses.fields(filter)]
    cost = re.search(r"\*\*(\S+) ms\*\* of CPU", page)
    other = "" if "images of one megapixel" in page else " (on the images of its page)"
    return [
        f"[`{filter.name}`]({filter.name}.md)",
        prose.read(type(filter)).purpose,
        ", ".join(code(signal.name) for signal in filter.signals),
        ", ".join(code(option) for option in options),
        cost[1] + other if cost else "",
        accuracy.short(result) if result else "",
    ]
