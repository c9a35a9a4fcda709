"""Where an image stands in the taxonomy: its node is a leaf such as "Nature/food" or "Synthetic/pure".

The taxonomy is that of the Qwen-Image technical report (arXiv 2508.02324, section 3): the domains of
`annotate/schema.json` in families, and Synthetic, whose leaves are the tiers of `curation synth`.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from annotate.prompt import stored_schema
from curation.shards.schema import Row

UNKNOWN = "unknown"
"""The node of an image that has no annotation, or one without a domain of the taxonomy."""

SYNTHETIC = "Synthetic"


def node(row: Row) -> str:
    """The node of a row. A made image is Synthetic whatever it shows, as for the trainer (`train.data.labels`)."""
    annotation = _object(row.annotation)
    tier = _object(annotation.get("synthesis")).get("tier") or _carried(row.metadata)
    if tier and isinstance(tier, str):
        return f"{SYNTHETIC}/{tier}"
    domain = annotation.get("domain")
    return domain if isinstance(domain, str) and domain in _domains() else UNKNOWN


def family(node: str) -> str:
    """The top of the taxonomy above a node: "Nature" of "Nature/food"."""
    return node.partition("/")[0]


@cache
def families() -> tuple[str, ...]:
    """All families, in the order of the schema, Synthetic last."""
    return (*dict.fromkeys(map(family, _domains())), SYNTHETIC)


@cache
def _domains() -> tuple[str, ...]:
    return tuple(stored_schema()["properties"]["domain"]["enum"])


def _carried(metadata: Any) -> str | None:
    """The tier in a row's metadata, in which each job puts the metadata that it found."""
    while isinstance(metadata, str | dict):
        content = _object(metadata)
        if isinstance(tier := content.get("tier"), str):
            return tier
        metadata = content.get("metadata")
    return None


def _object(value: Any) -> dict[str, Any]:
    """`value`, or what it is the JSON text of, if that is an object; an empty one else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}
