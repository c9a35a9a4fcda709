"""Reads a stream window by window, ahead of need: of each window only the rows that this rank will ask for."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import numpy as np

from train.data.crew import Crew
from train.data.order import Numbers, Order, Places
from train.data.source import DataError
from train.data.stream import Item, NotYet, Shards

POLL = 0.5
"""Seconds between looks for a unit that is not there yet."""

PATIENCE = 60.0
"""Seconds between messages while units are waited for."""

Place = tuple[int, int]
"""Epoch and window."""


class Windows:
    """`own` tells which of a stream's numbers this rank will take, each once, roughly in order; `crew` reads."""

    def __init__(self, shards: Shards, order: Order, own: Callable[[Numbers], np.ndarray], crew: Crew):
        self._shards, self._order, self._own, self._crew = shards, order, own, crew
        self._lock = threading.Lock()
        self._loads: dict[Place, Future[dict[int, Item]]] = {}
        self._furthest: Place = (-1, 0)
        self._said = -math.inf

    def take(self, number: int) -> Item:
        """The item of sample `number` of the stream, whose place in memory is then free. Raises DataError."""
        place = self._order.find(number)
        with self._lock:
            load = self._loads.get(place) or self._load(place)
            following = self._order.after(*place)
            if following > self._furthest:
                self._load(following)
        items = load.result()
        with self._lock:
            item = items.pop(number)
            if not items:
                del self._loads[place]
        return item

    def another(self, number: int, rng: np.random.Generator) -> Item:
        """An item of the same window by chance, in the place of one that cannot be used."""
        window = self._order.window(*self._order.find(number))
        at = int(rng.integers(len(window.places)))
        place = float(window.places[at])
        return self._patiently(int(window.units[at]), [place])[place]

    def _load(self, place: Place) -> Future[dict[int, Item]]:
        """Begin to read a window; of one that holds nothing of ours nobody will ask for the result."""
        self._furthest = max(self._furthest, place)
        window = self._order.window(*place)
        if not len(window.numbers) or not (own := self._own(window.numbers)).any():
            return Future()
        load = self._crew.submit(self._read, window.numbers[own], window.units[own], window.places[own])
        self._loads[place] = load
        return load

    def _read(self, numbers: Numbers, units: Numbers, places: Places) -> dict[int, Item]:
        items: dict[int, Item] = {}
        for unit in dict.fromkeys(units.tolist()):
            here = units == unit
            found = self._patiently(unit, places[here].tolist())
            items |= {int(n): found[float(place)] for n, place in zip(numbers[here], places[here], strict=True)}
        return items

    def _patiently(self, unit: int, places: list[float]) -> dict[float, Item]:
        """Read rows of a unit, once it is there. Raises DataError."""
        while True:
            try:
                return self._shards.read(unit, places)
            except NotYet as missing:
                self._say(f"waiting for {missing}")
            if self._crew.closed.wait(POLL):
                raise DataError("nobody waits for this row any more")

    def _say(self, message: str) -> None:
        with self._lock:
            if (now := time.monotonic()) - self._said >= PATIENCE:
                self._said = now
                print(message, file=sys.stderr, flush=True)
