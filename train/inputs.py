"""What the sources of a run hold, as short digests: a checkpoint goes on with the same data only."""

from __future__ import annotations

import hashlib

from curation import storage
from train.config import Config
from train.data.encoded import PLAN


def digests(config: Config) -> dict[str, str]:
    """For the path of each source 12 hex digits of the names and sizes of its files.

    Encoded shards that are still being written stand under a plan which is whole from the start: it is taken for them.
    """
    paths = {source.path for phase in config.phases for source in (*phase.sources, *phase.losers)}
    return {path: digest(path) for path in sorted(paths)}


def digest(path: str) -> str:
    """See `digests`."""
    if storage.exists(plan := storage.join(path, PLAN)):
        return hashlib.sha256(storage.read_bytes(plan)).hexdigest()[:12]
    shards = storage.join(path, "shards")
    folder = shards if storage.is_folder(shards) else path
    files = storage.walk(folder) if storage.is_folder(folder) else storage.glob(path)
    state = "\n".join(f"{storage.below(file.path, folder)} {file.size}" for file in files)
    return hashlib.sha256(state.encode("utf-8", "surrogatepass")).hexdigest()[:12]
