"""What `curation synth` is told: its recipe."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.exposure import images_needed
from synth.wishes import RATIOS, Fits, Mix, Ratio


@dataclass(frozen=True)
class Settings:
    """The settings of a job, resolved. Paths are absolute; empty `corpora` and `fonts` stand for those installed.

    `size`²: about the pixels of an image. `min_exposures`: how often each of the 8,105 standard characters is to be
    shown, 0 where nobody asked. `ratios`: width to height; `engines`: programs that draw instead of ours.
    `materials`: what the job is made of, as JSON text, from `materials.describe`.
    """

    tier: str
    count: int
    seed: int
    output: str
    format: str
    languages: tuple[str, ...]
    grades: tuple[str, ...]
    size: int
    corpora: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    templates: str | None = None
    backgrounds: str | None = None
    min_exposures: int = 0
    keep_pptx: bool = False
    ratios: tuple[Ratio, ...] = RATIOS
    engines: tuple[str, ...] = ()
    materials: str = "{}"

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for the manifest."""
        decisive = self._decisive()
        paths = {
            "corpora": list(self.corpora),
            "fonts": list(self.fonts),
            "templates": self.templates,
            "backgrounds": self.backgrounds,
        }
        return decisive | {"output": self.output, "paths": paths, "materials": json.loads(self.materials)}

    def digest(self) -> str:
        """Hex hash of what decides the result: not the paths, but what lies there."""
        chosen = self._decisive() | {"materials": json.loads(self.materials)}
        return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()

    def mix(self, kinds: Mapping[str, Fits]) -> Mix:
        """What each sample is to be, of `kinds` with what they fit."""
        return Mix(self.seed, kinds, self.languages, self.grades, self.size, self.ratios)

    def corpus_files(self) -> tuple[Path, ...]:
        return tuple(map(Path, self.corpora))

    def _decisive(self) -> dict[str, Any]:
        return {
            "tier": self.tier,
            "count": self.count,
            "seed": self.seed,
            "languages": list(self.languages),
            "grades": list(self.grades),
            "size": self.size,
            "min_exposures": self.min_exposures,
            "keep_pptx": self.keep_pptx,
            "ratios": [f"{width}:{height}" for width, height in self.ratios],
            "engines": list(self.engines),
            "format": self.format,
        }


def count_for(exposures: int, seed: int, languages: tuple[str, ...], grades: tuple[str, ...]) -> int:
    """The images after which each standard character was a target `exposures` times. Raises ValueError where no
    image holds Chinese."""
    return Mix(seed, {}, languages, grades).count_for(images_needed(exposures))
