"""Replies a model gave, by what it was asked: (image hash, prompt hash, model). No reply is paid for twice.

One small file a question, so that any worker of any job can add and find, on any file system. A job that is killed
loses the replies in flight and no other.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from annotate.engine import Reply
from curation import storage


class Cache:
    """A folder of replies, used within one event loop."""

    def __init__(self, folder: str):
        self.folder = folder
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[None]:
        """One task at a time a key: an image that is there twice waits for its first reply."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] += 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._locks[key], self._waiting[key]

    def get(self, key: str) -> list[Reply]:
        """The replies kept under `key`, in order; none where there is no file, or only part of one."""
        try:
            held = json.loads(storage.read_bytes(self._path(key)))
            return [Reply(**reply) for reply in held["replies"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def put(self, key: str, replies: Sequence[Reply]) -> None:
        """Keep all `replies` to one question. Raises OSError."""
        held = {"replies": [asdict(reply) for reply in replies]}
        storage.write_atomic(self._path(key), json.dumps(held).encode(), sync=False)  # half a file is no file

    def _path(self, key: str) -> str:
        return storage.join(self.folder, key[:3], key + ".json")
