"""`curation explain OUT KEY`: everything known of one image, from source shard to verdict."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection
from typing import Any

from curation import recipe
from curation.mistake import Mistake
from curation.shards import records, tables
from filters.base import Filter, Limit, figure


class UnknownKey(Mistake):
    """No image of this key went through the run."""


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the image `key` in the run in `output`, whose manifest is `record`. Raises UnknownKey."""
    part, row = find(output, key)
    stages = recipe.from_dict(record["recipe"]).stages
    lines = facts(record, part, row)
    lines += [line for stage in stages for line in stage_lines(stage, row, row["dropped_by"] == stage.name)]
    lines.append(f"verdict    {_verdict(row)}")
    if row["duplicate_of"]:
        lines.append(f"copy of    {row['duplicate_of']}")
    lines += [f"kept as    {part} in shards/"] if row["dropped_by"] is None else []
    rejected = rows_of(key, output, "rejects", part, ("error", "message"))
    lines += [f"reject     {reject['error']}: {reject['message']}" for reject in rejected]
    return "\n".join(lines)


def find(output: str, key: str) -> tuple[str, dict[str, Any]]:
    """The name of the part that the image `key` is in, and its row of the signals. Raises UnknownKey."""
    near: list[str] = []
    for part, path in records.by_name(output, "signals").items():
        keys = tables.read(path, ["key"])["key"].to_pylist()
        if key in keys:
            return part, tables.read(path).slice(keys.index(key), 1).to_pylist()[0]
        near = difflib.get_close_matches(key, [*near, *keys], n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownKey(f"no image with the key {key!r} went through {output}{hint}")


def rows_of(key: str, output: str, folder: str, part: str, columns: Collection[str]) -> list[dict[str, Any]]:
    """The rows of the image `key` in the file of `part` in `folder`, "shards" or "rejects", if there is one: of each
    `columns`, None where it has no such value."""
    path = records.by_name(output, folder).get(part)
    return [row for row in records.read(path, ("key", *columns)) if row["key"] == key] if path else []


def facts(record: dict[str, Any], part: str, row: dict[str, Any]) -> list[str]:
    """What is known of an image before any stage: `row` is its row in the signals of `part`."""
    return [
        f"key        {row['key']}",
        f"source     {row['source']}, below {record['input']['path']}",
        f"file       {file(row, _nothing(row))}",
        f"sha256     {row['sha256'] or 'unknown'}",
        f"part       {part}",
    ]


def file(row: dict[str, Any], otherwise: str) -> str:
    """Format and size of the image with this row of the signals; `otherwise` if it is none."""
    if row["width"] is None:
        return otherwise
    return f"{row['format']}, {row['width']}×{row['height']}, {row['bytes']:,} bytes"


def _nothing(row: dict[str, Any]) -> str:
    return "no image could be read" + (f" from {row['bytes']:,} bytes" if row["bytes"] is not None else "")


def stage_lines(stage: Filter, row: dict[str, Any], drops: bool) -> list[str]:
    """One line a signal, with the thresholds that read it; marked where it is why the stage `drops` the image."""
    lines = []
    for signal in stage.signals:
        value = row.get(f"{stage.name}.{signal.name}")
        limits = [limit for limit in stage.limits if limit.signal == signal.name]
        bounds = ", ".join(
            f"dropped {limit.words} {limit.field} {figure(getattr(stage, limit.field))}" for limit in limits
        )
        shown = "not measured" if value is None or math.isnan(value) else figure(value)
        mark = "✗" if drops and value is not None and _crossed(stage, limits, value) else " "
        lines.append(f"{mark} {stage.name + '.' + signal.name:<28} {shown:>12}  {bounds}".rstrip())
    return lines


def _crossed(stage: Filter, limits: list[Limit], value: float) -> bool:
    return not limits or any(limit.crossed(value, getattr(stage, limit.field)) for limit in limits)


def _verdict(row: dict[str, Any]) -> str:
    return "kept" if row["dropped_by"] is None else f"dropped by {row['dropped_by']}: {row['reason']}"
