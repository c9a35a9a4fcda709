"""The model's weights in files: what diffusers saves as `QwenImageTransformer2DModel`, read and written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from train.mmdit import Config, MMDiT, put

CLASS = "QwenImageTransformer2DModel"
CONFIG = "config.json"
WEIGHTS = "diffusion_pytorch_model.safetensors"
INDEX = WEIGHTS + ".index.json"

VARIANTS = ("guidance_embeds", "use_additional_t_cond", "use_layer3d_rope", "zero_cond_t")
"""What diffusers' class can be besides, for models after Qwen-Image and Qwen-Image-Edit."""


class WeightsError(ValueError):
    """A folder that does not hold what is asked for. One line."""


def save(weights: Mapping[str, Tensor], config: Config, folder: Path) -> None:
    """Write a model's `weights`, whole ones, as diffusers loads them."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"_class_name": CLASS, **asdict(config), **dict.fromkeys(VARIANTS, False)}
    with _whole(folder / CONFIG) as partial:
        partial.write_text(json.dumps(content, indent=2) + "\n")
    with _whole(folder / WEIGHTS) as partial:
        save_file({name: weight.contiguous() for name, weight in weights.items()}, partial, {"format": "pt"})


def load(folder: Path) -> MMDiT:
    """The model that diffusers or `save` wrote, in float32 on the CPU. Raises WeightsError."""
    with torch.device("meta"):
        model = MMDiT(read_config(folder))
    model.to_empty(device="cpu")
    fill(model, folder)
    return model


def read_config(folder: Path) -> Config:
    """The sizes of the model in a folder. Raises WeightsError."""
    content = _read(folder / CONFIG)
    if content.get("_class_name") != CLASS:
        raise WeightsError(f"{folder} holds a {content.get('_class_name')}, not a {CLASS}")
    for variant in VARIANTS:
        if content.get(variant):
            raise WeightsError(f"{folder} holds another kind of model: {variant} is {content[variant]}")
    sizes: dict[str, Any] = {
        field.name: content[field.name] for field in fields(Config) if content.get(field.name) is not None
    }
    for name, size in sizes.items():
        numbers = size if name == "axes_dims_rope" else [size]
        if not isinstance(numbers, list) or not all(isinstance(number, int) and number > 0 for number in numbers):
            raise WeightsError(f"{folder} holds no such model: {name} is {size!r}")
    if "axes_dims_rope" in sizes:
        sizes["axes_dims_rope"] = tuple(sizes["axes_dims_rope"])
    return Config(**sizes)


def fill(model: MMDiT, folder: Path) -> None:
    """Give a model the weights that diffusers or `save` wrote, one at a time, sharded or not as the model is.

    Raises WeightsError, naming the first weight that differs, before any is taken.
    """
    parameters = dict(model.named_parameters())
    try:
        held = {
            name: tuple(opened.get_slice(name).get_shape())
            for opened in _files(folder)
            for name in opened.offset_keys()
        }
        if differs := difference(held, {name: tuple(parameter.shape) for name, parameter in parameters.items()}):
            raise WeightsError(f"{folder} does not fit this model: {differs}")
        for opened in _files(folder):
            for name in opened.offset_keys():
                put(parameters[name], opened.get_tensor(name))
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{folder} holds weights that cannot be read: {error}") from error


def difference(held: Mapping[str, tuple[int, ...]], wanted: Mapping[str, tuple[int, ...]]) -> str | None:
    """The first of the `wanted` weights, then of the `held` ones, that the other has not, or not in this shape."""
    for name, shape in wanted.items():
        if name not in held:
            return f"{name} is missing"
        if held[name] != shape:
            return f"{name} is {list(held[name])}, not {list(shape)}"
    strange = [name for name in held if name not in wanted]
    return f"{strange[0]} is none of its weights" if strange else None


def _files(folder: Path) -> Iterator[Any]:
    """The files of a folder's weights, open, one after the other."""
    names = [WEIGHTS]
    if (folder / INDEX).exists():
        names = sorted({str(name) for name in _read(folder / INDEX).get("weight_map", {}).values()})
    for name in names:
        with safe_open(folder / Path(name).name, "pt") as opened:
            yield opened


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise WeightsError(f"{path} holds no mapping")
    return content


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write that takes the place of `path` when it is written."""
    partial = path.with_name(path.name + ".part")
    yield partial
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(partial, path)
