"""`curation explain OUT KEY`: everything known of one image, from source shard to verdict."""

from __future__ import annotations

import difflib
import math
from typing import Any

from curation import manifest, recipe, storage
from curation.mistake import Mistake
from curation.shards import tables
from filters.base import Filter, Limit, figure


class UnknownKey(Mistake):
    """No image of this key went through the run."""


def explain(output: str, key: str) -> str:
    """The story of the image `key` in the run in `output`, as lines of text. Raises UnknownKey."""
    record = manifest.load(output)
    if record is None:
        raise UnknownKey(f"{output} holds no run: there is no run.json")
    part, row = find(output, key)
    stages = recipe.from_dict(record["recipe"]).stages
    lines = facts(record, part, row)
    lines += [line for stage in stages for line in _stage_lines(stage, row)]
    lines.append(f"verdict    {_verdict(row)}")
    if row["duplicate_of"]:
        lines.append(f"copy of    {row['duplicate_of']}")
    lines += [f"kept as    {part} in shards/"] if row["dropped_by"] is None else []
    lines += _reject(output, part, key)
    return "\n".join(lines)


def find(output: str, key: str) -> tuple[str, dict[str, Any]]:
    """The name of the part that the image `key` is in, and its row of the signals. Raises UnknownKey."""
    near: list[str] = []
    for path in storage.files(storage.join(output, "signals"), ".parquet"):
        keys = tables.read(path, ["key"])["key"].to_pylist()
        if key in keys:
            row = tables.read(path).slice(keys.index(key), 1).to_pylist()[0]
            return path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0], row
        near = difflib.get_close_matches(key, [*near, *keys], n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise UnknownKey(f"no image with the key {key!r} went through {output}{hint}")


def facts(record: dict[str, Any], part: str, row: dict[str, Any]) -> list[str]:
    """What is known of an image before any stage: `row` is its row in the signals of `part`."""
    return [
        f"key        {row['key']}",
        f"source     {row['source']}, below {record['input']['path']}",
        f"file       {_file(row)}",
        f"sha256     {row['sha256'] or 'unknown'}",
        f"part       {part}",
    ]


def _file(row: dict[str, Any]) -> str:
    if row["width"] is None:
        return "no image could be read" + (f" from {row['bytes']:,} bytes" if row["bytes"] is not None else "")
    return f"{row['format']}, {row['width']}×{row['height']}, {row['bytes']:,} bytes"


def _stage_lines(stage: Filter, row: dict[str, Any]) -> list[str]:
    """One line a signal, with the thresholds that read it."""
    lines = []
    for signal in stage.signals:
        value = row.get(f"{stage.name}.{signal.name}")
        limits = [limit for limit in stage.limits if limit.signal == signal.name]
        bounds = ", ".join(
            f"dropped {limit.words} {limit.field} {figure(getattr(stage, limit.field))}" for limit in limits
        )
        shown = "not measured" if value is None or math.isnan(value) else figure(value)
        mark = "✗" if row["dropped_by"] == stage.name and value is not None and _crossed(stage, limits, value) else " "
        lines.append(f"{mark} {stage.name + '.' + signal.name:<28} {shown:>12}  {bounds}".rstrip())
    return lines


def _bound(stage: Filter, limit: Limit) -> str:
    return figure(getattr(stage, limit.field))


def _crossed(stage: Filter, limits: list[Limit], value: float) -> bool:
    return not limits or any(limit.crossed(value, getattr(stage, limit.field)) for limit in limits)


def _verdict(row: dict[str, Any]) -> str:
    return "kept" if row["dropped_by"] is None else f"dropped by {row['dropped_by']}: {row['reason']}"


def _reject(output: str, part: str, key: str) -> list[str]:
    path = storage.join(output, "rejects", part + ".parquet")
    if not storage.exists(path):
        return []
    rows = tables.read(path, ["key", "error", "message"]).to_pylist()
    return [f"reject     {row['error']}: {row['message']}" for row in rows if row["key"] == key]
