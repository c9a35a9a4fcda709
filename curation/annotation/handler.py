"""The Beam side of a worker: a `RemoteModelHandler`, which makes one client a process and asks again what failed
for the moment.

What is asked again here is only what no row is to blame for, files that could not be written; busy servers and bad
replies are dealt with row by row before. Units that are written are not done again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from apache_beam.ml.inference.base import RemoteModelHandler

from annotate.engine import EngineError, EngineGone
from curation import storage
from curation.annotation.settings import Settings
from curation.annotation.worker import Worker
from curation.mistake import Mistake, Stopped
from curation.output import work_folder
from curation.shards.unit import Unit


class AnnotateUnits(RemoteModelHandler[Unit, int, Worker]):
    """Batches of units in, their numbers out. Everything else goes into files."""

    def __init__(self, settings: Settings):
        super().__init__(namespace="curation.annotate", num_retries=3, retry_filter=_passes)
        self.settings = settings
        self.logger.disabled = True  # the driver says it, in one line

    def create_client(self) -> Worker:
        try:
            return Worker(self.settings)
        except EngineError as error:
            _leave_word(self.settings.output, error)
            raise

    def request(
        self, batch: Sequence[Unit], model: Worker, inference_args: dict[str, Any] | None = None
    ) -> Iterable[int]:
        try:
            return model.annotate(batch)
        except (EngineError, EngineGone) as error:
            _leave_word(self.settings.output, error)
            raise

    def share_model_across_processes(self) -> bool:
        return False


def _passes(error: Exception) -> bool:
    """Whether an error may be gone at the next try."""
    return isinstance(error, OSError)


def _word(output: str) -> str:
    return storage.join(work_folder(output), "stopped.json")


def _leave_word(output: str, error: Exception) -> None:
    """Say why the run stops, in a file: what an exception says is lost on its way through most runners."""
    held = {"mistake": isinstance(error, EngineError), "message": str(error)}
    storage.write_atomic(_word(output), json.dumps(held).encode())


def forget_word(output: str) -> None:
    """Remove what an earlier try of the job said."""
    storage.remove([_word(output)])


def raise_word(output: str) -> None:
    """Raise what a worker said when it stopped the run, as Mistake or Stopped; return if none did."""
    if storage.exists(_word(output)):
        held = json.loads(storage.read_bytes(_word(output)))
        raise (Mistake if held["mistake"] else Stopped)(held["message"])
