"""Whether an error means that memory ran out."""

from __future__ import annotations

import torch


def ran_out(error: BaseException) -> bool:
    """True for what numpy and PyTorch raise, the latter of which has no class of its own for a CPU's memory."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "DefaultCPUAllocator" in str(error)
