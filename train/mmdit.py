"""The model: a double-stream MMDiT, as released with Qwen-Image.

Text and image tokens go through the same blocks with weights of their own and meet in attention. Names and shapes of
the weights are those of diffusers' `QwenImageTransformer2DModel`: each loads what the other saved, and outputs and
gradients agree. What differs is how it is computed: samples of any shapes and captions stand in one row, unpadded.

Sources: Qwen-Image technical report (arXiv 2508.02324); adaLN-zero of DiT (arXiv 2212.09748).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn import functional

from train.attention import Row, Stream, attend
from train.example import Packed, Shape

EPSILON = 1e-6
LONGEST = 10_000.0
"""How much longer the longest wave of positions, and of times, is than the shortest."""

WAVES = 128
"""Waves by whose cosine and sine a time is told."""


@dataclass(frozen=True)
class Config:
    """Sizes under diffusers' names; the defaults are the released model's.

    `joint_attention_dim`: width of the text encoder; `in_channels`: numbers of an image token; `out_channels`: of a
    latent pixel, `patch_size`² of which make a token; `axes_dims_rope`: how frame, row and column share a head.
    """

    num_layers: int = 60
    num_attention_heads: int = 24
    attention_head_dim: int = 128
    joint_attention_dim: int = 3584
    in_channels: int = 64
    out_channels: int = 16
    patch_size: int = 2
    axes_dims_rope: tuple[int, int, int] = (16, 56, 56)

    @property
    def width(self) -> int:
        """Numbers of a token inside the model."""
        return self.num_attention_heads * self.attention_head_dim


class MMDiT(nn.Module):
    """Tells the velocity, noise minus picture, of every image token of a row."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.time_text_embed = nn.ModuleDict({"timestep_embedder": Times(config.width)})
        self.txt_norm = nn.RMSNorm(config.joint_attention_dim, EPSILON)
        self.img_in = nn.Linear(config.in_channels, config.width)
        self.txt_in = nn.Linear(config.joint_attention_dim, config.width)
        last = config.num_layers - 1
        self.transformer_blocks = nn.ModuleList(Block(config, layer == last) for layer in range(config.num_layers))
        self.norm_out = nn.ModuleDict({"linear": nn.Linear(config.width, 2 * config.width)})
        self.proj_out = nn.Linear(config.width, config.patch_size**2 * config.out_channels)
        freeze_dead_tail(self)

    def forward(self, packed: Packed, times: Tensor) -> Tensor:
        """[all image tokens, patch² · out_channels], references included, for `times` [samples], 0 (picture) to 1
        (noise)."""
        row = self._row(packed)
        image = self.img_in(packed.image.to(self.img_in.weight.dtype))
        text = self.txt_in(self.txt_norm(packed.text.to(self.txt_in.weight.dtype)))
        time = self.time_text_embed["timestep_embedder"](times.to(image.dtype))
        for block in self.transformer_blocks:
            text, image = block(text, image, time, row)
        scale, shift = self.norm_out["linear"](functional.silu(time)).chunk(2, -1)
        return cast(Tensor, self.proj_out(row.image.each(modulated, [image], [shift, scale])))

    def _row(self, packed: Packed) -> Row:
        """How the samples stand in the row. Of where a token is, RoPE knows its position and nothing else."""
        axes, device = self.config.axes_dims_rope, packed.image.device
        samples = list(zip(packed.lengths, packed.shapes, strict=True))
        text = torch.cat([text_positions(length, shapes) for length, shapes in samples]).to(device)
        image = torch.cat([image_positions(shapes) for _, shapes in samples]).to(device)
        return Row.of(Stream.of(packed.lengths, turns(text, axes)), Stream.of(image_tokens(packed), turns(image, axes)))


class Block(nn.Module):
    """Attention, then a network for each token, of both streams. After the `last` block nothing reads the text."""

    def __init__(self, config: Config, last: bool) -> None:
        super().__init__()
        self.last = last
        self.img_mod = nn.Sequential(nn.SiLU(), nn.Linear(config.width, 6 * config.width))
        self.txt_mod = nn.Sequential(nn.SiLU(), nn.Linear(config.width, 6 * config.width))
        self.attn = Attention(config, last)
        self.img_mlp = Mlp(config.width)
        self.txt_mlp = Mlp(config.width)

    def forward(self, text: Tensor, image: Tensor, time: Tensor, row: Row) -> tuple[Tensor, Tensor]:
        """Text and image tokens [tokens, width] after the block; `time` is [samples, width]."""
        of_text, of_image = self.txt_mod(time).chunk(6, -1), self.img_mod(time).chunk(6, -1)
        new_text, new_image = self.attn(
            row.text.each(modulated, [text], of_text[:2]), row.image.each(modulated, [image], of_image[:2]), row
        )
        image = self._rest(row.image, image, new_image, of_image, self.img_mlp)
        return text if self.last else self._rest(row.text, text, new_text, of_text, self.txt_mlp), image

    @staticmethod
    def _rest(stream: Stream, tokens: Tensor, new: Tensor, vectors: tuple[Tensor, ...], mlp: nn.Module) -> Tensor:
        """One stream, from where attention gave `new`."""
        gate, shift, scale, last_gate = vectors[2:]
        tokens = stream.each(gated, [tokens, new], [gate])
        return stream.each(gated, [tokens, mlp(stream.each(modulated, [tokens], [shift, scale]))], [last_gate])


