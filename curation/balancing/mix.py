"""The arithmetic of the mix: what is drawn of each node, and so the weight of each of its images."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from curation.balancing.node import families, family, text, texts
from curation.mistake import SettingsError, check_known

FAMILIES = {"Nature": 0.55, "Design": 0.27, "People": 0.13, "Synthetic": 0.05}
"""Shares of the families in the Qwen-Image technical report, about."""

TEMPER = 0.5
"""Within a family a domain of n images is drawn in proportion to n to this power, within a domain a language likewise:
1 would leave them as uneven as they came, 0 would draw all alike and repeat the few images of a small one over and
over."""

ROUNDS = 100
"""Steps towards both targets at once; where no shares reach both, more would starve what stands in the way."""


@dataclass(frozen=True)
class Target:
    """What is to be drawn: shares of the `families`, and of images by the language of their text, `texts`, empty where
    that is left as it comes. Each sum to 1; what is left out is not drawn."""

    families: Mapping[str, float]
    texts: Mapping[str, float]

    def wants(self, node: str) -> bool:
        """Whether images of a node are drawn at all."""
        return family(node) in self.families and (not self.texts or text(node) in self.texts)

    def refusal(self, node: str) -> str:
        """Why not, where they are not."""
        if family(node) not in self.families:
            return f"{family(node)} has no target"
        return f"its text is of the kind {text(node)!r}, which has no target"


def parse(option: str, what: str, shares: str, names: Sequence[str]) -> dict[str, float]:
    """Shares of what is a `what`, from `Nature=0.55,Design=0.27`, scaled to sum to 1. Raises SettingsError."""
    found: dict[str, float] = {}
    for item in shares.split(","):
        name, sign, value = (piece.strip() for piece in item.partition("="))
        if not sign:
            raise SettingsError(f"{option} takes NAME=SHARE, with commas between them, not {item.strip()!r}")
        check_known(what, name, names)
        share = _share(value)
        if share is None:
            raise SettingsError(f"{option} {name}={value}: a share is a number above 0; leave out what is not wanted")
        if name in found:
            raise SettingsError(f"{option} names {name} twice")
        found[name] = share
    return _scaled(found)


def target(family_shares: str | None = None, text_shares: str | None = None) -> Target:
    """The target that a user gave, the report's families where nothing. Raises SettingsError."""
    chosen = FAMILIES if family_shares is None else parse("--target", "family", family_shares, families())
    return Target(chosen, {} if text_shares is None else parse("--text", "kind of text", text_shares, texts()))


def _share(number: str) -> float | None:
    try:
        value = float(number)
    except ValueError:
        return None
    return value if 0 < value < math.inf else None


def drawn(kept: Mapping[str, int], target: Target) -> dict[str, float]:
    """The share of samples that each node gets, of those that are wanted; they sum to 1.

    `kept`: images by node. What no image is there for goes to the others, in proportion. Shares of families are
    reached; those of texts as nearly as the families allow, by iterative proportional fitting (Deming and Stephan,
    Annals of Mathematical Statistics 11, 1940).
    """
    there = {name: count for name, count in sorted(kept.items()) if count and target.wants(name)}
    shares = _fitted({name: _tempered(name, there) for name in there}, family, target.families)
    for _ in range(ROUNDS if target.texts else 0):
        shares = _fitted(_fitted(shares, text, target.texts), family, target.families)
    return shares


def _tempered(node: str, there: Mapping[str, int]) -> float:
    """What a node is drawn of its family: its domain's share of it, and its own of the domain."""
    share, levels = 1.0, node.split("/")
    for depth in range(1, len(levels)):
        parent, child = ("/".join(levels[:end]) for end in (depth, depth + 1))
        inside: defaultdict[str, int] = defaultdict(int)
        for name, count in there.items():
            if f"{name}/".startswith(f"{parent}/"):
                inside["/".join(name.split("/")[: depth + 1])] += count
        share *= inside[child] ** TEMPER / sum(count**TEMPER for count in inside.values())
    return share


def _fitted(shares: Mapping[str, float], kind: Callable[[str], str], wished: Mapping[str, float]) -> dict[str, float]:
    """The shares scaled so that those of each kind sum to what is wished of it, and all to 1."""
    wholes: defaultdict[str, float] = defaultdict(float)
    for name, share in shares.items():
        wholes[kind(name)] += share
    reached = _scaled({name: wished[name] for name in sorted(wholes)})
    return {name: share * reached[kind(name)] / wholes[kind(name)] for name, share in shares.items()}


def _scaled(shares: Mapping[str, float]) -> dict[str, float]:
    whole = sum(shares.values())
    return {name: share / whole for name, share in shares.items()}


def weights(kept: Mapping[str, int], target: Target) -> dict[str, float]:
    """The weight of each image of a node, by node: 1 on average, 2 of one that is drawn twice as often as that."""
    shares = drawn(kept, target)
    whole = sum(kept[name] for name in shares)
    return {name: share * whole / kept[name] for name, share in shares.items()}
