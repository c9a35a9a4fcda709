"""Pictures from prompts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from train import flow
from train.chance import mixed
from train.condition.base import TextEncoder
from train.example import PATCH, Example, latents, pack
from train.latents.base import FACTOR, Codec
from train.legibility import Reader, quoted, right_letters
from train.mmdit import MMDiT
from train.objective import FlowLoss

Pixels = NDArray[np.uint8]

TOGETHER = 16
"""Pictures that are made at a time."""

GAP = 4
"""Pixels between the pictures of a grid."""


@dataclass(frozen=True)
class Wish:
    """A picture to make: `width` and `height` in pixels; `seed` is of its noise."""

    prompt: str
    width: int
    height: int
    seed: int
    negative: str = ""


@dataclass(frozen=True)
class Sampler:
    """Euler's method over `steps`, with classifier-free guidance of the scale `guidance` (1: none). `rescale`: as
    Qwen-Image's pipeline guides."""

    encoder: TextEncoder
    codec: Codec
    numerics: FlowLoss
    steps: int
    guidance: float
    rescale: bool = False

    @torch.no_grad()
    def __call__(self, model: MMDiT, wishes: Sequence[Wish]) -> list[Pixels]:
        """For each wish RGB uint8 [height, width, 3]. A picture depends on its own wish alone, but for rounding."""
        pictures: dict[int, Pixels] = {}
        model.eval()
        for numbers in _alike(wishes):
            made = self._pixels(self.latents(model, [wishes[number] for number in numbers]))
            pictures |= zip(numbers, made, strict=True)
        model.train()
        return [pictures[number] for number in range(len(wishes))]

    @torch.no_grad()
    def latents(self, model: MMDiT, wishes: Sequence[Wish]) -> Tensor:
        """[wishes, channels, height/8, width/8] in float32, of wishes of one size."""
        height, width = wishes[0].height // FACTOR, wishes[0].width // FACTOR
        texts = self.encoder.encode([wish.prompt for wish in wishes])
        if self.guidance != 1:
            texts += self.encoder.encode([wish.negative for wish in wishes])
        texts = [self.numerics.here(text) for text in texts]

        def velocity(state: Tensor, time: float) -> Tensor:
            states = [*state] * (len(texts) // len(wishes))
            packed = pack([Example("", one, text) for one, text in zip(states, texts, strict=True)])
            said = self.numerics.velocity(model, packed, torch.full((len(texts),), time, device=state.device))
            each = said.view(len(texts), -1, said.shape[-1])
            if self.guidance != 1:
                guided = flow.true_guided if self.rescale else flow.guided
                conditional, unconditional = each.chunk(2)
                each = guided(conditional, unconditional, self.guidance)
            return torch.stack([latents(one, height, width) for one in each])

        times = flow.steps(self.steps, self.numerics.shift(height * width // PATCH**2))
        return flow.euler(velocity, self.numerics.here(self.noise(wishes)), times)

    def noise(self, wishes: Sequence[Wish]) -> Tensor:
        """What the latents of these wishes, all of one size, begin as."""
        shape = (self.codec.channels, wishes[0].height // FACTOR, wishes[0].width // FACTOR)
        generators = [torch.Generator().manual_seed(mixed(wish.seed)) for wish in wishes]
        return torch.stack([torch.randn(shape, generator=generator) for generator in generators])

    def _pixels(self, latents: Tensor) -> list[Pixels]:
        levels = (self.codec.decode(latents).clamp(-1, 1).permute(0, 2, 3, 1) * 127.5 + 127.5).round()
        return list(levels.to("cpu", torch.uint8).numpy())


def _alike(wishes: Sequence[Wish]) -> Iterator[list[int]]:
    """Numbers of wishes of one size, at most TOGETHER at a time."""
    sizes: dict[tuple[int, int], list[int]] = {}
    for number, wish in enumerate(wishes):
        sizes.setdefault((wish.width, wish.height), []).append(number)
    for numbers in sizes.values():
        yield from (numbers[first : first + TOGETHER] for first in range(0, len(numbers), TOGETHER))


def grid(pictures: Sequence[Pixels], columns: int) -> Pixels:
    """Pictures in rows on white, each in the middle of a cell that the largest fits."""
    height, width = (max(picture.shape[axis] for picture in pictures) for axis in (0, 1))
    rows = math.ceil(len(pictures) / columns)
    sheet = np.full((rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        top = GAP + row * (height + GAP) + (height - picture.shape[0]) // 2
        left = GAP + column * (width + GAP) + (width - picture.shape[1]) // 2
        sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return sheet


@dataclass(frozen=True)
class Sheet:
    """Samples of one moment: the grid, and what was read in each picture."""

    pixels: Pixels
    notes: list[dict[str, object]]

    @property
    def letters(self) -> float | None:
        """The mean share of right letters over the prompts that quote text; None where none does, or nobody read."""
        shares = [note["letters"] for note in self.notes if "letters" in note]
        return float(np.mean(np.array(shares, float))) if shares else None

    def save(self, path: Path) -> None:
        """The grid as PNG at `path`, the prompts beside it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(self.pixels).save(path)
        path.with_suffix(".json").write_text(json.dumps(self.notes, indent=1, ensure_ascii=False) + "\n", "utf-8")


def sheet(wishes: Sequence[Wish], pictures: Sequence[Pixels], columns: int, read: Reader | None) -> Sheet:
    """The grid of pictures and their notes; `read` says what stands in a picture."""
    return Sheet(grid(pictures, columns), [_note(*both, read) for both in zip(wishes, pictures, strict=True)])


def _note(wish: Wish, picture: Pixels, read: Reader | None) -> dict[str, object]:
    note: dict[str, object] = {"prompt": wish.prompt, "width": wish.width, "height": wish.height, "seed": wish.seed}
    if read and (wanted := quoted(wish.prompt)):
        found = read(picture)
        note |= {"read": found, "letters": right_letters(wanted, found)}
    return note
