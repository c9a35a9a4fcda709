"""The learning rate over a run."""

from __future__ import annotations

from train.config import Optimiser


def rate(step: int, steps: int, chosen: Optimiser) -> float:
    """The learning rate of `step` (from 0) of `steps`: a rise from 0, a plateau, a fall in a line towards 0."""
    rise = (step + 1) / (chosen.warmup + 1)
    fall = (steps - step) / (steps * chosen.decay) if chosen.decay else 1.0
    return chosen.lr * min(1.0, rise, fall)
