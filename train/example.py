"""One training example, and several of them in one row without padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

PATCH = 2
"""Latent pixels of a token's side."""

Shape = tuple[int, int, int]
"""Frames, height and width of a picture in tokens."""


@dataclass(frozen=True)
class Example:
    """`latents` [channels, height, width], sides multiples of PATCH; `text` [tokens, width of the encoder]."""

    key: str
    latents: Tensor
    text: Tensor


@dataclass(frozen=True)
class Packed:
    """Samples one after the other in one row: no padding, whatever their shapes and captions.

    `image` [all image tokens, 4 · channels], `text` [all text tokens, width]; `shapes`: of each sample its target and
    then its references (as in editing); `lengths`: of each sample its text tokens.
    """

    image: Tensor
    text: Tensor
    shapes: tuple[tuple[Shape, ...], ...]
    lengths: tuple[int, ...]


def tokens(latents: Tensor) -> Tensor:
    """[channels, height, width] as [height/2 · width/2, channels · 4], as diffusers' QwenImagePipeline packs them."""
    channels, height, width = latents.shape
    cut = latents.view(channels, height // PATCH, PATCH, width // PATCH, PATCH)
    return cut.permute(1, 3, 0, 2, 4).reshape(-1, channels * PATCH * PATCH)


def latents(tokens: Tensor, height: int, width: int) -> Tensor:
    """The way back from `tokens`: [channels, height, width], `height` and `width` in latent pixels."""
    channels = tokens.shape[-1] // (PATCH * PATCH)
    cut = tokens.view(height // PATCH, width // PATCH, channels, PATCH, PATCH)
    return cut.permute(2, 0, 3, 1, 4).reshape(channels, height, width)


def pack(examples: Sequence[Example]) -> Packed:
    """Examples without references in one row."""
    shapes = tuple(((1, each.latents.shape[1] // PATCH, each.latents.shape[2] // PATCH),) for each in examples)
    return Packed(
        torch.cat([tokens(each.latents) for each in examples]),
        torch.cat([each.text for each in examples]),
        shapes,
        tuple(len(each.text) for each in examples),
    )
