"""How much of the text that a prompt asks for can be read in the picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from train.condition.letters import pieces

Pixels = NDArray[np.uint8]

Reader = Callable[[Pixels], str]
"""Reads RGB uint8 [height, width, 3], of any size; an empty text where there is none."""


def quoted(prompt: str) -> str:
    """What stands in quotation marks of any kind, one after the other; empty where nothing does."""
    return "".join(piece.text for piece in pieces(prompt) if piece.place)


def right_letters(wanted: str, read: str) -> float:
    """The share of the letters of `wanted` that were read, 0 to 1: 1 − edits / letters, white space aside."""
    wanted, read = "".join(wanted.split()), "".join(read.split())
    return max(0.0, 1 - Levenshtein.distance(wanted, read) / len(wanted)) if wanted else 1.0
