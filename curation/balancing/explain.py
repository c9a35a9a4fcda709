"""`curation explain OUT KEY` of a balanced output: the node of one image, its quality and weight, or why it went."""

from __future__ import annotations

from typing import Any

from curation.balancing.settings import SIGNALS
from curation.explain import facts, find, rows_of
from filters.base import figure


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the image `key` in `output`, whose manifest is `record`. Raises UnknownKey."""
    part, row = find(output, key)
    lines = facts(record, part, row)
    lines += [f"node       {shard['node']}" for shard in rows_of(key, output, "shards", part, ("node",))]
    lines += [f"{name.partition('.')[2]:<10} {figure(row[name])}" for name in SIGNALS if row[name] is not None]
    verdict = "kept" if row["dropped_by"] is None else f"dropped by {row['dropped_by']}: {row['reason']}"
    return "\n".join([*lines, f"verdict    {verdict}"])
