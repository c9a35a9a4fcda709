"""How much of what a device can do is done: model FLOPs utilisation (PaLM, arXiv 2204.02311)."""

from __future__ import annotations

import torch

PEAKS = {
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100": 989e12,
    "H20": 148e12,
    "H800": 989e12,
    "B200": 2250e12,
    "GB200": 2500e12,
    "A100": 312e12,
    "A800": 312e12,
    "L40S": 362e12,
    "RTX 4090": 165e12,
    "RTX 5090": 210e12,
}
"""Dense bf16 operations a second with float32 sums, by what stands in the device's name; from NVIDIA's data sheets."""


def peak(device: torch.device, precision: str) -> float | None:
    """Operations a second that the device can do at most; None where that is not known, or not of that precision."""
    if device.type != "cuda" or precision != "bf16":
        return None
    name = torch.cuda.get_device_name(device)
    known = [part for part in PEAKS if part in name]
    return PEAKS[max(known, key=len)] if known else None
