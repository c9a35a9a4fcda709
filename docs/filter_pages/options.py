"""The part of a page that says what can be set: the recipe, the signals, the limits."""

from __future__ import annotations

import dataclasses

import yaml

from docs.filter_pages.markdown import code, table
from filters.base import AtLeast, Filter, Limit, figure

OPEN = "(open): the bound lies at the end of the range or beyond it, where next to nothing crosses it."


def recipe(filter: Filter) -> str:
    """The stage's lines with all options at their defaults."""
    whys = {limit.field: limit for limit in filter.limits}
    lines = [f"  - {filter.name}:"]
    for option in dataclasses.fields(filter):
        written = f"      {option.name}: {plain(getattr(filter, option.name))}"
        lines.append(f"{written}  # {side(whys[option.name])}" if option.name in whys else written)
    return "\n".join(lines)


def side(limit: Limit) -> str:
    """Which side of a bound is kept."""
    return f"{limit.signal}: at {'least' if isinstance(limit, AtLeast) else 'most'}"


def plain(value: object) -> str:
    value = list(value) if isinstance(value, tuple) else value
    return yaml.safe_dump(value, default_flow_style=True).removesuffix("\n").removesuffix("\n...")


def signal_row(filter: Filter, at: int) -> tuple[str, str, str]:
    signal = filter.signals[at]
    return code(f"{filter.name}.{signal.name}"), f"{figure(signal.low)} to {figure(signal.high)}", signal.about


def limits(filter: Filter) -> list[str]:
    """What is dropped and why, and what is kept as what."""
    if not filter.limits:
        return parts(filter) or ["None on one image alone: what is dropped is decided on pairs, as said below."]
    rows = [(rule(filter, limit), limit.why) for limit in filter.limits]
    open_ones = any(is_open(filter, limit) for limit in filter.limits)
    return [table(("dropped where", "because"), rows), OPEN if open_ones else "", *parts(filter)]


def parts(filter: Filter) -> list[str]:
    """What a filter sorts images into."""
    if not filter.parts:
        return []
    names = ", ".join(map(code, filter.parts))
    return [f"Images that are kept are sorted: the column `{filter.name}` of the shards holds {names}."]


def rule(filter: Filter, limit: Limit) -> str:
    bound = plain(getattr(filter, limit.field))
    sign = "<" if isinstance(limit, AtLeast) else ">"
    return f"`{limit.signal}` {sign} `{limit.field}` {bound}{' (open)' if is_open(filter, limit) else ''}"


def is_open(filter: Filter, limit: Limit) -> bool:
    bound = getattr(filter, limit.field)
    signal = next(signal for signal in filter.signals if signal.name == limit.signal)
    return bool(bound <= signal.low if isinstance(limit, AtLeast) else bound >= signal.high)
