"""How far a job is: workers count what they have under way, the driver sums it up on one line of a terminal."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Self, TextIO

from annotate.annotator import Result
from curation import storage
from curation.output import markers, work_folder
from curation.ticker import Ticker

SECONDS = 2.0
"""Between two beats of a pulse."""

FIGURES = ("images", "tokens", "replies", "bad")


class Pulse:
    """What one worker counted of the units it has open, written to a file of its own every few seconds."""

    def __init__(self, output: str):
        name = f"{socket.gethostname()}-{os.getpid()}.json"
        self._path = storage.join(_folder(output), name)
        self._units: dict[int, Counter[str]] = {}

    def count(self, unit: int, result: Result) -> None:
        """One more row of `unit` is done."""
        tokens = result.signals.get("completion_tokens", 0)
        replies = result.signals.get("replies", 0)
        figures = {"tokens": int(tokens) if tokens == tokens else 0, "replies": int(replies), "bad": result.bad}
        self._units.setdefault(unit, Counter()).update({"images": 1, **figures})

    def of(self, unit: int) -> dict[str, int]:
        """The figures of a unit."""
        counted = self._units.get(unit, Counter())
        return {name: counted[name] for name in FIGURES}

    def forget(self, unit: int) -> None:
        """The unit is written: its marker holds its figures now."""
        self._units.pop(unit, None)

    @asynccontextmanager
    async def beating(self, executor: Executor) -> AsyncIterator[None]:
        """Writes the file while the block runs."""
        task = asyncio.create_task(self._beat(executor))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _beat(self, executor: Executor) -> None:
        while True:
            held = json.dumps({str(unit): dict(counted) for unit, counted in self._units.items()}).encode()
            with suppress(OSError):  # a beat that cannot be written is only a figure that is late
                write = partial(storage.write_atomic, self._path, held, sync=False)
                await asyncio.get_running_loop().run_in_executor(executor, write)
            await asyncio.sleep(SECONDS)


class Progress(Ticker):
    """Watches markers and pulses, wherever workers run."""

    seconds = SECONDS

    def __init__(self, output: str, images: int, stream: TextIO | None = None):
        super().__init__(output, stream)
        self.images = images
        self._done: dict[str, Counter[str]] = {}
        self._before: Counter[str] = Counter()

    def __enter__(self) -> Self:
        storage.remove(storage.files(_folder(self.output), ".json"))  # of workers that were killed
        self._before = self._look()
        return super().__enter__()

    def line(self) -> str:
        counts = self._look()
        seconds = max(time.monotonic() - self._began, 1e-3)
        images = counts["images"] - self._before["images"]
        parts = [f"{counts['images']:,} of {self.images:,} images"]
        if images:
            rate, tokens = images / seconds, (counts["tokens"] - self._before["tokens"]) / seconds
            parts.append(f"{rate:,.1f}/s")
            parts += [f"{tokens:,.0f} tokens/s"] if tokens else []
            parts.append(f"{counts['bad'] / max(counts['replies'], 1):.1%} of replies invalid")
            parts.append(f"{_spoken((self.images - counts['images']) / rate)} left")
        return " · ".join(parts)

    def _look(self) -> Counter[str]:
        """Figures of all written units, and of those under way."""
        for path in markers(self.output):
            if path not in self._done and (held := _read(path)):
                self._done[path] = _figures(held)
        written = {os.path.basename(path)[len("part-") : -len(".json")] for path in self._done}
        total = sum(self._done.values(), Counter())
        for path in storage.files(_folder(self.output), ".json"):
            for unit, counted in _read(path).items():
                if f"{int(unit):06d}" not in written:
                    total += _figures(counted)
        return total


def _folder(output: str) -> str:
    return storage.join(work_folder(output), "pulse")


def _read(path: str) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads(storage.read_bytes(path))
        return held
    except (OSError, ValueError):  # written anew at this moment, or gone
        return {}


def _figures(held: dict[str, Any]) -> Counter[str]:
    return Counter({name: held[name] for name in FIGURES if name in held})


def _spoken(seconds: float) -> str:
    """A time as a person says it: `40 s`, `25 min`, `3 h 10 min`, `2 d 4 h`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"
