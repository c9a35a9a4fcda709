"""Batches of examples: rows drawn, decoded and encoded some steps ahead of the training, and given in order."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial

import numpy as np
from numpy.typing import NDArray

from train.condition.base import TextEncoder
from train.data.crew import Crew
from train.data.embed import Drawn, Embedder
from train.data.opening import open_source
from train.data.order import Mixture, Numbers, Order
from train.data.picture import decode
from train.data.source import DataError, Source
from train.data.stream import Bad, Encoded, Item, Picture, Stream
from train.data.windows import Windows
from train.example import Example
from train.latents.base import Codec

AHEAD = 4
"""Steps that are prepared at a time, each by a thread."""

TRIES = 64
"""Rows that are tried for one sample before its source is given up."""

KEYS = 1000
"""Keys of skipped rows that are kept."""

_ANOTHER, _CAPTION = 4, 5
"""Set these uses of the seed apart from those of `order`."""


class Batches:
    """The examples of one rank, step by step without end; iterate once.

    `batch`: samples of a step over all `world` ranks; this is number `rank`. `size`: side in pixels of the square
    bucket. `start`: the first step. Raises DataError, or another ValueError of one line, for sources that cannot be
    trained on, and from the iteration for those that turn out so.

    `skipped` counts the rows that could not be used, by cause, `keys` has the causes of the first of them by key;
    another row of the same window takes the place of each. `cut` counts captions of as many tokens as the encoder
    takes, whose rest is lost. `wait_seconds` is how long the training waited for data.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        seed: int,
        batch: int,
        size: int,
        codec: Codec,
        encoder: TextEncoder,
        rank: int = 0,
        world: int = 1,
        start: int = 0,
    ):
        if batch % world:
            raise DataError(f"a batch of {batch} cannot be shared among {world} processes: make it a multiple")
        self.skipped: Counter[str] = Counter()
        self.keys: dict[str, str] = {}
        self.cut = 0
        self.wait_seconds = 0.0
        self._seed, self._batch, self._size, self._start = seed, batch, size, start
        self._share = batch // world
        self._rank = rank
        self._embedder, self._limit = Embedder(codec, encoder), encoder.limit
        self._streams = [stream for each in sources for stream in open_source(each, size, codec.name, encoder.name)]
        self._mixture = Mixture([stream.weight for stream in self._streams], seed)
        self._makers = Crew(AHEAD)
        self._readers = Crew(2 * len(self._streams))  # last: ends first with the interpreter, and makers wait for it
        self._windows = [self._opened(number, stream) for number, stream in enumerate(self._streams)]

    def __iter__(self) -> Iterator[list[Example]]:
        """This rank's slice of each step, in order."""
        pending: deque[Future[tuple[list[Example], list[Bad]]]] = deque()
        step = self._start
        try:
            while True:
                while len(pending) <= AHEAD:
                    pending.append(self._makers.submit(self._prepare, step))
                    step += 1
                began = time.perf_counter()
                examples, skipped = pending.popleft().result()
                self.wait_seconds += time.perf_counter() - began
                self._count(skipped)
                self.cut += sum(len(example.text) >= self._limit for example in examples)
                yield examples
        finally:
            self._readers.close()
            self._makers.close()

    def _opened(self, number: int, stream: Stream) -> Windows:
        chosen = stream.shards.amounts
        in_order = stream.shards.in_order
        order = Order(chosen.rows, self._seed, number, in_order, masses=chosen.masses, most=chosen.most)
        return Windows(stream.shards, order, partial(self._own, number), self._readers)

    def _own(self, stream: int, numbers: Numbers) -> NDArray[np.bool_]:
        """Which of a stream's numbers fall to this rank, from the first step on."""
        samples = self._mixture.samples(stream, numbers)
        mine = samples % self._batch // self._share == self._rank
        return mine & (samples >= self._start * self._batch)

    def _prepare(self, step: int) -> tuple[list[Example], list[Bad]]:
        """The examples of a step, and the rows that were skipped for them."""
        first, skipped = step * self._batch + self._rank * self._share, list[Bad]()
        usable = [self._usable(sample, skipped) for sample in range(first, first + self._share)]
        return self._embedder.examples(usable), skipped

    def _usable(self, sample: int, skipped: list[Bad]) -> Drawn | Encoded:
        """The row of a sample, or of those in its place the first that can be used."""
        stream, number = self._mixture.place(sample)
        windows = self._windows[stream]
        row = self._decoded(windows.take(number), sample, stream)
        for attempt in range(TRIES):
            if not isinstance(row, Bad):
                return row
            skipped.append(row)
            rng = np.random.default_rng([_ANOTHER, self._seed, sample, attempt])
            row = self._decoded(windows.another(number, rng), sample, stream)
        raise DataError(f"{TRIES} rows in a row cannot be used; the last is {skipped[-1].key}: {skipped[-1].cause}")

    def _decoded(self, item: Item, sample: int, stream: int) -> Drawn | Encoded | Bad:
        if not isinstance(item, Picture):
            return item
        picture = self._embedder.known(stream, item.key)
        try:
            pixels = decode(item.data, self._size) if picture is None else picture
        except Exception as error:  # decoders of hostile bytes raise anything
            return Bad(item.key, f"cannot be decoded: {type(error).__name__}")
        return Drawn(item.key, pixels, self._caption(item, sample, self._streams[stream].captions), stream)

    def _caption(self, item: Picture, sample: int, shares: Mapping[str, float]) -> str:
        """One of the captions that the row has, by their shares."""
        names = [name for name in shares if name in item.captions]
        if len(names) == 1:
            return item.captions[names[0]]
        weights = np.array([shares[name] for name in names])
        rng = np.random.default_rng([_CAPTION, self._seed, sample])
        return item.captions[names[int(rng.choice(len(names), p=weights / weights.sum()))]]

    def _count(self, skipped: Sequence[Bad]) -> None:
        self.skipped.update(row.cause for row in skipped)
        for row in skipped[: KEYS - len(self.keys)]:
            self.keys[row.key] = row.cause
