"""AdamW over whole, sharded and partly sharded parameters, clipping, and the moving average of the weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import FSDPModule
from torch.distributed.tensor import DTensor

from train.config import Optimiser

WARM_UP = 10
"""After s steps the average forgets as if its decay were no more than (s + 1) / (s + WARM_UP), so that the first
weights, which are chance, do not linger."""


def adamw(model: nn.Module, chosen: Optimiser) -> torch.optim.AdamW:
    """AdamW over what is trained. Matrices decay; gains and biases, whose size means something, do not.

    A group holds parameters of one device mesh, since torch's fused kernels take no others.
    """
    groups: dict[tuple[DeviceMesh | None, bool], list[nn.Parameter]] = {}
    for parameter in trained(model):
        groups.setdefault((_mesh(parameter), parameter.dim() > 1), []).append(parameter)
    described = [
        {"params": members, "weight_decay": chosen.weight_decay if decays else 0.0}
        for (_, decays), members in groups.items()
    ]
    return torch.optim.AdamW(described, lr=chosen.lr, betas=chosen.betas, fused=True)


def trained(model: nn.Module) -> list[nn.Parameter]:
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def _mesh(tensor: Tensor) -> DeviceMesh | None:
    return tensor.device_mesh if isinstance(tensor, DTensor) else None


def clip(parameters: Iterable[nn.Parameter], longest: float) -> Tensor:
    """Shorten the gradient of all parameters together to `longest`; returns its length before, a scalar.

    torch's own function refuses tensors of several meshes: lengths are taken a mesh and joined.
    """
    meshes: dict[DeviceMesh | None, list[Tensor]] = {}
    for parameter in parameters:
        if parameter.grad is not None:
            meshes.setdefault(_mesh(parameter), []).append(parameter.grad)
    lengths = [torch.nn.utils.get_total_norm(gradients) for gradients in meshes.values()]
    whole = [length.full_tensor() if isinstance(length, DTensor) else length for length in lengths]
    total = torch.stack(whole).norm()
    factor = (longest / (total + 1e-6)).clamp(max=1.0)
    for gradients in meshes.values():
        torch._foreach_mul_([local(gradient) for gradient in gradients], factor)
    return total


def local(tensor: Tensor) -> Tensor:
    """What this process holds of a tensor, sharing its memory."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


class Average:
    """The exponential moving average of a model's parameters, sharded as they are, in float32."""

    def __init__(self, model: nn.Module, decay: float):
        self.decay = decay
        self.weights = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        """After `step` (from 0)."""
        decay = min(self.decay, (step + 1) / (step + WARM_UP))
        here = [local(weight) for weight in self.weights.values()]
        torch._foreach_lerp_(here, [local(parameter.detach()) for parameter in model.parameters()], 1 - decay)

    @contextmanager
    def within(self, model: nn.Module) -> Iterator[None]:
        """The model has the average's weights for the while."""
        self._swap(model)
        try:
            yield
        finally:
            self._swap(model)

    @torch.no_grad()
    def _swap(self, model: nn.Module) -> None:
        for module in model.modules():
            if isinstance(module, FSDPModule):
                cast(FSDPModule, module).reshard()  # else it keeps the whole weights that it gathered last
        for name, parameter in model.named_parameters():
            mine, theirs = local(self.weights[name]), local(parameter.detach())
            held = theirs.clone()
            theirs.copy_(mine)
            mine.copy_(held)
