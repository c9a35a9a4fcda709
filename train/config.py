"""The config of a training run: YAML in, small frozen dataclasses out, every mistake one line.

Paths are relative to the current folder. `require` in each class says what its values must be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from curation.mistake import hint
from train.data.source import Source
from train.fields import ConfigError, build, plain

Side = int
"""Pixels of a picture's side, a multiple of 16: the codec's factor 8 times the patch of 2."""

SIDE = 16

PRESETS: dict[str, dict[str, Any]] = {
    "qwen-image": {
        "num_layers": 60,
        "num_attention_heads": 24,
        "attention_head_dim": 128,
        "axes_dims_rope": [16, 56, 56],
    }
}
"""Models by name: the released Qwen-Image."""


def require(holds: bool, message: str) -> None:
    """Raises ValueError with the message unless it holds."""
    if not holds:
        raise ValueError(message)


@dataclass(frozen=True)
class Model:
    """Sizes by diffusers' names. The widths of latents and text are those of the codec and the encoder."""

    num_layers: int
    num_attention_heads: int
    attention_head_dim: int
    axes_dims_rope: tuple[int, int, int]

    def __post_init__(self) -> None:
        require(self.num_layers > 0 and self.num_attention_heads > 0, "layers and heads are 1 or more")
        axes, width = self.axes_dims_rope, self.attention_head_dim
        even = all(axis > 0 and axis % 2 == 0 for axis in axes)
        require(
            even and sum(axes) == width,
            f"axes_dims_rope must be three even numbers that make attention_head_dim, {width}, not {list(axes)}",
        )


@dataclass(frozen=True)
class Optimiser:
    """AdamW. `warmup`: steps in which `lr` rises from 0; `decay`: the last share of all steps, in which it falls to 0
    in a line; `clip`: the longest gradient."""

    lr: float = 1e-4
    betas: tuple[float, float] = (0.9, 0.95)
    weight_decay: float = 0.01
    warmup: int = 50
    decay: float = 0.0
    clip: float = 1.0

    def __post_init__(self) -> None:
        require(self.lr > 0, "lr must be above 0")
        require(all(0 <= beta < 1 for beta in self.betas), "betas must be 0 to less than 1")
        require(self.weight_decay >= 0 and self.warmup >= 0, "weight_decay and warmup must not be negative")
        require(0 <= self.decay <= 1, "decay is a share of the steps, 0 to 1")
        require(self.clip > 0, "clip must be above 0")


@dataclass(frozen=True)
class Times:
    """Logit-normal times; a `shift` above 1 moves them towards noise. `dynamic`: by the number of a picture's tokens,
    as Qwen-Image's scheduler has it."""

    shift: float | Literal["dynamic"] = "dynamic"

    def __post_init__(self) -> None:
        require(self.shift == "dynamic" or self.shift > 0, "shift must be above 0")


@dataclass(frozen=True)
class Phase:
    """A part of the curriculum. `resolution`: side in pixels of a square picture; others have as many pixels in their
    own shape. `batch`: samples a step, over all processes; `accumulation`: in how many parts a process computes its
    share of them, which saves memory and changes nothing else. `losers`, for preferences: sources with the pictures
    that lost against those of the same key in `sources`, one for each."""

    resolution: Side
    sources: tuple[Source, ...]
    batch: int
    steps: int
    accumulation: int = 1
    losers: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        require(self.resolution >= SIDE and self.resolution % SIDE == 0, f"resolution must be a multiple of {SIDE}")
        require(bool(self.sources), "sources is empty: name at least one, `- path: shards/`")
        require(self.batch > 0 and self.steps > 0 and self.accumulation > 0, "batch, steps, accumulation are 1 or more")
        require(self.batch % self.accumulation == 0, "batch must be a multiple of accumulation")
        require(len(self.losers) in (0, len(self.sources)), "losers must be as many as sources")


@dataclass(frozen=True)
class Checkpoints:
    """A checkpoint every so many steps and at the end; only the last `keep` stay."""

    every: int = 1000
    keep: int = 2

    def __post_init__(self) -> None:
        require(self.every > 0 and self.keep > 0, "every and keep are 1 or more")


@dataclass(frozen=True)
class Samples:
    """Pictures of `prompts` every so many steps and at the end, each in every one of `sizes` (width, height in
    pixels; empty: a square of the last phase). `rescale`: guided velocities are as long as without guidance, as
    Qwen-Image's pipeline has it; left out: where the latents are Qwen-Image's."""

    every: int = 1000
    prompts: tuple[str, ...] = ()
    steps: int = 25
    guidance: float = 2.0
    rescale: bool | None = None
    sizes: tuple[tuple[Side, Side], ...] = ()

    def __post_init__(self) -> None:
        require(self.every > 0 and self.steps > 0, "every and steps are 1 or more")
        fits = all(side >= SIDE and side % SIDE == 0 for size in self.sizes for side in size)
        require(fits, f"sizes must be multiples of {SIDE}")


@dataclass(frozen=True)
class Parallel:
    """Processes among which weights are sharded (`fsdp`; 0: all that `tensor` leaves), and that share each matrix
    product (`tensor`)."""

    fsdp: int = 0
    tensor: int = 1

    def __post_init__(self) -> None:
        require(self.fsdp >= 0 and self.tensor > 0, "fsdp must not be negative, tensor is 1 or more")


