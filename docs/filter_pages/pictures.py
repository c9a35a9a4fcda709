"""The part of a page that shows pictures: the strip, and every signal of each in a table."""

from __future__ import annotations

from collections.abc import Sequence

from docs.filter_pages import prose
from docs.filter_pages.exhibit import Judged
from docs.filter_pages.facts import Facts
from docs.filter_pages.gallery import NOTES
from docs.filter_pages.markdown import code, literal, table
from docs.filter_pages.strip import number
from filters.base import Filter

HUB = (
    "No pictures and no scores stand here: the stage needs a model of the Hugging Face hub, by default `{model}`, "
    "whose weights are not part of this package. `curation profile` shows what it measures on images of yours."
)


def pictures(filter: Filter, facts: Facts) -> list[str]:
    """The strip and the table of its pictures, with every signal."""
    if not facts.rows:
        return [HUB.format(model=getattr(filter, "model", ""))]
    texts = facts.has_texts
    strip = [] if texts else [f"![Pictures that the stage {filter.name} keeps and drops]({filter.name}.jpg)"]
    others = list(prose.recipes(type(filter)))
    head = ("caption" if texts else "picture", *(signal.name for signal in filter.signals), "at the defaults")
    rows = ((what(each, texts), *values(filter, each), each.verdict) for each in facts.judged)
    parts = [*strip, *NOTES.get(filter.name, ()), table(head, rows)]
    if others:
        parts += ["With other thresholds:", split(filter, facts, others, texts)]
    if not texts and any(each.exhibit.source for each in facts.judged):
        parts.append("Files: [demo/images](../../demo/images), licences: [demo/SOURCES.md](../../demo/SOURCES.md).")
    return parts


def what(each: Judged, texts: bool) -> str:
    if texts:
        return f"{each.exhibit.title}: “{literal(each.exhibit.caption or '')}”"
    return f"`{each.exhibit.source}`: {each.exhibit.title}" if each.exhibit.source else each.exhibit.title


def values(filter: Filter, each: Judged) -> list[str]:
    return [number(each.signals[signal.name]) for signal in filter.signals]


def split(filter: Filter, facts: Facts, others: Sequence[tuple[str, dict[str, object]]], texts: bool) -> str:
    """What other thresholds, named in the docstring, make of the same pictures."""
    filters = [type(filter)(**options) for _, options in others]
    head = ("picture", *(code(line) for line, _ in others))
    rows = (
        (what(each, texts), *("dropped" if other.verdict(each.signals) else "kept" for other in filters))
        for each in facts.judged
    )
    return table(head, rows)
