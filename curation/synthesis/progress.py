"""One line on a terminal while samples are made."""

from __future__ import annotations

from typing import TextIO

from curation import progress
from curation.synthesis.signals import STAGE


class Progress(progress.Progress):
    """What was made, and what could not be."""

    def __init__(self, output: str, rows: list[int], stream: TextIO | None = None):
        super().__init__(output, rows, [STAGE], stream)

    def line(self) -> str:
        counts = self._look()
        done, total = counts.total(), sum(self.rows)
        failed = f" · {counts[STAGE]:,} could not be made" if counts[STAGE] else ""
        return f"{done:,} of {total:,} images{self._rate(done - self._before)}{failed}"