@dataclass(frozen=True)
class Preferences:
    """Flow-DPO. `beta`: how dearly leaving the first model is paid for."""

    beta: float = 2000.0

    def __post_init__(self) -> None:
        require(self.beta > 0, "beta must be above 0")


@dataclass(frozen=True)
class Config:
    """A resolved config. `text`, `latents`: which encoder and codec, as their packages take them. `init`: where the
    first weights come from, an earlier run or a folder of diffusers; `preferences`: learn from pairs. `dropout`: the
    share of captions left out; `ema`: 0 for none; `recompute`: activations anew in the backward pass, to save memory;
    `log_every`: steps a line of the log."""

    output: str
    model: Model
    phases: tuple[Phase, ...]
    seed: int = 0
    init: str | None = None
    text: Mapping[str, Any] = field(default_factory=dict)
    latents: Mapping[str, Any] = field(default_factory=dict)
    optimiser: Optimiser = Optimiser()
    precision: Literal["float32", "bf16"] = "float32"
    ema: float = 0.999
    dropout: float = 0.1
    times: Times = Times()
    preferences: Preferences | None = None
    checkpoints: Checkpoints = Checkpoints()
    samples: Samples = Samples()
    parallel: Parallel = Parallel()
    compile: bool = False
    recompute: bool = False
    log_every: int = 10

    def __post_init__(self) -> None:
        require(bool(self.phases), "phases is empty: name at least one")
        require(0 <= self.seed < 2**31, "seed must be 0 to 2147483647")
        require(0 <= self.ema < 1 and 0 <= self.dropout < 1, "ema and dropout must be 0 to less than 1")
        require(self.log_every > 0, "log_every must be 1 or more")
        paired = [bool(phase.losers) for phase in self.phases]
        require(not any(paired) or self.preferences is not None, "losers are for preferences: write `preferences: {}`")
        require(all(paired) or self.preferences is None, "preferences need `losers` beside the sources of each phase")
        require(self.init is not None or self.preferences is None, "preferences need `init: RUN`, what to improve")

    @property
    def steps(self) -> int:
        """All steps of all phases."""
        return sum(phase.steps for phase in self.phases)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, every default filled in; `from_dict` reads it back."""
        content: dict[str, Any] = plain(self)
        return content

    def decisive(self) -> dict[str, Any]:
        """What decides the weights: a checkpoint goes on only under the same."""
        return {name: value for name, value in self.as_dict().items() if name not in INCIDENTAL}

    def digest(self) -> str:
        """Hex hash of what decides the weights."""
        return hashlib.sha256(json.dumps(self.decisive(), sort_keys=True).encode()).hexdigest()


INCIDENTAL = ("output", "checkpoints", "samples", "parallel", "compile", "recompute", "log_every")
"""What may change between the beginning of a run and its end."""


def load(text: str, settings: Sequence[str] = ()) -> Config:
    """A config from YAML, with settings such as `optimiser.lr=1e-3` and `phases.0.steps=100` laid over it.

    Raises ConfigError.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"the config is no valid YAML: {' '.join(str(error).split())}") from error
    content = _named_model({} if content is None else content)
    for setting in settings:
        _set(content, setting)
        content = _named_model(content)
    return from_dict(content)


def from_dict(content: Any) -> Config:
    """The config that `as_dict` gave, or YAML. Raises ConfigError."""
    return build(Config, _named_model(content))


def _named_model(content: Any) -> Any:
    """The same with the sizes of a model that is named."""
    if not isinstance(content, Mapping) or not isinstance(name := content.get("model"), str):
        return content
    if name not in PRESETS:
        raise ConfigError(f"there is no model {name!r}; {hint(name, PRESETS)}, or give its sizes")
    return {**content, "model": dict(PRESETS[name])}


def difference(one: Mapping[str, Any], other: Mapping[str, Any], where: str = "") -> str | None:
    """The first of two plain configs' values that differ, as `optimiser.lr is 0.1 and 0.2`; None if they agree."""
    for name in {**one, **other}:
        here, there = one.get(name), other.get(name)
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            if found := difference(here, there, f"{where}{name}."):
                return found
        elif isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
            if found := difference(_numbered(here), _numbered(there), f"{where}{name}."):
                return found
        elif here != there:
            return f"{where}{name} is {here!r} and {there!r}"
    return None


def _numbered(items: list[Any]) -> dict[str, Any]:
    return {str(number): item for number, item in enumerate(items)}


def _set(content: Any, setting: str) -> None:
    """Apply one `path=value` in place."""
    path, equals, text = setting.partition("=")
    if not equals:
        raise ConfigError(f"--set {setting}: write --set optimiser.lr=1e-3")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {path}: {text!r} is no valid YAML") from error
    *parents, last = path.split(".")
    here = content
    for name in parents:
        here = here.setdefault(name, {}) if isinstance(here, dict) else here[_index(here, name, path)]
    if isinstance(here, dict):
        here[last] = value
    else:
        here[_index(here, last, path)] = value


def _index(items: Any, name: str, path: str) -> int:
    if not isinstance(items, list):
        raise ConfigError(f"--set {path}: {name!r} is below what is no mapping and no list")
    if not name.isdigit() or int(name) >= len(items):
        raise ConfigError(f"--set {path}: {name!r} is none of the {len(items)} entries, which count from 0")
    return int(name)
