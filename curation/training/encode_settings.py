"""What `curation encode` is told: its recipe."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from train import condition, latents
from train.data.embed import Embedder
from train.data.encoded import Format


@dataclass(frozen=True)
class Settings:
    """The settings of a job, resolved. Paths are absolute. `codec` and `encoder`: as `train.latents` and
    `train.condition` take them, as JSON text; `size`: side in pixels of the square bucket; `caption`: the column;
    `threads`: those of a worker, None for as many as PyTorch takes."""

    input: str
    output: str
    codec: str
    encoder: str
    size: int
    caption: str = "caption"
    threads: int | None = None

    def build(self) -> tuple[Embedder, Format]:
        """Codec and encoder at work, and what all their rows have in common. Raises ValueError."""
        codec, encoder = latents.build(json.loads(self.codec)), condition.build(json.loads(self.encoder))
        about = Format(codec.name, encoder.name, codec.channels, encoder.width, self.size)
        return Embedder(codec, encoder, together=True), about

    def needs_weights(self) -> bool:
        """Whether codec or encoder is a network: then one process a machine computes, with all its threads or GPU."""
        return "path" in json.loads(self.codec) or "path" in json.loads(self.encoder)

    def as_dict(self, about: Format) -> dict[str, Any]:
        """All settings as plain values, for the manifest."""
        asked = {"codec": json.loads(self.codec), "encoder": json.loads(self.encoder)}
        return {"input": self.input, "output": self.output, "asked": asked} | self._decisive(about)

    def digest(self, about: Format) -> str:
        """Hex hash of what decides the result."""
        return hashlib.sha256(json.dumps(self._decisive(about), sort_keys=True).encode()).hexdigest()

    def _decisive(self, about: Format) -> dict[str, Any]:
        return {"codec": about.codec, "encoder": about.encoder, "size": self.size, "caption": self.caption}
