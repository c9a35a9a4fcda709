"""A server that speaks the chat API over loopback, answers what the schema admits, and fails as it is told to.

    python -m tests.annotate.server --latency 2 --slots 256 [--port 0] [--faults 0.1]

prints its address and serves until it is interrupted. `/stats` tells what it has seen.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import functools
import io
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import PIL.Image
import xxhash
from aiohttp import web

from tests.annotate import faults
from tests.annotate.faults import Ask, Script
from tests.annotate.writer import WORDS, write

OTHER = "about another image"
"""What stands in the text of a reply that belongs to another item."""


class Server:
    """`with Server() as server:` serves on a thread of its own; `stop` and `start` keep the port and the counts.

    `latency`: seconds an answer takes, in one of `slots`. `script`: the fault of each request. `retry_after`: the
    header of a 429. `models`: ids it serves. `context`: tokens, as vLLM's `max_model_len`, None to say nothing.
    `structured`: whether it honours schemas, `quotes`: whether it escapes quotation marks, `closes`: whether it
    stops where the schema is fulfilled, `echoes`: whether ids of answers hold X-Request-Id.
    """

    def __init__(
        self,
        script: Script = faults.none,
        *,
        latency: float = 0.0,
        slots: int = 256,
        retry_after: str = "0.05",
        models: Sequence[str] = ("scripted",),
        context: int | None = 16_384,
        structured: bool = True,
        quotes: bool = True,
        closes: bool = True,
        echoes: bool = True,
        port: int = 0,
    ):
        self.script, self.latency, self.slots, self.retry_after = script, latency, slots, retry_after
        self.models, self.context = tuple(models), context
        self.structured, self.quotes, self.closes, self.echoes = structured, quotes, closes, echoes
        self.port = port
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.last: dict[str, Any] = {}
        self.given: Counter[str] = Counter()
        self.keys: set[str] = set()
        self.at_once = self.most_at_once = self.requests = 0
        self.busy = 0.0
        self.began = self.ended = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10), "the server did not start"

    def stop(self) -> None:
        """Drops every connection, as a killed server does."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(10)

    async def serve(self, ready: threading.Event | None = None) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._slots = asyncio.Semaphore(self.slots)
        application = web.Application(client_max_size=2**26)
        application.router.add_get("/v1/models", self.list_models)
        application.router.add_post("/v1/chat/completions", self.chat)
        application.router.add_get("/stats", self.stats)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, backlog=4096)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        if ready:
            ready.set()
        await self._stopping.wait()
        for connection in list(runner.server.connections):
            if connection.transport:
                connection.transport.abort()
        await runner.cleanup()

    async def list_models(self, request: web.Request) -> web.Response:
        extra = {} if self.context is None else {"max_model_len": self.context}
        models = [{"id": name, "object": "model", "owned_by": "vllm", **extra} for name in self.models]
        return web.json_response({"object": "list", "data": models})

    async def stats(self, request: web.Request) -> web.Response:
        """`slot_seconds`: seconds that slots were busy, all together; `seconds`: from the first question about an item
        to the last answer; `cpu`: seconds of this process.
        """
        return web.json_response(
            {
                "requests": self.requests,
                "images": len(self.asked),
                "asked": sum(self.asked.values()),
                "answered_twice": sum(count > 1 for count in self.answered.values()),
                "most_at_once": self.most_at_once,
                "slots": self.slots,
                "slot_seconds": self.busy,
                "seconds": self.ended - self.began,
                "cpu": time.process_time(),
            }
        )

    async def chat(self, request: web.Request) -> web.StreamResponse:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            body = json.loads(await request.read())
            if not asks_for_caption(body):
                return await self.answer(request, body)
            async with self._slots:
                began = time.perf_counter()
                self.began = self.began or began
                try:
                    await asyncio.sleep(self.latency)
                    return await self.answer(request, body)
                finally:
                    self.ended = time.perf_counter()
                    self.busy += self.ended - began
        finally:
            self.at_once -= 1

    async def answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        ask = self.note(request, body)
        fault = self.script(ask)
        self.given[fault] += 1
        if fault == "hang":
            await asyncio.sleep(3600)
        if fault in ("reset", "half"):
            return await dropped(request, after_headers=fault == "half")
        if fault == "not_json":
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        if fault == "not_chat":
            return web.json_response({"object": "list", "data": []})
        if fault.isdigit():
            return self.error(int(fault), faults.REFUSALS.get(fault, "overloaded"))
        if fault == "slow":
            await asyncio.sleep(0.4)
        return self.completion(request, body, ask, fault)

    def note(self, request: web.Request, body: dict[str, Any]) -> Ask:
        self.requests += 1
        self.last = body
        self.keys.add(request.headers.get("Authorization", ""))
        image = digest(data_uri(body)) if asks_for_caption(body) else ""
        if image:
            self.asked[image] += 1
        self.ids[request.headers.get("X-Request-Id", "")] += 1
        return Ask(self.requests, self.asked[image], image)

    def error(self, status: int, message: str) -> web.Response:
        headers = {"Retry-After": self.retry_after} if status == 429 else {}
        return web.json_response({"error": {"message": message, "code": status}}, status=status, headers=headers)

    def completion(self, request: web.Request, body: dict[str, Any], ask: Ask, fault: str) -> web.Response:
        if body["model"] not in self.models:
            return self.error(404, f"The model `{body['model']}` does not exist.")
        prompt, most = prompt_tokens(body), body.get("max_completion_tokens") or body["max_tokens"]
        if self.context is not None and prompt + most > self.context:
            return self.error(400, f"maximum context length is {self.context} tokens, {prompt + most} requested")
        text = self.reply(body, ask.image)
        name = request.headers.get("X-Request-Id") or "0" if self.echoes else "0"
        if fault == "other":
            text, name = self.reply(body, OTHER), "of-another-item"
        message: dict[str, Any] = {"role": "assistant", "content": text}
        finish = "stop" if self.closes else "length"
        if fault:
            message, finish = spoilt(fault, message, finish)
        if fault != "other" and request.transport and not request.transport.is_closing():
            self.answered[ask.image] += 1
        written = len((message["content"] or "").encode()) // 4
        return web.json_response(
            {
                "id": f"chatcmpl-{name}",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written},
            }
        )

    def reply(self, body: dict[str, Any], image: str) -> str:
        """What is written for a request: prose, or JSON of its schema, by its seed and image."""
        chance = xxhash.xxh32_intdigest(f"{body.get('seed')} {image}".encode())
        if not self.structured or "response_format" not in body:
            return " ".join(random.Random(chance).choices(WORDS, k=12))
        return write(body["response_format"]["json_schema"]["schema"], chance, bare_quotes=not self.quotes)


