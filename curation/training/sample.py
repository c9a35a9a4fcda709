"""`curation sample`: a picture from a checkpoint."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from PIL import Image

from curation.mistake import Mistake, one_line
from curation.training.memory import ran_out
from train import checkpoint
from train.assembly import assemble
from train.config import SIDE, from_dict
from train.sampling import Wish
from train.world import joined

HELP = """\
Makes a picture of a prompt by the last checkpoint of a training (its
moving average), which may still be going on. Steps and guidance are
those of the training's samples.
"""

EXAMPLES = """\
examples:
  curation sample --checkpoint out/ --prompt 'A sign that says "OPEN"'
  curation sample --checkpoint out/ --prompt 'a cat' --negative 'a dog' \\
    --size 640x480 --seed 7 --output cat.png
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--checkpoint", metavar="OUT", required=True, help="output of a training, or one checkpoint of it"
    )
    parser.add_argument(
        "--prompt", metavar="TEXT", required=True, help="what to show; text to write in quotation marks"
    )
    parser.add_argument("--negative", metavar="TEXT", default="", help="what not to show")
    parser.add_argument("--size", metavar="WxH", help="width and height in pixels; left out: as it was trained last")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="another seed makes another picture (default 0)"
    )
    parser.add_argument("--output", metavar="FILE.png", default="sample.png", help="left out: sample.png")


def main(known: argparse.Namespace, beams: list[str]) -> int:
    """Do what the command line asks."""
    print(sample(known.checkpoint, known.prompt, known.negative, known.size, known.seed, known.output))
    return 0


def sample(run: str, prompt: str, negative: str, size: str | None, seed: int, output: str) -> Path:
    """Write a PNG of `prompt` at `output`, by the last weights of a training run (those of the moving average where it
    kept one). `size`: WIDTHxHEIGHT in pixels. Raises Mistake."""
    if not 0 <= seed < 2**31:
        raise Mistake(f"--seed must be 0 to {2**31 - 1}, not {seed}")
    if Path(output).suffix.lower() != ".png":
        raise Mistake(f"--output must end in .png, not {output}")
    try:
        folder = checkpoint.find(run)
        config = from_dict(checkpoint.about(folder).config)
        side = config.phases[-1].resolution
        width, height = _size(size) if size else (side, side)
        with joined() as world:
            parts = assemble(config, world)
            model = parts.blank_model()
            checkpoint.load_weights(folder, model)
            (picture,) = parts.sampler()(model, [Wish(prompt, width, height, seed, negative)])
    except Mistake:
        raise
    except ValueError as error:
        raise Mistake(one_line(error)) from error
    except (RuntimeError, MemoryError) as error:
        if ran_out(error):
            raise Mistake("memory ran out: choose a smaller --size") from error
        raise
    return _written(Image.fromarray(picture), Path(output))


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    sides = tuple(map(int, found.groups())) if found else (0, 0)
    if not all(side and side % SIDE == 0 for side in sides):
        raise Mistake(f"--size is WIDTHxHEIGHT in pixels, multiples of {SIDE}, not {text}")
    return sides[0], sides[1]


def _written(image: Image.Image, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path)
    except OSError as error:
        raise Mistake(f"cannot write {path}: {error.strerror}") from error
    return path
