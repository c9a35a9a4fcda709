"""A filter's page: put together from the filter's own words and from what was measured."""

from __future__ import annotations

import inspect
from pathlib import Path

from docs.filter_pages import accuracy, prose
from docs.filter_pages.cost import Cost, Shared, uses_text
from docs.filter_pages.facts import Facts
from docs.filter_pages.markdown import MADE, code, ms, table
from docs.filter_pages.options import limits, recipe, signal_row
from docs.filter_pages.pictures import pictures
from docs.filter_pages.prose import Prose
from filters.base import Filter

ROOT = Path(__file__).parents[2]


def page(filter: Filter, facts: Facts, shared: Shared) -> str:
    said = prose.read(type(filter))
    parts = [
        MADE,
        f"# {filter.name}",
        said.purpose,
        *pictures(filter, facts),
        "## In a recipe",
        f"```yaml\nstages:\n{recipe(filter)}\n```",
        *said.raises,
        "## Signals",
        "Columns of `signals/*.parquet`. The range is that of the report's histogram.",
        table(("column", "range", "meaning"), (signal_row(filter, at) for at in range(len(filter.signals)))),
        "## Limits",
        *limits(filter),
        "## How it works",
        *(text for text in said.how if facts.result or text not in said.measured),
        *constants(filter, said),
        "## Accuracy",
        *measured(facts, said),
        *known(facts, said),
        "## Cost",
        *costs(filter, facts, said, shared),
        "## Source",
        *said.source,
        code_link(filter),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def constants(filter: Filter, said: Prose) -> list[str]:
    """The fixed values that the words above name."""
    found = prose.constants(type(filter), [*said.how, *said.limits])
    return [table(("fixed", "value", "meaning"), ((code(n), code(v), about) for n, v, about in found))] if found else []


def measured(facts: Facts, said: Prose) -> list[str]:
    """The figures of the bench; where it has none, what the docstring says was measured."""
    if facts.result:
        return accuracy.section(facts.result)
    return said.measured or ["No figures: see how it works."]


def known(facts: Facts, said: Prose) -> list[str]:
    found = [*said.limits, *(accuracy.limits(facts.result) if facts.result else [])]
    return ["## Known limits", "\n".join(f"- {text}" for text in found)] if found else []


def costs(filter: Filter, facts: Facts, said: Prose, shared: Shared) -> list[str]:
    if facts.cost is None:
        return ["Not measured: it is that of the model.", *said.cost]
    cost = facts.cost
    of = "images above" if facts.needs_annotation else "images of one megapixel"
    own = (
        f"**{ms(cost.median)} ms** of CPU an image on one thread: the median of {cost.images} {of}; the slowest took "
        f"{ms(cost.most)} ms. Measured by this script, on a machine that was doing other things too."
    )
    return [own, common(filter, facts.cost, shared), *said.cost]


def common(filter: Filter, cost: Cost, shared: Shared) -> str:
    """What is not counted in a filter's own cost."""
    if not cost.pixels:
        return "The pixels are not needed for it."
    text = f", and the text detector's pass, {ms(shared.text.median)} ms" if uses_text(filter) else ""
    return f"Not counted is what is shared: decoding, {ms(shared.decoding.median)} ms{text}."


def code_link(filter: Filter) -> str:
    file = Path(inspect.getfile(type(filter))).relative_to(ROOT)
    return f"Code: [{file}](../../{file})."
