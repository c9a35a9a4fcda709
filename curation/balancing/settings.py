"""What `curation balance` is told: its recipe."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from curation.balancing.mix import TEMPER, Target
from curation.balancing.quality import SCALES, SIDE

STAGE = "balance"
"""Stands in `dropped_by` of an image that is not among the best of its node, or is of none that is wanted."""

SIGNALS = (f"{STAGE}.quality", f"{STAGE}.weight")


@dataclass(frozen=True)
class Settings:
    """`keep`: images of a node at most, None for all."""

    input: str
    output: str
    keep: int | None
    target: Target

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for the manifest."""
        wished = {"target": dict(self.target.families), "text": dict(self.target.texts)}
        told = {"input": self.input, "output": self.output, "keep": self.keep, **wished}
        return told | {"temper": TEMPER, "quality": {"side": SIDE, **SCALES}}

    def digest(self) -> str:
        """Hex hash of what decides the result: not the paths."""
        chosen = {key: value for key, value in self.as_dict().items() if key not in ("input", "output")}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()
