"""One line on a terminal that tells how far a job is, written over itself."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from abc import ABC, abstractmethod
from typing import Self, TextIO

from curation import storage


class Ticker(ABC):
    """Says `line` every few seconds while the block runs. Silent unless `stream` is a terminal."""

    seconds = 1.0
    """Between two looks at a local output."""

    def __init__(self, output: str, stream: TextIO | None):
        self.output, self.stream = output, stream or sys.stderr
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        if self.stream.isatty():
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
            self.stream.write("\r\033[K")
            self.stream.flush()

    @abstractmethod
    def line(self) -> str:
        """The progress line of this moment."""

    def _watch(self) -> None:
        while not self._stop.wait(5.0 if storage.is_remote(self.output) else self.seconds):
            width = shutil.get_terminal_size().columns
            self.stream.write("\r" + self.line()[: width - 1] + "\033[K")
            self.stream.flush()
