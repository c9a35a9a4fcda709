"""The model over several processes, from outside: it knows nothing of it.

Three dimensions of processes, slowest first: copies of the model (`replicate`), processes that share its weights
(`shard`, FSDP2), and processes that share each matrix product (`tensor`). Those of one tensor group get the same
samples, all others different ones. The style is torchtitan's.
"""

from __future__ import annotations

import logging
import warnings
from functools import partial

import torch
from torch import nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    ParallelStyle,
    RowwiseParallel,
    SequenceParallel,
    parallelize_module,
)
from torch.fx.experimental import _config as symbolic
from torch.utils.checkpoint import checkpoint

from train.config import Parallel
from train.mmdit import MMDiT
from train.world import World

WIDE = ("attn.to_q", "attn.to_k", "attn.to_v", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")
"""Layers whose outputs, heads, are shared out."""

VARIANTS = 64
"""Of a block, that are compiled at most."""

NORMS = ("attn.norm_q", "attn.norm_k", "attn.norm_added_q", "attn.norm_added_k")


class ParallelError(ValueError):
    """The model or the processes cannot be shared out like that. One line."""


def parallelize(
    model: MMDiT,
    parallel: Parallel,
    world: World,
    bf16: bool = False,
    recompute: bool = False,
    compiled: bool = False,
) -> MMDiT:
    """The same model, its weights shared out as `parallel` says; all processes call this together.

    `bf16`: shared weights are gathered in bf16; sums of gradients stay float32, and are those of autocast but for
    rounding (0.4 % of their length, a fifteenth of what bf16 itself costs). `recompute`: activations are computed
    again in the backward pass (saves memory, costs time); `compiled`: each block by torch.compile. Names of parameters
    stay. A model on the meta device is to be given memory (`to_empty`) and weights afterwards. Raises ParallelError.
    """
    mesh = _mesh(parallel, world) if world.size > 1 else None
    if mesh and parallel.tensor > 1:
        _share_products(model, mesh["tensor"])
    for block in model.transformer_blocks:
        if recompute:
            block.forward = partial(checkpoint, block.forward, use_reentrant=False, preserve_rng_state=False)
        if compiled:
            _compile(block)
    if mesh and world.size > parallel.tensor:
        _share_weights(model, mesh, bf16)
    return model


def _compile(block: nn.Module) -> None:
    """For any shapes: what is compiled anew is the last block, samples that are as long as each other in text or
    picture, another number of samples, and what needs no gradients. Where there were more than the limit, which is 8 by
    default, PyTorch would go on without compiling."""
    torch._dynamo.config.recompile_limit = VARIANTS
    symbolic.backed_size_oblivious = True  # else one token, as of an empty caption, in each place is a variant more
    block.compile(dynamic=True)


def _mesh(parallel: Parallel, world: World) -> DeviceMesh:
    """All processes as (replicate, shard, tensor)."""
    others, rest = divmod(world.size, parallel.tensor)
    shard = parallel.fsdp or others
    if rest or others % shard:
        raise ParallelError(
            f"{world.size} processes cannot be shared out as parallel.fsdp {parallel.fsdp} × tensor {parallel.tensor}: "
            "start a multiple of their product"
        )
    shape = (others // shard, shard, parallel.tensor)
    return init_device_mesh(world.device.type, shape, mesh_dim_names=("replicate", "shard", "tensor"))


def _share_products(model: MMDiT, mesh: DeviceMesh) -> None:
    """Tensor parallelism: every process has some of the heads, and some of the wide layer of each network."""
    heads = model.config.num_attention_heads
    if heads % mesh.size():
        raise ParallelError(f"parallel.tensor is {mesh.size()}, but the model's {heads} heads are no multiple of it")
    for block in model.transformer_blocks:
        parallelize_module(block, mesh, _plan())


def _plan() -> dict[str, ParallelStyle]:
    """How each layer of a block is shared out.

    Gains of queries and keys are the same for all heads: `SequenceParallel` over heads, which are the second dimension,
    adds up what each process' heads would have them do. Without it they drift apart while the loss looks right.
    """
    plan: dict[str, ParallelStyle] = {name: ColwiseParallel() for name in WIDE}
    plan |= {name: SequenceParallel(sequence_dim=1, use_local_output=True) for name in NORMS}
    plan |= {name: RowwiseParallel() for name in ("attn.to_out.0", "attn.to_add_out")}
    for mlp in ("img_mlp", "txt_mlp"):
        plan |= {f"{mlp}.net.0.proj": ColwiseParallel(), f"{mlp}.net.2": RowwiseParallel()}
    return plan


def _share_weights(model: MMDiT, mesh: DeviceMesh, bf16: bool) -> None:
    """FSDP2: weights, gradients and the optimiser's state in slices, gathered a block at a time."""
    warnings.filterwarnings("ignore", "FSDP2-wrapped module .* returned a view")  # nothing here works in place
    logging.getLogger("torch.distributed.tensor._redistribute").setLevel(logging.ERROR)  # two meshes take two sums
    over = mesh["shard"] if mesh["replicate"].size() == 1 else mesh["replicate", "shard"]
    precision = MixedPrecisionPolicy(torch.bfloat16, torch.float32) if bf16 else MixedPrecisionPolicy()
    for block in model.transformer_blocks:
        fully_shard(block, mesh=over, mp_policy=precision)
    fully_shard(model, mesh=over, mp_policy=precision)
