"""Parts of released models, by a name on the Hugging Face hub or a folder: where they are, how they run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import torch

Precision = Literal["float32", "bf16"]

PIPELINE = "model_index.json"

SAMPLE = 64
"""Numbers of each tensor that a fingerprint reads: training moves all of them."""


def place(path: str, part: str) -> dict[str, Any]:
    """Where a loader finds `part`, such as `vae`, as keyword arguments: the folder of that name in `path` where that is
    a whole pipeline of diffusers, else `path` itself."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    inside = {"pretrained_model_name_or_path": path, "subfolder": part}
    alone = {"pretrained_model_name_or_path": path}
    if Path(path).is_dir():
        return inside if (Path(path) / PIPELINE).is_file() else alone
    try:
        hf_hub_download(path, PIPELINE)
    except EntryNotFoundError:
        return alone
    return inside


@contextmanager
def loading(path: str, what: str, packages: str) -> Iterator[None]:
    """Whatever a loader raises becomes a ValueError of one line: `path` holds no `what`."""
    try:
        yield
    except ImportError as error:
        raise ValueError(
            f"{what} needs a package that is not installed ({error.name}); pip install {packages}"
        ) from error
    except Exception as error:  # loaders do not say what broken files make them raise
        raise ValueError(f"{path!r} holds no {what}: {' '.join(str(error).split())[:300]}") from error


def complete(info: dict[str, Any]) -> None:
    """Raises ValueError where a loader's report says that weights are missing: it would have made random ones up."""
    missing = sorted(info["missing_keys"])
    if missing:
        raise ValueError(f"{len(missing)} of its weights are missing, such as {missing[0]}")


def device() -> torch.device:
    """The current GPU where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def number_type(precision: Precision | None) -> torch.dtype:
    """What `precision` names; by default bf16 on a GPU and float32 on a CPU."""
    if precision is None:
        return torch.bfloat16 if torch.cuda.is_available() else torch.float32
    return {"float32": torch.float32, "bf16": torch.bfloat16}[precision]


def fingerprint(model: torch.nn.Module, *more: object) -> str:
    """12 hex digits that tell models apart by their weights, whatever their place, device and precision."""
    digest = hashlib.sha256(repr(more).encode())
    for name, weight in sorted(model.state_dict().items()):
        sample = weight.flatten()[:SAMPLE].to("cpu", torch.bfloat16).float()
        digest.update(f"{name} {tuple(weight.shape)}".encode() + sample.numpy().tobytes())
    return digest.hexdigest()[:12]
