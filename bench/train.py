"""Time of a training step (forward, backward, AdamW), ours against diffusers' class of the same sizes, in one run.

    python bench/train.py [--compile] [--device cuda]

1. Equal shapes: eight pictures of one shape with captions of one length.
2. A mix: four shapes of a bucket, each with captions of a word, a line, a sentence and a paragraph. diffusers cannot
   batch different shapes, and pads captions: it takes one batch a shape, captions padded to the longest of that batch
   and masked, and one step of AdamW for all. It is also given the samples one by one, where nothing is padded.
3. What it costs to compute activations again instead of keeping them (`recompute`), and what it saves.

On a CPU: float32, one thread, CPU time. On a GPU: bf16 by autocast, a model of 1B parameters, and the share of the
GPU's peak that is used (MFU). Both models have the same weights and take turns, so that a busy machine disturbs both;
each time is the least, each ratio the median of the turns.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path[0] = str(Path(__file__).parents[1])  # this file is no package `train`

import torch
from diffusers import QwenImageTransformer2DModel
from torch import Tensor, nn

from train.config import Optimiser, Parallel
from train.data.buckets import buckets
from train.example import Example, pack
from train.mmdit import Config, MMDiT, flops
from train.optimiser import adamw
from train.parallelize import parallelize
from train.speed import peak
from train.world import World

SMALL = Config(4, num_attention_heads=6, attention_head_dim=64, joint_attention_dim=256, axes_dims_rope=(8, 28, 28))
"""22M parameters, for a CPU."""

SIDE = 16
"""Pixels of a token's side."""

BILLION = Config(12, num_attention_heads=12)
"""1.0B parameters, for a GPU."""

CAPTIONS = (8, 24, 80, 240)
"""Tokens of a word, a line, a sentence, a paragraph."""

SHAPES = 4
"""Shapes of a bucket in a mix."""

Samples = list[tuple[int, int, int]]
"""Height and width of each sample's picture, and the length of its caption, in tokens."""

Step = Callable[[], None]


@dataclass(frozen=True)
class Bench:
    """Two models of these sizes with the same weights, on a device."""

    config: Config
    device: torch.device
    ours: MMDiT
    theirs: Any

    @classmethod
    def of(cls, config: Config, device: torch.device) -> Bench:
        torch.manual_seed(0)
        with device:
            theirs: Any = QwenImageTransformer2DModel(**asdict(config))
            ours = MMDiT(config)
        ours.load_state_dict(theirs.state_dict())
        return cls(config, device, ours, theirs)

    def examples(self, samples: Samples) -> list[Example]:
        return [
            Example(
                "",
                torch.randn(self.config.out_channels, 2 * height, 2 * width, device=self.device),
                torch.randn(length, self.config.joint_attention_dim, device=self.device),
            )
            for height, width, length in samples
        ]

    def packed(self, samples: Samples) -> Step:
        """Ours: one row."""
        row, times = pack(self.examples(samples)), torch.rand(len(samples), device=self.device)

        def losses() -> Iterator[Tensor]:
            with self._precision():
                said = self.ours(row, times)
            yield said.float().square().mean()

        return self._step(self.ours, losses)

    def padded(self, samples: Samples, together: bool = True) -> Step:
        """Theirs: a batch for each shape of picture, or each sample alone."""
        groups: dict[tuple[int, int, int], Samples] = defaultdict(list)
        for number, sample in enumerate(samples):
            groups[(*sample[:2], 0 if together else number)].append(sample)
        batches = [self._batch(group) for group in groups.values()]

        def losses() -> Iterator[Tensor]:
            for batch in batches:
                with self._precision():
                    said = self.theirs(**batch)[0]
                yield said.float().square().mean() * len(batch["timestep"]) / len(samples)

        return self._step(self.theirs, losses)

    def _batch(self, samples: Samples) -> dict[str, Any]:
        examples = self.examples(samples)
        lengths = [len(example.text) for example in examples]
        mask = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
        return {
            "hidden_states": torch.stack([pack([example]).image for example in examples]),
            "encoder_hidden_states": nn.utils.rnn.pad_sequence([example.text for example in examples], True),
            "encoder_hidden_states_mask": None if mask.all() else mask.to(self.device),
            "timestep": torch.rand(len(examples), device=self.device),
            "img_shapes": [list(pack([example]).shapes[0]) for example in examples],
            "return_dict": False,
        }

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    def _step(self, model: nn.Module, losses: Callable[[], Iterator[Tensor]]) -> Step:
        optimiser = adamw(model, Optimiser())

        def step() -> None:
            for loss in losses():
                loss.backward()
            optimiser.step()
            optimiser.zero_grad()

        return step


def turns(steps: dict[str, Step], rounds: int, device: torch.device) -> dict[str, list[float]]:
    """Seconds of each step in each round; a first one warms up."""
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            began = clock(device)
            step()
            if number:
                taken[name].append(clock(device) - began)
    return taken


def clock(device: torch.device) -> float:
    if device.type == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


