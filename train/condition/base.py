"""What a text encoder is: captions to what the model attends to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from torch import Tensor


class TextEncoder(Protocol):
    """Turns captions into sequences of vectors of `width` numbers, at most `limit`: what is longer is cut at its end.

    `name` tells encoders apart whose output differs (kind and hash of what it is made of): it stands in manifests and
    checkpoints.
    """

    name: str
    width: int
    limit: int

    def encode(self, captions: Sequence[str]) -> list[Tensor]:
        """For each caption [tokens, width], 1 to `limit` tokens; the empty caption is the unconditional one."""
        ...
