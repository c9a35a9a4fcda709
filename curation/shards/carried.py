"""What a row carries in JSON: its annotation, and the columns that a later job put into its metadata.

A job that reads a shard of ours wraps the columns that it does not know: `{"metadata": …, "tier": "pure"}`. After
several jobs these lie in each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def as_object(value: Any) -> Mapping[str, Any]:
    """`value`, or what it is the JSON text of, if that is an object; an empty one else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def carried(metadata: Any, name: str) -> str | None:
    """The text `name` in a row's metadata, whoever put it there."""
    return next((value for level in _levels(metadata) if isinstance(value := level.get(name), str)), None)


def column(metadata: Any, name: str) -> Any:
    """The value that a column of a shard of ours had; None if there was none, or it was of somebody else's table."""
    ours = (level for level in _levels(metadata) if "metadata" in level)
    return next((value for level in ours if (value := level.get(name)) is not None), None)


def _levels(metadata: Any) -> Iterator[Mapping[str, Any]]:
    """The objects that lie in each other, from the latest job's to the first one's."""
    while isinstance(metadata, str | Mapping):
        content = as_object(metadata)
        yield content
        metadata = content.get("metadata")