async def dropped(request: web.Request, after_headers: bool) -> web.StreamResponse:
    """The end of the connection, or the beginning of an answer and then its end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    if after_headers:
        await response.prepare(request)
        await response.write(b'{"id": "chatcmpl-')
    request.transport.abort()
    return response


def spoilt(fault: str, message: dict[str, Any], finish: str) -> tuple[dict[str, Any], str]:
    """(message, finish reason) as `fault` has them."""
    text = message["content"]
    loop = "the red boat and " * 40
    contents: dict[str, Any] = {
        "cut": text[: len(text) // 2],
        "length": text[: len(text) // 2],
        "refusal": "Sorry, I cannot provide a caption for this image.",
        "refused": None,
        "loop": json.dumps({**json.loads(text), "caption": loop}) if fault == "loop" else "",
        "wrong_schema": json.dumps({"caption": "A harbour.", "mood": "calm"}),
        "empty": None,
    }
    extra = {"refusal": "I can't help with that."} if fault == "refused" else {}
    return message | {"content": contents.get(fault, text)} | extra, "length" if fault == "length" else finish


def asks_for_caption(body: dict[str, Any]) -> bool:
    """Whether a request is about an item: probes have another schema, health checks none."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema", {})
    return "caption" in schema.get("properties", ())


def data_uri(body: dict[str, Any]) -> str:
    """The base64 text of the request's image, empty where there is none."""
    for message in body["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else ():
            if part["type"] == "image_url":
                return str(part["image_url"]["url"]).partition("base64,")[2]
    return ""


def digest(image: bytes | str) -> str:
    """Of a JPEG, or of its base64 text."""
    return xxhash.xxh64_hexdigest(image.encode() if isinstance(image, str) else base64.b64encode(image))


def prompt_tokens(body: dict[str, Any]) -> int:
    """One token for four bytes of text, one for each 28 × 28 pixels."""
    parts = [part for message in body["messages"] for part in parts_of(message["content"])]
    text = sum(len(part["text"].encode()) for part in parts if part["type"] == "text")
    uri = data_uri(body)
    return text // 4 + (image_tokens(uri) if uri else 0)


def parts_of(content: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


@functools.lru_cache(64)
def image_tokens(encoded: str) -> int:
    width, height = PIL.Image.open(io.BytesIO(base64.b64decode(encoded))).size
    return width * height // 784


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--slots", type=int, default=256)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--faults", type=float, default=0.0)
    options = parser.parse_args()
    script = faults.chance(options.faults, faults=("429", "500", "503", "reset", "half", "not_json"))
    server = Server(script, latency=options.latency, slots=options.slots, port=options.port)
    server.start()
    print(server.url, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
