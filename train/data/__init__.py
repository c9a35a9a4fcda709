"""From shards to batches: `Batches` gives each step the examples of this rank, `open_source` checks one source.

Sample number g of a phase is a function of (seed, g) and the data only (see `order`): step s of batch size B holds the
samples s·B … s·B + B − 1, of which each rank takes its slice, so any number of ranks sees the same batches, and a run
resumes by the number of its next step.
"""

from __future__ import annotations

from train.data.loader import Batches
from train.data.opening import open_source
from train.data.source import DataError, Source

__all__ = ["Batches", "DataError", "Source", "open_source"]
