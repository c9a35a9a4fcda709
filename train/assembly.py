"""What a run is made of, from its config: encoder, codec, model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict

from train import checkpoint, condition, latents, memory
from train.condition.base import TextEncoder
from train.config import Config
from train.data import open_source
from train.fields import ConfigError, plain
from train.latents.base import Codec
from train.mmdit import Config as Sizes
from train.mmdit import MMDiT, initialise
from train.objective import FlowLoss
from train.parallelize import parallelize
from train.sampling import Sampler
from train.weights import CONFIG, fill, save
from train.world import World


@dataclass(frozen=True)
class Parts:
    """The parts of the run that `config` describes, for one process of `world`. `sizes` are the model's."""

    config: Config
    world: World
    encoder: TextEncoder
    codec: Codec
    sizes: Sizes
    numerics: FlowLoss

    @property
    def made_with(self) -> dict[str, str]:
        """What decides the result besides the config."""
        return {"encoder": self.encoder.name, "codec": self.codec.name}

    @property
    def seats(self) -> int:
        """Among how many processes a batch is shared: those of one tensor-parallel group work on the same samples."""
        return self.world.size // self.config.parallel.tensor

    @property
    def seat(self) -> int:
        """Which share of a batch is this process'."""
        return self.world.rank // self.config.parallel.tensor

    def blank_model(self) -> MMDiT:
        """The model spread over the processes, its weights not set yet."""
        with torch.device("meta"):
            model = MMDiT(self.sizes)
        chosen = self.config
        parallelize(model, chosen.parallel, self.world, self.numerics.bf16, chosen.recompute, chosen.compile)
        return model.to_empty(device=self.world.device)

    def model(self) -> MMDiT:
        """The model with its first weights: those of `init` or of chance. Raises ValueError if `init` does not fit."""
        model = self.blank_model()
        if self.config.init:
            self._start_from(self.config.init, model)
        else:
            initialise(model, torch.Generator().manual_seed(self.config.seed))
        return model

    def sampler(self) -> Sampler:
        """What makes the run's samples."""
        chosen = self.config.samples
        rescale = self.config.latents.get("codec") == "qwen" if chosen.rescale is None else chosen.rescale
        return Sampler(self.encoder, self.codec, self.numerics, chosen.steps, chosen.guidance, rescale)

    def check_memory(self) -> None:
        """Raises TooLittleMemory unless this process' part of the model and what training adds to it fits."""
        with torch.device("meta"):
            model = MMDiT(self.sizes)
        needed = memory.needed(model, self.config.ema > 0, self.config.preferences is not None)
        parallel = self.config.parallel
        memory.check(needed, (parallel.fsdp or self.seats) * parallel.tensor, self.world)

    def check_data(self) -> None:
        """Look at the sources of all phases, lest one of them be found missing days after the start.

        Raises ConfigError, DataError, or another ValueError of one line.
        """
        seen = set[tuple[str, int]]()
        for number, phase in enumerate(self.config.phases):
            if phase.batch % (self.seats * phase.accumulation):
                raise ConfigError(
                    f"phases.{number}.batch is {phase.batch}, shared among {self.seats} × {phase.accumulation} "
                    "(processes × accumulation): make it a multiple"
                )
            for source in (*phase.sources, *phase.losers):
                if (place := (repr(source), phase.resolution)) not in seen:
                    seen.add(place)
                    open_source(source, phase.resolution, self.codec.name, self.encoder.name)

    def export(self, model: MMDiT, folder: Path) -> None:
        """Write the weights as diffusers loads them. All processes call this together."""
        whole = get_model_state_dict(model, options=StateDictOptions(full_state_dict=True, cpu_offload=True))
        if self.world.first:
            save(cast("dict[str, Tensor]", whole), self.sizes, folder)
        self.world.wait()

    def _start_from(self, path: str, model: MMDiT) -> None:
        """Take the weights of a run of ours, or of what diffusers saved: a model, or a pipeline with one."""
        for saved in (Path(path), Path(path) / "transformer"):
            if (saved / CONFIG).exists():
                return fill(model, saved)
        folder = checkpoint.find(path)
        checkpoint.check_model(folder, plain(self.config.model), self.made_with)
        checkpoint.load_weights(folder, model)


def assemble(config: Config, world: World) -> Parts:
    """Raises ConfigError, or another ValueError of one line where weights cannot be found."""
    together = config.parallel.tensor * max(1, config.parallel.fsdp)
    if world.size % together:
        raise ConfigError(
            f"parallel.fsdp × parallel.tensor is {together}, the number of processes {world.size}: start a multiple, "
            f"torchrun --nproc-per-node {together} -m curation.cli train …"
        )
    encoder, codec = condition.build(config.text), latents.build(config.latents)
    model = config.model
    sizes = Sizes(
        num_layers=model.num_layers,
        num_attention_heads=model.num_attention_heads,
        attention_head_dim=model.attention_head_dim,
        joint_attention_dim=encoder.width,
        in_channels=4 * codec.channels,
        out_channels=codec.channels,
        axes_dims_rope=model.axes_dims_rope,
    )
    numerics = FlowLoss(config.times, world.device, config.precision == "bf16")
    return Parts(config, world, encoder, codec, sizes, numerics)
