"""A model, data and a config small enough to be trained in a test."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from PIL import Image, ImageDraw, ImageFont

from train.example import Example
from train.mmdit import Config

SIZES = Config(
    num_layers=1, num_attention_heads=2, attention_head_dim=16, joint_attention_dim=8, axes_dims_rope=(4, 6, 6)
)

COLOURS = {"red": (200, 30, 40), "green": (20, 140, 60), "blue": (30, 60, 200)}


def example(number: int, height: int = 4, width: int = 4, key: str | None = None) -> Example:
    """Latents and text of chance."""
    generator = torch.Generator().manual_seed(number)
    latents = torch.randn(16, height, width, generator=generator)
    return Example(key or str(number), latents, torch.randn(2 + number % 3, 8, generator=generator))


def pictures(folder: Path, count: int = 24, side: int = 32) -> Path:
    """A folder of pictures of letters, each with a caption beside it."""
    folder.mkdir(parents=True)
    chance = random.Random(0)
    for number in range(count):
        letter, (name, colour) = chance.choice("AHXO"), chance.choice(list(COLOURS.items()))
        image = Image.new("RGB", (side, side), (245, 245, 240))
        font = ImageFont.load_default(size=side * 0.7)
        ImageDraw.Draw(image).text((side / 2, side / 2), letter, font=font, fill=colour, anchor="mm")
        image.save(folder / f"{number:03}.png")
        (folder / f"{number:03}.txt").write_text(f'The letter "{letter}" in {name}')
    return folder


CONFIG = """
output: {output}
model: {{num_layers: 2, num_attention_heads: 2, attention_head_dim: 16, axes_dims_rope: [4, 6, 6]}}
optimiser: {{lr: 1e-3, warmup: 2, decay: 0.5}}
times: {{shift: 2}}
phases:
  - resolution: 32
    sources: [{{path: {data}}}]
    batch: 4
    steps: 6
  - resolution: 32
    sources: [{{path: {data}}}]
    batch: 8
    accumulation: 2
    steps: 4
checkpoints: {{every: 4, keep: 2}}
samples: {{every: 5, prompts: ['The letter "A" in red', 'The letter "O" in blue'], steps: 2}}
log_every: 1
"""


def config(output: Path, data: Path) -> str:
    """Ten steps in two phases."""
    return CONFIG.format(output=output, data=data)