def report(what: str, taken: dict[str, list[float]], aim: str = "") -> None:
    """A line a step; the ratio is that of the first, ours, to it."""
    (_, ours), *_ = taken.items()
    print(f"{what}{f' (at most {aim} ×)' if aim else ''}")
    for name, seconds in taken.items():
        ratio = statistics.median(mine / its for mine, its in zip(ours, seconds, strict=True))
        note = "" if seconds is ours else f"   ours takes {ratio:.2f} × that"
        print(f"  {name:<34}{1e3 * min(seconds):9.1f} ms{note}", flush=True)


def equal(bench: Bench, side: int) -> None:
    samples = squares(side)
    steps = {"ours": bench.packed(samples), "diffusers": bench.padded(samples)}
    report(f"{side} px: {len(samples)} × {describe(samples)}", turns(steps, 8, bench.device), "0.9")


def mix(bench: Bench, side: int) -> None:
    shapes = [(height // SIDE, width // SIDE) for width, height in buckets(side)[:SHAPES]]
    samples = [(*shape, length) for shape, length in product(shapes, CAPTIONS)]
    steps = {
        "ours, in one row": bench.packed(samples),
        "diffusers, padded, a batch a shape": bench.padded(samples),
        "diffusers, one by one": bench.padded(samples, together=False),
    }
    report(f"a mix at {side} px: {describe(samples)}", turns(steps, 3, bench.device), "0.6")


def squares(side: int) -> Samples:
    return [(side // SIDE, side // SIDE, 32)] * 8


def describe(samples: Samples) -> str:
    shapes = " ".join(f"{height}×{width}" for height, width in dict.fromkeys(sample[:2] for sample in samples))
    return f"{shapes} image tokens, captions of {' '.join(map(str, dict.fromkeys(sample[2] for sample in samples)))}"


def recompute(bench: Bench, side: int) -> None:
    """Activations again: time and memory."""
    samples = squares(side)
    again = replace(bench, ours=over(bench, recompute=True))
    steps = {"again": again.packed(samples), "kept": bench.packed(samples)}
    kept = {name: activations(step, bench.device) / 1e6 for name, step in steps.items()}
    taken = turns(steps, 4, bench.device)
    ratio = statistics.median(again / kept for again, kept in zip(*taken.values(), strict=True))
    print(
        f"activations computed again: {kept['again']:.0f} MB in place of {kept['kept']:.0f} "
        f"({kept['again'] / kept['kept']:.0%}), for {ratio:.2f} × the time"
    )


def over(bench: Bench, recompute: bool = False, compiled: bool = False) -> MMDiT:
    """Another model of ours with the same weights."""
    with bench.device:
        model = MMDiT(bench.config)
    model.load_state_dict(bench.ours.state_dict())
    return parallelize(model, Parallel(), World(0, 1, 1, bench.device), recompute=recompute, compiled=compiled)


def activations(step: Step, device: torch.device) -> float:
    """Bytes that a step keeps from forward to backward; on a GPU all that it takes at its highest."""
    if device.type == "cuda":
        step()
        torch.cuda.reset_peak_memory_stats()
        step()
        return torch.cuda.max_memory_allocated()
    held: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        if not isinstance(tensor, nn.Parameter) and not isinstance(tensor._base, nn.Parameter):
            held[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        step()
    return sum(held.values())


def compiled(bench: Bench, side: int) -> None:
    """Blocks of both models by torch.compile, against both as they are."""
    samples = squares(side)
    fast = replace(bench, ours=over(bench, compiled=True))
    with bench.device:
        theirs: Any = QwenImageTransformer2DModel(**asdict(bench.config))
    theirs.compile_repeated_blocks()
    steps = {
        "ours, compiled": fast.packed(samples),
        "ours": bench.packed(samples),
        "diffusers, compiled": replace(bench, theirs=theirs).padded(samples),
        "diffusers": bench.padded(samples),
    }
    began = time.perf_counter()
    steps["ours, compiled"]()
    print(f"ours compiled in {time.perf_counter() - began:.0f} s")
    taken = turns(steps, 5, bench.device)
    report(f"compiled, {side} px: {len(samples)} × {describe(samples)}", taken)
    if known := peak(bench.device, "bf16"):
        row = pack(bench.examples(samples))
        for name in ("ours, compiled", "ours"):
            print(f"  {name}: {3 * flops(bench.config, row) / min(taken[name]) / known:.0%} MFU (at least 45 %)")


def main(device: torch.device, compile_too: bool) -> None:
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    on_gpu = device.type == "cuda"
    bench, sides = Bench.of(BILLION if on_gpu else SMALL, device), (512, 1024) if on_gpu else (128, 256)
    parameters = sum(weight.numel() for weight in bench.ours.parameters())
    print(f"{parameters / 1e6:.0f}M parameters, torch {torch.__version__}, {device}")
    for side in sides:
        equal(bench, side)
        mix(bench, side)
    recompute(bench, sides[0])
    if compile_too:
        compiled(bench, sides[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--compile", action="store_true", help="also the blocks by torch.compile, which takes minutes")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"))
    chosen = parser.parse_args()
    main(chosen.device, chosen.compile)
