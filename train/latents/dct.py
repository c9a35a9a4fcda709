"""A codec without weights: the low frequencies of the discrete cosine transform of blocks of 8 × 8 pixels.

Kept are 10 coefficients of luma and 3 of each chroma (JPEG's colours and order): 16 channels at an eighth of the side,
the shape of the Qwen-Image VAE's latents. Text stays legible from about 28 pixels a letter. It is linear: what
encoding kept, decoding gives back exactly, so a picture loses once and never again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from train.latents.base import FACTOR

YCBCR = np.array(((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312)))
"""RGB to luma and chroma, as in JPEG (ITU-T T.871)."""

KEPT = (10, 3, 3)
"""Coefficients of luma and of each chroma: whole diagonals, so that both directions are as sharp."""


@dataclass(frozen=True)
class Scale:
    """What is taken from each of the 16 channels, and what the rest is divided by, so that latents have zero mean and,
    all channels together, unit variance."""

    mean: tuple[float, ...]
    divisor: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.mean) != sum(KEPT) or len(self.divisor) != sum(KEPT) or min(self.divisor) <= 0:
            raise ValueError(f"mean and divisor are {sum(KEPT)} numbers each, those of divisor above 0")


PICTURES = Scale(
    mean=(1.01, *[0.0] * 9, -0.164, 0.0, 0.0, 0.121, 0.0, 0.0),
    divisor=(
        1.93,
        0.637,
        0.704,
        0.554,
        0.454,
        0.5,
        0.435,
        0.393,
        0.384,
        0.448,
        0.818,
        0.277,
        0.297,
        0.84,
        0.292,
        0.317,
    ),
)
"""By `measure` from 232 pictures of 256² pixels, half of them the real images of `demo/`, half pages that `curation
synth` made, pure and complex; means of all but flat colour are 0, as in pictures and their mirror images together.
Photographs and text hardly differ: a channel's deviation on text is 0.8 to 1.4 times that on photographs."""

WORDS = Scale(
    mean=(4.6, *[0.0] * 15),
    divisor=(2.73, 2.07, 1.63, 0.821, 0.968, 1.51, 0.845, 0.726, 0.544, 0.567, 0.656, 0.33, 0.265, 0.722, 0.372, 0.29),
)
"""For small pictures of one word in colour on white, as `curation synth` makes them, of 64 × 32 and 80 × 48 pixels:
each channel by its own deviation, so that the fine ones, which tell letters apart, weigh as much as the rest."""

SCALES = {"pictures": PICTURES, "words": WORDS}


@dataclass
class DCT:
    """The codec. `scale`: how channels are weighed, one of SCALES or one's own; the default suits photographs and text
    of any size.

    Works in float32 on the device of what it is given, and passes gradients on.
    """

    scale: Scale | Literal["pictures", "words"] = "pictures"
    channels = sum(KEPT)

    def __post_init__(self) -> None:
        self.name = f"dct-{hashlib.sha256(repr((KEPT, self.weighed)).encode()).hexdigest()[:12]}"

    @property
    def weighed(self) -> Scale:
        """The numbers of `scale`."""
        return SCALES[self.scale] if isinstance(self.scale, str) else self.scale

    def encode(self, pixels: Tensor) -> Tensor:
        """[batch, 3, height, width] in -1..1, sides multiples of 8, to [batch, 16, height/8, width/8]."""
        waves, _, mean, divisor = (part.to(pixels.device) for part in self._parts)
        blocks = pixels.float().unflatten(3, (-1, FACTOR)).unflatten(2, (-1, FACTOR))
        return (torch.einsum("bcyixj,kcij->bkyx", blocks, waves) - mean) / divisor

    def decode(self, latents: Tensor) -> Tensor:
        """[batch, 16, height, width] to [batch, 3, 8 · height, 8 · width]; values may leave -1..1."""
        _, waves, mean, divisor = (part.to(latents.device) for part in self._parts)
        blocks = torch.einsum("bkyx,kcij->bcyixj", latents.float() * divisor + mean, waves)
        return blocks.flatten(4, 5).flatten(2, 3)

    @cached_property
    def _parts(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Filters there and back, [16, 3, 8, 8] each; means and divisors, [16, 1, 1]."""
        there, back = (torch.from_numpy(each).float() for each in filters())
        mean, divisor = (torch.tensor(each)[:, None, None] for each in (self.weighed.mean, self.weighed.divisor))
        return there, back, mean, divisor


def measure(pictures: Iterable[Tensor]) -> Scale:
    """The scale for `pictures`, [3, height, width] in -1..1, sides multiples of 8. Each weighs the same.

    A channel is divided by the geometric mean of its own deviation and the mean one. By its own alone, errors of flat
    colour, which the eye sees first, would weigh the least: measured, the paper behind the words of a small model was
    twice as noisy.
    """
    plain = DCT(Scale((0.0,) * DCT.channels, (1.0,) * DCT.channels))
    blocks = [plain.encode(picture[None])[0].flatten(1).double() for picture in pictures]
    mean = torch.stack([each.mean(1) for each in blocks]).mean(0)
    deviation = torch.stack([(each - mean[:, None]).square().mean(1) for each in blocks]).mean(0).sqrt()
    return Scale(tuple(mean.tolist()), tuple((deviation * deviation.mean()).sqrt().tolist()))


def filters() -> tuple[np.ndarray, np.ndarray]:
    """What the kept coefficients look at and what they paint, [16, 3, 8, 8] each: each other's inverse."""
    cosines = transform()
    places = zigzag()
    kept = [(colour, *places[i]) for colour, count in enumerate(KEPT) for i in range(count)]
    waves = [np.outer(cosines[row], cosines[column]) for _, row, column in kept]
    rgb = np.linalg.inv(YCBCR)
    there = [YCBCR[colour][:, None, None] * wave for (colour, _, _), wave in zip(kept, waves, strict=True)]
    back = [rgb[:, colour][:, None, None] * wave for (colour, _, _), wave in zip(kept, waves, strict=True)]
    return np.stack(there), np.stack(back)


def transform() -> np.ndarray:
    """The orthonormal DCT-II of 8 numbers: row k is the wave of frequency k."""
    frequency, place = np.mgrid[:FACTOR, :FACTOR]
    waves = np.cos(np.pi * (place + 0.5) * frequency / FACTOR) * np.sqrt(2 / FACTOR)
    waves[0] /= np.sqrt(2)
    return waves


def zigzag() -> list[tuple[int, int]]:
    """Rows and columns of a block's coefficients from low to high frequency, as JPEG orders them (ITU-T T.81)."""
    places = [(row, column) for row in range(FACTOR) for column in range(FACTOR)]
    return sorted(places, key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]))
