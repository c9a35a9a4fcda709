"""Where an image stands in the taxonomy: its node is a leaf such as "Nature/food/none" or "Synthetic/pure/chinese".

The taxonomy is that of the Qwen-Image technical report (arXiv 2508.02324, section 3): families, and in them the domains
of `annotate/schema.json`; in Synthetic the tiers of `curation synth`. Each is parted by the language of the text that
images show, by which the report's last stage balances text rendering.
"""

from __future__ import annotations

from functools import cache

from annotate.prompt import stored_schema
from curation.shards.carried import as_object, carried
from curation.shards.languages import LANGUAGES, language
from curation.shards.schema import Row

UNKNOWN = "unknown"
"""The node of an image that has no annotation, or one without a domain of the taxonomy."""

SYNTHETIC = "Synthetic"


def node(row: Row) -> str:
    """The node of a row. A made image is Synthetic whatever it shows, as for the trainer (`train.data.labels`)."""
    annotation = as_object(row.annotation)
    made = as_object(annotation.get("synthesis")).get("tier")
    tier = made if isinstance(made, str) else carried(row.metadata, "tier")
    domain = f"{SYNTHETIC}/{tier}" if tier else annotation.get("domain")
    if not tier and domain not in _domains():
        return UNKNOWN
    return f"{domain}/{language({'annotation': annotation, 'metadata': row.metadata})}"


def family(node: str) -> str:
    """The top of the taxonomy above a node: "Nature" of "Nature/food/none"."""
    return node.partition("/")[0]


def text(node: str) -> str:
    """The language of the text on the images of a node, one of LANGUAGES; empty of `UNKNOWN`."""
    return node.rpartition("/")[2] if node != UNKNOWN else ""


@cache
def families() -> tuple[str, ...]:
    """All families, in the order of the schema, Synthetic last."""
    return (*dict.fromkeys(map(family, _domains())), SYNTHETIC)


def texts() -> tuple[str, ...]:
    """All that `text` tells apart."""
    return LANGUAGES


@cache
def _domains() -> tuple[str, ...]:
    return tuple(stored_schema()["properties"]["domain"]["enum"])
