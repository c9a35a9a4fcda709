"""The sources of a training config that draw by the weights: the trainer chooses by domain and by tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from curation.balancing.figures import Node
from curation.balancing.node import SYNTHETIC, family

DIGITS = 6
"""Decimals of a share."""

HEAD = """\
# Draws by the column `weight`: put these into a phase of a training config. `tiers: [""]` are images that nobody made.
"""


def sources(output: str, nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """One source for all images that nobody made, with a share a domain, and one a tier of those made."""
    whole = sum(node.mass for node in nodes)
    shares = {node.name: round(node.mass / whole, DIGITS) for node in nodes if node.kept}
    found = {name: share for name, share in shares.items() if family(name) != SYNTHETIC}
    real = {"path": output, "weight": round(sum(found.values()), DIGITS), "tiers": [""], "domains": found}
    made = [
        {"path": output, "weight": share, "tiers": [name.partition("/")[2]]}
        for name, share in shares.items()
        if name not in found
    ]
    return ([real] if found else []) + made


def text(output: str, nodes: Sequence[Node]) -> str:
    """The same as YAML."""
    return HEAD + yaml.safe_dump({"sources": sources(output, nodes)}, sort_keys=False, allow_unicode=True)
