from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor

from train.condition.letters import Letters
from train.data.embed import Drawn, Embedder, Kept, as_tensor
from train.data.stream import Encoded
from train.latents.dct import DCT


class Counting(Letters):
    """Letters that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, captions: Sequence[str]) -> list[Tensor]:
        self.asked += captions
        return super().encode(captions)


def pixels(number: int, height: int = 16, width: int = 32) -> np.ndarray:
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), np.uint8)


def test_pixels_lie_in_the_range_of_codecs() -> None:
    picture = np.zeros((16, 16, 3), np.uint8)
    picture[3, 5] = (255, 51, 0)
    found = as_tensor([picture, picture])
    assert found.shape == (2, 3, 16, 16)
    assert found[1, :, 3, 5].tolist() == [1.0, torch.tensor(-0.6).item(), -1.0]


@pytest.mark.parametrize("together", [False, True])
def test_examples_keep_their_order_whatever_their_shapes(together: bool) -> None:
    before = Encoded("old", torch.ones(16, 2, 2, dtype=torch.float16), torch.ones(3, 512, dtype=torch.bfloat16))
    shapes = ((16, 32), (32, 16), (16, 32))
    drawn = [Drawn(str(n), pixels(n, *shape), f"word {n}") for n, shape in enumerate(shapes)]
    embedder = Embedder(DCT(), Letters(), together)
    examples = embedder.examples([drawn[0], before, *drawn[1:]])
    assert (embedder.known(0, "0") is None) == together
    assert [example.key for example in examples] == ["0", "old", "1", "2"]
    assert examples[1].latents.dtype == torch.float32
    for row, example in zip(drawn, [examples[0], *examples[2:]], strict=True):
        torch.testing.assert_close(example.latents, DCT().encode(as_tensor([row.picture]))[0])
        assert torch.equal(example.text, Letters().encode([row.caption])[0])


def test_what_comes_again_is_not_encoded_again() -> None:
    encoder = Counting()
    embedder = Embedder(DCT(), encoder)
    rows = [Drawn("a", pixels(1), "one"), Drawn("b", pixels(2), "one"), Drawn("a", pixels(3), "two", stream=1)]
    first = embedder.examples(rows)
    known = [embedder.known(row.stream, row.key) for row in rows]
    assert all(torch.equal(latents, example.latents) for latents, example in zip(known, first, strict=True))
    again = embedder.examples([Drawn("b", known[1], "two"), Drawn("a", known[0], "one")])
    assert torch.equal(again[0].latents, first[1].latents)
    assert torch.equal(again[1].text, first[0].text)
    assert encoder.asked == ["one", "two"]


def test_no_more_is_kept_than_fits() -> None:
    kept, row = Kept(1000), torch.zeros(100, 100)[7]
    for name in range(5):
        kept.put(name, row)
        kept.get(0)
    assert [name for name in range(5) if kept.get(name) is not None] == [0, 4]
    assert kept.get(4).untyped_storage().nbytes() == 400  # not what it was cut from
