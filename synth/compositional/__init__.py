"""Tier `compositional`: text written or printed on things in a scene. `Compositional(faces, photos)` makes samples."""

from __future__ import annotations

from synth.compositional.tier import Compositional

__all__ = ["Compositional"]
