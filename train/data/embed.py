"""Pixels and captions to examples, by codec and text encoder."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from train.condition.base import TextEncoder
from train.data.picture import Pixels
from train.data.stream import Encoded
from train.example import Example
from train.latents.base import Codec

KEPT = 2**27
"""Bytes of latents, and of text embeddings, that are kept for when they come again: small sets are encoded once."""


@dataclass(frozen=True)
class Drawn:
    """A row ready to be encoded. `picture`: pixels, or the latents that are known of them; `stream`: which one it was
    drawn from, as keys of two may be equal."""

    key: str
    picture: Pixels | Tensor
    caption: str
    stream: int = 0


class Embedder:
    """Codec and encoder at work, for one thread at a time. Examples lie where these leave them; those on the CPU are in
    pinned memory where there is a GPU.

    Each picture and caption is encoded alone, so that its code does not hang on its neighbours, even in the last bit:
    what is kept is what a resumed run will encode anew. `together`: as many as there are, which is faster on a GPU, and
    nothing is kept.
    """

    def __init__(self, codec: Codec, encoder: TextEncoder, together: bool = False):
        self._codec, self._encoder, self._together = codec, encoder, together
        self._lock = threading.Lock()
        self._pictures, self._texts = (Kept(0 if together else KEPT) for _ in range(2))

    def known(self, stream: int, key: str) -> Tensor | None:
        """The latents of a row that was encoded before, if they were kept."""
        return self._pictures.get((stream, key))

    def examples(self, rows: Sequence[Drawn | Encoded]) -> list[Example]:
        """An example of each row, in order; those that were encoded before are taken as they are."""
        drawn = [row for row in rows if isinstance(row, Drawn)]
        with self._lock, torch.no_grad():
            latents, texts = self._latents(drawn), self._embedded([row.caption for row in drawn])
        coded = iter(zip(latents, texts, strict=True))
        pairs = (next(coded) if isinstance(row, Drawn) else (row.latents.float(), row.text.float()) for row in rows)
        return [Example(row.key, *map(_pinned, pair)) for row, pair in zip(rows, pairs, strict=True)]

    def _latents(self, rows: Sequence[Drawn]) -> list[Tensor]:
        """Only pictures of one shape can be encoded together."""
        found = {number: row.picture for number, row in enumerate(rows) if isinstance(row.picture, Tensor)}
        groups: dict[Hashable, list[tuple[int, Pixels]]] = {}
        for number, row in enumerate(rows):
            if not isinstance(row.picture, Tensor):
                groups.setdefault(row.picture.shape if self._together else number, []).append((number, row.picture))
        for group in groups.values():
            numbers, pictures = zip(*group, strict=True)
            found |= zip(numbers, self._codec.encode(as_tensor(pictures)).unbind(), strict=True)
        for number, latents in found.items():
            self._pictures.put((rows[number].stream, rows[number].key), latents)
        return [found[number] for number in range(len(rows))]

    def _embedded(self, captions: Sequence[str]) -> list[Tensor]:
        found = {caption: text for caption in captions if (text := self._texts.get(caption)) is not None}
        new = [caption for caption in dict.fromkeys(captions) if caption not in found]
        for group in [new] if self._together and new else [[caption] for caption in new]:
            found |= zip(group, self._encoder.encode(group), strict=True)
        for caption in new:
            self._texts.put(caption, found[caption])
        return [found[caption] for caption in captions]


class Kept:
    """Tensors by name, as many as fit into so many bytes; those that were not asked for longest go first."""

    def __init__(self, most: int):
        self._most, self._bytes = most, 0
        self._held: OrderedDict[Hashable, Tensor] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable) -> Tensor | None:
        """The tensor of that name, if it is there still."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)

    def put(self, name: Hashable, tensor: Tensor) -> None:
        """Keep a tensor."""
        with self._lock:
            if name not in self._held:
                own = tensor.clone() if tensor.untyped_storage().nbytes() > tensor.nbytes else tensor
                self._held[name], self._bytes = own, self._bytes + own.nbytes
            while self._bytes > self._most:
                self._bytes -= self._held.popitem(last=False)[1].nbytes


def as_tensor(pictures: Iterable[Pixels]) -> Tensor:
    """Pictures of one shape as a codec takes them: float32 [batch, 3, height, width] in -1..1."""
    stacked = torch.from_numpy(np.stack(list(pictures)))
    return stacked.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def _pinned(numbers: Tensor) -> Tensor:
    return numbers.pin_memory() if torch.cuda.is_available() and not numbers.is_cuda else numbers
