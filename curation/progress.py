"""One line on a terminal while a run goes on: images done, rate, what each stage dropped so far."""

from __future__ import annotations

import json
import shutil
import sys
import threading
import time
from collections import Counter
from typing import TextIO

from curation import storage
from curation.output import work_folder


class Progress:
    """Watches the markers that workers leave, wherever they run. Silent unless `stream` is a terminal."""

    def __init__(self, output: str, rows: list[int], stages: list[str], stream: TextIO | None = None):
        self.output, self.rows, self.stages = output, rows, stages
        self.stream = stream or sys.stderr
        self._counts: dict[int, Counter[str]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._began = time.monotonic()
        self._before = 0

    def __enter__(self) -> Progress:
        if self.stream.isatty():
            self._before = sum(self._look().values())
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
            self.stream.write("\r\033[K")
            self.stream.flush()

    def _watch(self) -> None:
        pause = 5.0 if storage.is_remote(self.output) else 1.0
        while not self._stop.wait(pause):
            width = shutil.get_terminal_size().columns
            self.stream.write("\r" + self.line()[: width - 1] + "\033[K")
            self.stream.flush()

    def line(self) -> str:
        """The progress line of this moment."""
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
        folder = storage.join(work_folder(self.output), "done")
        for path in storage.files(folder, ".json"):
            number = int(path[-len("000000.json") : -len(".json")])
            if number not in self._counts:
                self._counts[number] = Counter(json.loads(storage.read_bytes(path))["counts"])
        return sum(self._counts.values(), Counter())

    def _fingerprinted(self) -> int:
        folder = storage.join(work_folder(self.output), "fingerprints")
        numbers = (int(path[-len("000000.parquet") : -len(".parquet")]) for path in storage.files(folder, ".parquet"))
        return sum(self.rows[number] for number in numbers)
