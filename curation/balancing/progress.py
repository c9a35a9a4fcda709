"""One line on a terminal while images are balanced: units looked at, then images written."""

from __future__ import annotations

from curation import progress, storage
from curation.output import work_folder


class Progress(progress.Progress):
    """Watches what workers leave, wherever they run."""

    def line(self) -> str:
        work = work_folder(self.output)
        looked, units = len(storage.files(storage.join(work, "best"), ".json")), len(self.rows)
        return super().line() if looked == units else f"looked at {looked:,} of {units:,} units"
