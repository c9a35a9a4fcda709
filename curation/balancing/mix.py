"""The arithmetic of the mix: what is drawn of each node, and so the weight of each of its images."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from curation.balancing.node import families, family
from curation.mistake import SettingsError, check_known

TARGET = {"Nature": 0.55, "Design": 0.27, "People": 0.13, "Synthetic": 0.05}
"""Shares of the families in the Qwen-Image technical report, about."""

TEMPER = 0.5
"""Within a family a node of n images is drawn in proportion to n to this power: 1 would leave the nodes as uneven as
they came, 0 would draw all alike and repeat the few images of a small one over and over."""


def parse(text: str) -> dict[str, float]:
    """Shares by family, from `Nature=0.55,Design=0.27`, scaled to sum to 1. Raises SettingsError."""
    found: dict[str, float] = {}
    for item in text.split(","):
        name, sign, value = (piece.strip() for piece in item.partition("="))
        if not sign:
            raise SettingsError(f"--target takes FAMILY=SHARE, with commas between them, not {item.strip()!r}")
        check_known("family", name, families())
        share = _share(value)
        if share is None:
            raise SettingsError(f"--target {name}={value}: a share is a number above 0; leave out what is not wanted")
        if name in found:
            raise SettingsError(f"--target names {name} twice")
        found[name] = share
    whole = sum(found.values())
    return {name: share / whole for name, share in found.items()}


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < math.inf else None


def drawn(kept: Mapping[str, int], target: Mapping[str, float]) -> dict[str, float]:
    """The share of samples that each node gets, of those whose family is in `target`; they sum to 1.

    `kept`: images by node. What no image is there for goes to the other families, in proportion.
    """
    tempered = {name: kept[name] ** TEMPER for name in sorted(kept) if kept[name] and family(name) in target}
    wholes: defaultdict[str, float] = defaultdict(float)
    for name, part in tempered.items():
        wholes[family(name)] += part
    reached = sum(target[name] for name in sorted(wholes))
    return {name: target[family(name)] / reached * part / wholes[family(name)] for name, part in tempered.items()}


def weights(kept: Mapping[str, int], target: Mapping[str, float]) -> dict[str, float]:
    """The weight of each image of a node, by node: 1 on average, 2 of one that is drawn twice as often as that."""
    shares = drawn(kept, target)
    whole = sum(kept[name] for name in shares)
    return {name: share * whole / kept[name] for name, share in shares.items()}
