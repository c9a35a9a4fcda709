"""The engine `vllm` with a model of random weights: vLLM in this process, its real engine processes beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import jsonschema
import psutil
import pytest

from annotate import prompt
from annotate.engine import EngineError, EngineGone, ItemError, Reply, Request
from annotate.engines.vllm import VLLM
from annotate.picture import Picture, picture
from annotate.prompt import Prompt
from filters.image import Image

ENGLISH = prompt.load("en")


def test_twenty_images_some_with_raw_captions(model: Path, images: Path) -> None:
    """All replies are valid, a request that cannot be served fails alone, and the engine's death shows as such."""
    good = [request(path, number) for number, path in enumerate(sorted(images.iterdir())[:20])]
    no_picture = replace(good[0], picture=Picture(b"no JPEG", 448, 448))
    too_long = replace(good[1], prompt=replace(ENGLISH, plain="wrong " * 5000))

    async def job(engine: VLLM) -> None:
        replies = await asked(engine, [*good[:10], no_picture, too_long, *good[10:]])
        refused = replies[10:12]
        assert [type(error) for error in refused] == [ItemError, ItemError]
        answered = replies[:10] + replies[12:]
        assert [check(one, reply) for one, reply in zip(good, answered, strict=True)] == ["stop"] * 20
        assert len({reply.text for reply in answered if isinstance(reply, Reply)}) == 20, "replies were mixed up"
        (again,) = await asked(engine, good[4:5])
        assert again == answered[4], "the same seed gives the same reply, alone or among others"
        (short,) = await asked(engine, [replace(good[0], max_tokens=12)])
        assert isinstance(short, Reply)
        assert (short.finish, short.completion_tokens) == ("length", 12)
        left = asyncio.gather(*(outcome(engine.ask(one)) for one in good))
        await asyncio.sleep(0.5)
        kill_engine()
        assert EngineGone in map(type, await left)
        assert [type(error) for error in await asked(engine, good[:1])] == [EngineGone]

    with_engine(model, job)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="nowhere"):
        with_engine(tmp_path / "nowhere", lambda engine: asyncio.sleep(0))


def with_engine(model: Path, job: Callable[[VLLM], Awaitable[None]]) -> None:
    """`job` with a started engine, which must leave no process behind."""

    async def whole() -> None:
        engine = VLLM(str(model), ENGLISH, 16, max_model_len=4096)
        try:
            await engine.start()
            await job(engine)
        finally:
            await engine.close()

    asyncio.run(whole())
    assert not engines()


def request(path: Path, number: int) -> Request:
    """A question about an image, for every second one with a raw caption, for every third in Chinese."""
    language: Prompt = prompt.load("zh") if number % 3 == 0 else ENGLISH
    shown = picture(Image(path.read_bytes()).rgb(1024), 400)
    raw = f'a sign that says "{path.stem}"' if number % 2 == 0 else None
    return Request(path.name, language, shown, None, raw, seed=number, max_tokens=2048)


async def asked(engine: VLLM, requests: Sequence[Request]) -> list[Reply | Exception]:
    """What comes of each, asked all at once."""
    return await asyncio.gather(*(outcome(engine.ask(one)) for one in requests))


async def outcome(reply: Awaitable[Reply]) -> Reply | Exception:
    try:
        return await reply
    except (ItemError, EngineGone) as error:
        return error


def check(request: Request, reply: Reply | Exception) -> str:
    """How the reply ended, if it is valid."""
    assert isinstance(reply, Reply), reply
    jsonschema.validate(json.loads(reply.text), request.prompt.schema(request.raw_caption is not None))
    assert request.picture is not None
    assert reply.prompt_tokens > request.picture.tokens
    return reply.finish


def engines() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "EngineCore" in child.name()]


def kill_engine() -> None:
    (engine,) = engines()
    engine.kill()
