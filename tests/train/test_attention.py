from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from train import attention
from train.attention import Pair, Row, Stream, attend
from train.mmdit import Block, Config, gated, modulated

HEADS, WIDTH = 2, 8

Lengths = list[tuple[int, int]]
"""Of each sample its text and image tokens."""


def row(lengths: Lengths, device: str = "cpu") -> Row:
    text, image = ([pair[kind] for pair in lengths] for kind in (0, 1))
    angles = [torch.randn(sum(counts), WIDTH // 2, device=device) for counts in (text, image)]
    turns = [torch.stack((angle.cos(), angle.sin()), -1) for angle in angles]
    return Row.of(Stream.of(text, turns[0]), Stream.of(image, turns[1]))


def pairs(lengths: Lengths, device: str = "cpu", dtype: torch.dtype = torch.float32) -> list[Pair]:
    """Queries, keys and values."""
    text, image = (sum(pair[kind] for pair in lengths) for kind in (0, 1))
    made = [[torch.randn(count, HEADS, WIDTH, device=device, dtype=dtype) for count in (text, image)] for _ in range(3)]
    return [(one.requires_grad_(), other.requires_grad_()) for one, other in made]


def masked(row: Row, queries: Pair, keys: Pair, values: Pair) -> Tensor:
    """The same by one attention over the row, everything of other samples being masked."""
    member = torch.cat((row.text.member, row.image.member))
    asking = member if len(queries[0]) else row.image.member
    heads_first = (torch.cat(pair).transpose(0, 1) for pair in (queries, keys, values))
    query, key, value = heads_first
    mask = (asking @ member.T).bool()
    return functional.scaled_dot_product_attention(query, key, value, mask).transpose(0, 1)


def kernel(q: Tensor, k: Tensor, v: Tensor, starts: Tensor, key_starts: Tensor, most: int, most_keys: int) -> Tensor:
    """What `varlen_attn` is documented to do; itself it runs on GPUs only."""
    cuts, key_cuts = starts.diff().tolist(), key_starts.diff().tolist()
    assert (max(cuts), max(key_cuts)) == (most, most_keys)
    samples = zip(q.split(cuts), k.split(key_cuts), v.split(key_cuts), strict=True)
    heads_first = ([part.transpose(0, 1) for part in sample] for sample in samples)
    return torch.cat([functional.scaled_dot_product_attention(q, k, v).transpose(0, 1) for q, k, v in heads_first])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 7)), min_size=1, max_size=5), st.booleans(), st.booleans())
def test_a_sample_attends_to_itself_alone(lengths: Lengths, even: bool, silent: bool) -> None:
    if even:
        lengths = [lengths[0]] * len(lengths)
    there, (queries, keys, values) = row(lengths), pairs(lengths)
    if silent:  # as in the last block, whose text asks nothing
        queries = (queries[0][:0], queries[1])
    expected = masked(there, queries, keys, values)
    goal, sources = torch.randn_like(expected), [queries[1], *keys, *values]
    wanted = torch.autograd.grad(expected, sources, goal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attention, "varlen_attn", kernel)
        for way in (attention.attend, attention._one_by_one, attention._by_kernel):
            result = torch.cat(way(there, queries, keys, values))
            torch.testing.assert_close(result, expected, atol=1e-5, rtol=1e-5)
            gotten = torch.autograd.grad(result, sources, goal)
            torch.testing.assert_close(gotten, wanted, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("lengths", [[3, 3, 3], [1, 7, 2], [5]])
@pytest.mark.parametrize("small", [0, 1 << 20])
def test_each_sample_meets_its_own_vectors(monkeypatch: pytest.MonkeyPatch, lengths: Sequence[int], small: int) -> None:
    monkeypatch.setattr("train.attention.SMALL", small)
    stream = Stream.of(lengths, torch.zeros(sum(lengths), 1, 2))
    tokens, (shift, scale) = torch.randn(sum(lengths), 6), torch.randn(2, len(lengths), 6)
    sample = torch.arange(len(lengths)).repeat_interleave(torch.tensor(lengths))
    normal = functional.layer_norm(tokens, (6,), eps=1e-6)
    torch.testing.assert_close(
        stream.each(modulated, [tokens], [shift, scale]), normal * (1 + scale[sample]) + shift[sample]
    )
    torch.testing.assert_close(stream.each(gated, [tokens, normal], [scale]), tokens + normal * scale[sample])


def test_a_block_is_one_graph() -> None:
    lengths = [(1, 4), (3, 2)]
    block = Block(Config(1, HEADS, WIDTH, axes_dims_rope=(2, 2, 4)), last=False)
    text, image = (torch.randn(sum(pair[kind] for pair in lengths), HEADS * WIDTH) for kind in (0, 1))
    there, time = row(lengths), torch.randn(len(lengths), HEADS * WIDTH)
    compiled = torch.compile(block, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(text, image, time, there), block(text, image, time, there))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="the kernel for variable lengths needs a GPU")
@pytest.mark.parametrize("silent", [False, True])
def test_the_kernel_agrees(silent: bool) -> None:
    lengths = [(3, 20), (40, 9), (1, 64)]
    there, (queries, keys, values) = row(lengths, "cuda"), pairs(lengths, "cuda", torch.bfloat16)
    if silent:
        queries = (queries[0][:0], queries[1])
    expected, result = masked(there, queries, keys, values), torch.cat(attend(there, queries, keys, values))
    torch.testing.assert_close(result, expected, atol=2e-2, rtol=2e-2)
