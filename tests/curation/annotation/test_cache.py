"""The cache of replies."""

from __future__ import annotations

import asyncio
from pathlib import Path

from annotate.engine import Reply
from curation.annotation.cache import Cache

REPLIES = [Reply('{"caption": "“猫” \ud800"}', "length", 700, 2048), Reply("{}", "stop", 700, 3)]


def test_replies_come_back_as_they_were(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    assert cache.get("ab" * 32) == []
    cache.put("ab" * 32, REPLIES[:1])
    cache.put("ab" * 32, REPLIES)
    assert Cache(str(tmp_path)).get("ab" * 32) == REPLIES
    assert cache.get("cd" * 32) == []


def test_a_broken_file_is_no_reply(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path))
    cache.put("ab" * 32, REPLIES)
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    whole = file.read_bytes()
    for content in (b"", whole[: len(whole) // 2], b"[]", b'{"replies": [{"text": 1}]}', b"\xff\xfe"):
        file.write_bytes(content)
        assert cache.get("ab" * 32) == []


def test_one_task_at_a_time_holds_a_key(tmp_path: Path) -> None:
    cache, within = Cache(str(tmp_path)), []

    async def hold(key: str) -> None:
        async with cache.held(key):
            within.append(key)
            assert within.count(key) == 1
            await asyncio.sleep(0.01)
            within.remove(key)

    async def story() -> None:
        await asyncio.gather(*(hold(key) for key in "aababbca"))

    asyncio.run(story())
    assert not cache._locks
    assert not cache._waiting