class Attention(nn.Module):
    """Text and image tokens of a sample attend to each other; queries and keys are normalised a head, then turned."""

    def __init__(self, config: Config, last: bool) -> None:
        super().__init__()
        width, head = config.width, config.attention_head_dim
        self.last, self.head = last, head
        self.to_q, self.to_k, self.to_v = (nn.Linear(width, width) for _ in range(3))
        self.add_q_proj, self.add_k_proj, self.add_v_proj = (nn.Linear(width, width) for _ in range(3))
        self.to_out, self.to_add_out = nn.ModuleList([nn.Linear(width, width)]), nn.Linear(width, width)
        self.norm_q, self.norm_k = HeadNorm(head, EPSILON), HeadNorm(head, EPSILON)
        self.norm_added_q, self.norm_added_k = HeadNorm(head, EPSILON), HeadNorm(head, EPSILON)

    def forward(self, text: Tensor, image: Tensor, row: Row) -> tuple[Tensor, Tensor]:
        """What the tokens of each stream [tokens, width] take from attention. The last block's text asks nothing: it
        takes [0, width]."""
        text_key = self._turned(self.norm_added_k, self.add_k_proj(text), row.text)
        text_query = text_key[:0] if self.last else self._turned(self.norm_added_q, self.add_q_proj(text), row.text)
        new_text, new_image = attend(
            row,
            (text_query, self._turned(self.norm_q, self.to_q(image), row.image)),
            (text_key, self._turned(self.norm_k, self.to_k(image), row.image)),
            (self._heads(self.add_v_proj(text)), self._heads(self.to_v(image))),
        )
        new_text, new_image = new_text.flatten(1), new_image.flatten(1)
        return new_text if self.last else self.to_add_out(new_text), self.to_out[0](new_image)

    def _turned(self, norm: nn.Module, tokens: Tensor, stream: Stream) -> Tensor:
        return turned(norm(self._heads(tokens)), stream.turns).to(tokens.dtype)

    def _heads(self, tokens: Tensor) -> Tensor:
        return tokens.unflatten(-1, (-1, self.head))  # as many as there are: tensor parallelism leaves some here


class HeadNorm(nn.RMSNorm):
    """Normalises each head in its own precision, whatever that of the gain: autocast changes the one only."""

    def forward(self, heads: Tensor) -> Tensor:
        return functional.rms_norm(heads, heads.shape[-1:], self.weight.to(heads.dtype), self.eps)


class Mlp(nn.Module):
    """Two layers, four times as wide between them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(Widened(width), nn.Identity(), nn.Linear(4 * width, width))

    def forward(self, tokens: Tensor) -> Tensor:
        return cast(Tensor, self.net(tokens))


class Widened(nn.Module):
    """The first layer of a network, and what bends."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, 4 * width)

    def forward(self, tokens: Tensor) -> Tensor:
        return functional.gelu(self.proj(tokens), approximate="tanh")


