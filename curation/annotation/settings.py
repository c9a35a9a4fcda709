"""What `curation annotate` is told: its recipe."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from annotate import prompt
from annotate.engine import Engine
from annotate.engines.embedded import Embedded
from annotate.engines.openai import OpenAI
from annotate.engines.vllm import VLLM

ENGINES = ("embedded", "openai", "vllm")

SLOTS = {"embedded": 4, "openai": 64, "vllm": 512}
"""Requests in flight in one worker, where the user does not say."""


@dataclass(frozen=True)
class Settings:
    """The settings of a job, resolved. `slots`: requests in flight a worker; `ocr`: whether replies are compared with
    OCR and the watermark filter; `cache`: folder of replies that jobs share, None for one of this job's own.
    """

    input: str
    output: str
    format: str
    engine: str
    model: str
    language: str
    slots: int
    endpoints: tuple[str, ...] = ()
    cache: str | None = None
    ocr: bool = True

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for the manifest."""
        return asdict(self) | {"endpoints": list(self.endpoints), "prompt": prompt.load(self.language).digest}

    def digest(self) -> str:
        """Hex hash of what decides the result: not the paths, nor where or how fast the model is asked."""
        chosen = {key: self.as_dict()[key] for key in ("engine", "model", "language", "prompt", "ocr", "format")}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()

    def build(self) -> Engine:
        """The engine, not started. Raises EngineError."""
        chosen = prompt.load(self.language)
        if self.engine == "embedded":
            return Embedded(self.language)
        if self.engine == "vllm":
            return VLLM(self.model, chosen, self.slots)
        return OpenAI(self.endpoints, self.model or None, chosen, self.slots)
