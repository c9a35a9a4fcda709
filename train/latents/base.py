"""What a codec is: pictures to latents and back."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

FACTOR = 8
"""Pixels of a picture's side a latent pixel."""


class Codec(Protocol):
    """Turns pictures into latents of about zero mean and unit variance, and back.

    `name` tells codecs apart whose latents differ (kind and hash of what it is made of): it stands in manifests and
    checkpoints.
    """

    name: str
    channels: int

    def encode(self, pixels: Tensor) -> Tensor:
        """[batch, 3, height, width] in -1..1, sides multiples of FACTOR, to [batch, channels, height/8, width/8]."""
        ...

    def decode(self, latents: Tensor) -> Tensor:
        """The way back; values may leave -1..1."""
        ...
