"""One line on a terminal while a run goes on: images done, rate, what each stage dropped so far."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Self, TextIO

from curation import storage
from curation.output import markers, work_folder
from curation.ticker import Ticker


class Progress(Ticker):
    """Watches the markers that workers leave, wherever they run."""

    def __init__(self, output: str, rows: list[int], stages: list[str], stream: TextIO | None = None):
        super().__init__(output, stream)
        self.rows, self.stages = rows, stages
        self._counts: dict[int, Counter[str]] = {}
        self._before = 0

    def __enter__(self) -> Self:
        if self.stream.isatty():
            self._before = self._look().total()
        return super().__enter__()

    def line(self) -> str:
        counts, total = self._look(), sum(self.rows)
        done = counts.total()
        if not done:
            seen = self._fingerprinted()
            return f"fingerprints {seen:,} of {total:,}{self._rate(seen)}"
        dropped = ", ".join(f"{name} {counts[name]:,}" for name in ["decode", *self.stages] if counts[name])
        return f"{done:,} of {total:,} images{self._rate(done - self._before)} · dropped: {dropped or 'none'}"

    def _rate(self, count: int) -> str:
        seconds = time.monotonic() - self._began
        return f" · {count / seconds:,.1f}/s" if seconds > 1 and count else ""

    def _look(self) -> Counter[str]:
        for path in markers(self.output):
            number = int(path[-len("000000.json") : -len(".json")])
            if number not in self._counts:
                self._counts[number] = Counter(json.loads(storage.read_bytes(path))["counts"])
        return sum(self._counts.values(), Counter())

    def _fingerprinted(self) -> int:
        folder = storage.join(work_folder(self.output), "fingerprints")
        numbers = (int(path[-len("000000.parquet") : -len(".parquet")]) for path in storage.files(folder, ".parquet"))
        return sum(self.rows[number] for number in numbers)
