"""Samples of different lengths in one row: what is done to each of them alone, attention first.

A row is two streams, all text tokens and all image tokens, sample after sample, without padding. Where samples are as
long as each other they are computed as a batch; else one by one on a CPU (a mask would cost twice as much there), and
by a kernel for variable lengths on a GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention.varlen import varlen_attn

SMALL = 1 << 14
"""Numbers a sample below which, on a CPU, calls for each sample cost more than vectors repeated for each token."""

Pair = tuple[Tensor, Tensor]
"""Of the text stream and of the image stream."""


@dataclass(frozen=True)
class Stream:
    """One of the two streams of a row.

    `lengths`: tokens of each sample; `even`: whether these are all equal; `turns` [tokens, head width / 2, 2]: cosine
    and sine of the angles by which RoPE turns a token's heads; `member` [tokens, samples]: 1 where a token is of a
    sample; `starts` [samples + 1]: where each sample starts and the last ends.
    """

    lengths: tuple[int, ...]
    even: bool
    turns: Tensor
    member: Tensor
    starts: Tensor

    @classmethod
    def of(cls, lengths: Sequence[int], turns: Tensor) -> Stream:
        """The stream of samples of these lengths, on the device of `turns`."""
        counts = torch.tensor(lengths, device=turns.device)
        member = torch.eye(len(counts), device=turns.device).repeat_interleave(counts, 0, output_size=len(turns))
        starts = functional.pad(counts.cumsum(0), (1, 0)).int()
        return cls(tuple(lengths), len(set(lengths)) == 1, turns, member, starts)

    def each(self, work: Callable[..., Tensor], tokens: Sequence[Tensor], vectors: Sequence[Tensor]) -> Tensor:
        """`work(*tokens, *vectors)` of each sample; given are the tokens of all [tokens, width], and a vector for each
        sample [samples, width]."""
        if self.even:
            batches = (row.unflatten(0, (len(self.lengths), -1)) for row in tokens)
            return work(*batches, *(vector.unsqueeze(1) for vector in vectors)).flatten(0, 1)
        if self.member.is_cuda or torch.compiler.is_compiling() or tokens[0].numel() < SMALL * len(vectors[0]):
            # a product, since the gradient of indexing would have all tokens of a sample wait for one place in memory
            return work(*tokens, *(self.member.to(vector.dtype) @ vector for vector in vectors))
        parts = [row.split(self.lengths) for row in tokens] + [vector.unbind() for vector in vectors]
        return torch.cat([work(*sample) for sample in zip(*parts, strict=True)])


@dataclass(frozen=True)
class Row:
    """Both streams. For the kernel: `order` takes all text, then all image tokens to sample after sample, `back` takes
    them back; `starts` [samples + 1] of the samples there, `longest` of them in tokens."""

    text: Stream
    image: Stream
    order: Tensor
    back: Tensor
    starts: Tensor
    longest: int

    @classmethod
    def of(cls, text: Stream, image: Stream) -> Row:
        order = torch.cat([stream.member.argmax(1) for stream in (text, image)]).argsort(stable=True)
        longest = max(sum(both) for both in zip(text.lengths, image.lengths, strict=True))
        return cls(text, image, order, order.argsort(), text.starts + image.starts, longest)


def attend(row: Row, queries: Pair, keys: Pair, values: Pair) -> Pair:
    """What the tokens of each sample gather from all tokens of the same sample.

    All are [tokens of the stream, heads, head width]. There may be no queries of the text, [0, heads, head width], and
    then it gathers nothing, as many.
    """
    if row.text.even and row.image.even:
        return _as_batch(len(row.text.lengths), queries, keys, values)
    if row.starts.is_cuda and keys[0].dtype in (torch.bfloat16, torch.float16):  # what the kernel computes in
        return _by_kernel(row, queries, keys, values)
    return _one_by_one(row, queries, keys, values)


def _as_batch(samples: int, queries: Pair, keys: Pair, values: Pair) -> Pair:
    def batch(stream: Tensor) -> Tensor:
        return stream.view(samples, len(stream) // samples, *stream.shape[1:])

    gathered = _gather(*(torch.cat([batch(stream) for stream in pair], 1) for pair in (queries, keys, values)))
    text, image = gathered.split([len(stream) // samples for stream in queries], 1)
    return text.flatten(0, 1), image.flatten(0, 1)


def _one_by_one(row: Row, queries: Pair, keys: Pair, values: Pair) -> Pair:
    lengths = row.text.lengths, row.image.lengths
    asking = lengths if len(queries[0]) else ((0,) * len(lengths[0]), lengths[1])
    joined = (_joined(queries, asking), _joined(keys, lengths), _joined(values, lengths))
    gathered = [_gather(*(part[None] for part in sample))[0] for sample in zip(*joined, strict=True)]
    parts = [sample.split(counts) for sample, counts in zip(gathered, zip(*asking, strict=True), strict=True)]
    text, image = (torch.cat(stream) for stream in zip(*parts, strict=True))
    return text, image


def _joined(pair: Pair, lengths: tuple[tuple[int, ...], tuple[int, ...]]) -> list[Tensor]:
    """Text and image tokens of each sample."""
    streams = (stream.split(counts) for stream, counts in zip(pair, lengths, strict=True))
    return [torch.cat(sample) for sample in zip(*streams, strict=True)]


def _by_kernel(row: Row, queries: Pair, keys: Pair, values: Pair) -> Pair:
    text, image = queries
    key, value = (Reordered.apply(torch.cat(pair), row.order, row.back) for pair in (keys, values))
    if len(text) == 0:
        longest = max(row.image.lengths)
        gathered = varlen_attn(image, key, value, row.image.starts, row.starts, longest, row.longest)
        return text, cast(Tensor, gathered)
    query = Reordered.apply(torch.cat(queries), row.order, row.back)
    gathered = varlen_attn(query, key, value, row.starts, row.starts, row.longest, row.longest)
    gathered = Reordered.apply(gathered, row.back, row.order)
    return gathered[: len(text)], gathered[len(text) :]


class Reordered(torch.autograd.Function):
    """Tokens in another `order`. The gradient goes `back`; that of indexing would be added up token by token."""

    @staticmethod
    def forward(ctx: Any, tokens: Tensor, order: Tensor, back: Tensor) -> Tensor:
        ctx.save_for_backward(back)
        return tokens[order]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (back,) = ctx.saved_tensors
        return gradient[back], None, None


def _gather(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Attention of [samples, tokens, heads, head width]."""
    query, key, value = (part.transpose(1, 2) for part in (query, key, value))
    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2)