class Times(nn.Module):
    """Times as vectors."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(2 * WAVES, width)
        self.linear_2 = nn.Linear(width, width)

    def forward(self, times: Tensor) -> Tensor:
        """[samples] to [samples, width]."""
        powers = torch.arange(WAVES, dtype=torch.float32, device=times.device) / WAVES
        angles = 1000 * (times[:, None].float() * torch.exp(-math.log(LONGEST) * powers).to(times.dtype))
        waves = torch.cat((angles.cos(), angles.sin()), -1).to(times.dtype)
        return cast(Tensor, self.linear_2(functional.silu(self.linear_1(waves))))


def modulated(tokens: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """Tokens of mean 0 and variance 1, scaled and shifted by vectors for all of them, [width], or for each."""
    if shift.dim() == 1:
        return functional.layer_norm(tokens, tokens.shape[-1:], 1 + scale, shift, EPSILON)
    return torch.addcmul(shift, functional.layer_norm(tokens, tokens.shape[-1:], eps=EPSILON), 1 + scale)


def gated(tokens: Tensor, new: Tensor, gate: Tensor) -> Tensor:
    """Tokens and what is new, as far as the gate lets it in."""
    return torch.addcmul(tokens, new, gate)


def image_tokens(packed: Packed) -> list[int]:
    """Image tokens of each sample, references included."""
    return [sum(math.prod(shape) for shape in shapes) for shapes in packed.shapes]


def image_positions(shapes: tuple[Shape, ...]) -> Tensor:
    """Frame, row and column [tokens, 3] of a sample's pictures: frames count them, 0 is the middle of each."""

    def centred(side: int) -> Tensor:
        return torch.arange(side) - (side - side // 2)

    grids = [
        torch.cartesian_prod(torch.arange(number, number + frames), centred(height), centred(width))
        for number, (frames, height, width) in enumerate(shapes)
    ]
    return torch.cat(grids)


def text_positions(length: int, shapes: tuple[Shape, ...]) -> Tensor:
    """Frame, row and column [tokens, 3] of a sample's text: on the diagonal, beyond its largest picture (MSRoPE)."""
    first = max(max(height // 2, width // 2) for _, height, width in shapes)
    return torch.arange(first, first + length)[:, None].expand(-1, 3)


def turns(positions: Tensor, axes: tuple[int, int, int]) -> Tensor:
    """Cosine and sine [tokens, head width / 2, 2] of the angles by which RoPE turns what stands at `positions`
    [tokens, 3]."""
    powers = [torch.arange(0, size, 2, device=positions.device) / size for size in axes]
    angles = torch.cat([positions[:, axis, None] / LONGEST**power for axis, power in enumerate(powers)], -1)
    return torch.stack((angles.cos(), angles.sin()), -1)


def turned(heads: Tensor, turns: Tensor) -> Tensor:
    """[tokens, heads, head width] in float32, each two neighbouring numbers turned as a point by the token's angles.

    Complex products are ten times as fast on a CPU, but a compiler knows real ones only.
    """
    points, turns = heads.float().unflatten(-1, (-1, 2)), turns.unsqueeze(1)
    if torch.compiler.is_compiling():
        (x, y), (cos, sin) = points.unbind(-1), turns.unbind(-1)
        return torch.stack((x * cos - y * sin, x * sin + y * cos), -1).flatten(-2)
    return torch.view_as_real(torch.view_as_complex(points) * torch.view_as_complex(turns)).flatten(-2)


def freeze_dead_tail(model: MMDiT) -> None:
    """Freeze what never gets a gradient: the weights behind the last block's text, which nothing reads. They are kept
    for diffusers' sake; left trainable, data parallelism waits for them and a resumed optimiser misses their state."""
    last = cast(Block, model.transformer_blocks[-1])
    for part in (last.attn.add_q_proj, last.attn.norm_added_q, last.attn.to_add_out, last.txt_mlp):
        part.requires_grad_(False)


@torch.no_grad()
def initialise(model: MMDiT, generator: torch.Generator) -> None:
    """First weights, the same ones however the model is sharded: even chance within 1/√(numbers read).

    Every block starts as one that does nothing, and the model says 0 (adaLN-zero). `generator` is the CPU's.
    """
    for name, module in model.named_modules():
        silent = name.endswith(("img_mod.1", "txt_mod.1", "norm_out.linear", "proj_out"))
        if isinstance(module, nn.RMSNorm):
            module.weight.fill_(1)
        elif isinstance(module, nn.Linear):
            module.bias.zero_()
            bound = 0.0 if silent else module.in_features**-0.5
            put(module.weight, torch.empty(module.weight.shape).uniform_(-bound, bound, generator=generator))


@torch.no_grad()
def put(parameter: Tensor, value: Tensor) -> None:
    """Overwrite a parameter, or the part of it that this process holds."""
    if isinstance(parameter, DTensor):
        value = value.to(parameter.device, parameter.dtype)
        value = distribute_tensor(value, parameter.device_mesh, parameter.placements, src_data_rank=None)
    parameter.copy_(value)


def flops(config: Config, packed: Packed) -> float:
    """Multiplications and additions of a forward pass's matrix products; with gradients it takes three times these."""
    width, layers = config.width, config.num_layers
    text, image = sum(packed.lengths), sum(image_tokens(packed))
    pairs = image_pairs = 0
    for words, pixels in zip(packed.lengths, image_tokens(packed), strict=True):
        pairs += (words + pixels) ** 2
        image_pairs += pixels * (words + pixels)
    block = 12 * width**2  # queries, keys, values, output, and two layers of 4 · width
    tokens = layers * image * block + (layers - 1) * text * block + text * 2 * width**2
    attention = 2 * width * ((layers - 1) * pairs + image_pairs)
    ends = text * config.joint_attention_dim * width
    ends += image * width * (config.in_channels + config.patch_size**2 * config.out_channels)
    vectors = len(packed.lengths) * width * (2 * WAVES + width + 12 * layers * width + 2 * width)
    return 2.0 * (tokens + attention + ends + vectors)
