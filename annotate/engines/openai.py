"""Any number of servers that speak OpenAI's chat API, vLLM first, asked many things at once.

Requests go through aiohttp itself. The `openai` package would cost more than all our other work: measured on a
picture of 170 kB, in CPU milliseconds a request, 4.8 by its `create`, 3.6 with its aiohttp transport, 1.5 by its
lower-level `post` with a body made here, 0.6 so.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

import aiohttp

from annotate.engine import EngineError, EngineGone, ItemError, Reply, Request
from annotate.engines import chat
from annotate.engines.chat import Message
from annotate.engines.endpoint import Barred, Busy, Endpoint, Fault, Refused, Unreachable, jitter
from annotate.engines.fleet import Fleet
from annotate.engines.probe import probe, room
from annotate.picture import MOST_TOKENS
from annotate.prompt import Prompt

TRIES = 5
"""Faults of its own that an item is allowed before it is blamed."""

LONGEST_BACKOFF = 30.0
"""Seconds."""


class OpenAI:
    """Asks `endpoints` (base URLs such as `http://host:8000/v1`) for annotations by `model`, else the only one served.

    `prompt` is what the probe at the start measures. `slots`: most requests in flight, all endpoints together;
    `picture_tokens`: visual tokens of the largest picture. Times in seconds: `timeout` of a request; `patience`, for
    which nothing may be answered before the engine counts as gone; `backoff`, bound of the first wait after a fault.
    The key of the API is read from OPENAI_API_KEY. Raises EngineError if an endpoint is no URL.
    """

    wants_picture = True

    def __init__(
        self,
        endpoints: Sequence[str],
        model: str | None,
        prompt: Prompt,
        slots: int = 64,
        *,
        picture_tokens: int = MOST_TOKENS,
        timeout: float = 600.0,
        patience: float = 1800.0,
        backoff: float = 0.5,
    ):
        self.model = model or ""
        self._urls = [base(endpoint) for endpoint in endpoints]
        if not self._urls:
            raise EngineError("no endpoint is named")
        self._prompt, self._most, self._picture_tokens = prompt, slots, picture_tokens
        self._timeout, self._patience, self._backoff = timeout, patience, backoff
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Probes every endpoint. Raises EngineError."""
        headers = {"Authorization": f"Bearer {os.environ.get('OPENAI_API_KEY') or 'EMPTY'}"}
        # servers drop idle connections (uvicorn after 5 s): a request sent into one that just closed is lost
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=4)
        self._session = session = aiohttp.ClientSession(connector=connector, headers=headers)
        self._slots = asyncio.Semaphore(self._most)
        endpoints = [Endpoint(url, session, self._backoff) for url in self._urls]
        self._fleet = Fleet(endpoints, self._patience, self._backoff)
        try:
            for endpoint in endpoints:
                self.model = await self._probe(endpoint)
        except EngineError:
            await self.close()
            raise

    async def ask(self, request: Request) -> Reply:
        """Answers, however often it must ask. Raises ItemError, EngineGone.

        Only faults that meet this request alone count against it: an outage, and being told to wait, never do.
        """
        message, blamed = chat.message(self.model, request), 0
        while blamed < TRIES:
            async with self._slots:
                endpoint = await self._fleet.choose()
                answers = endpoint.answers
                try:
                    return await self._once(endpoint, message, request)
                except Busy as busy:
                    endpoint.pause(busy.after)
                    self._fleet.trouble(busy)
                    continue
                except Fault as error:
                    fault = error
            self._fleet.trouble(fault)
            if await self._fleet.blames(endpoint, answers):
                blamed += 1
                await asyncio.sleep(jitter(self._backoff, blamed, LONGEST_BACKOFF))
        raise ItemError(f"failed {TRIES} times while others were answered, at last: {fault}")

    async def close(self) -> None:
        """Closes the connections; what is still being asked fails."""
        if self._session is not None:
            await self._fleet.close()
            await self._session.close()
            self._session = None

    async def _once(self, endpoint: Endpoint, message: Message, request: Request) -> Reply:
        """One try. Raises Fault and Busy, which pass, ItemError and EngineGone, which do not."""
        try:
            answer = await endpoint.chat(message.body(_bound(endpoint, message, request)), self._timeout)
        except Refused as refused:
            self._fleet.answered()
            raise ItemError(str(refused)) from None
        except Barred as barred:
            self._fleet.give_up(str(barred))
            raise EngineGone(str(barred)) from None
        self._fleet.answered()
        return answer.reply

    async def _probe(self, endpoint: Endpoint) -> str:
        """The name of the model. Passing faults are borne, since one of them says nothing of the server."""
        error: Exception | None = None
        for times in range(TRIES):
            try:
                await probe(endpoint, self.model or None, self._prompt, self._picture_tokens, self._timeout)
                return endpoint.model
            except (Unreachable, Refused, Barred) as final:
                error = final
                break
            except Busy as busy:
                error = busy
                endpoint.pause(busy.after)
                await asyncio.sleep(endpoint.wait())
            except Fault as fault:
                error = fault
                await asyncio.sleep(jitter(self._backoff, times, LONGEST_BACKOFF))
        raise EngineError(f"the probe at the start failed: {error}")


def base(endpoint: str) -> str:
    """The base URL of the API: `/v1` is added where no path is given. Raises EngineError if it is no URL."""
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        sound = False
    if not sound:
        raise EngineError(f"{endpoint!r} is no endpoint: give a URL such as http://127.0.0.1:8000/v1")
    return endpoint.rstrip("/") + ("" if parts.path.strip("/") else "/v1")


def _bound(endpoint: Endpoint, message: Message, request: Request) -> int:
    """The bound of tokens of the answer that the endpoint's context has room for. Raises ItemError if it has none."""
    assert request.picture is not None
    left = room(endpoint, request.prompt, request.picture, message.after)
    if left is not None and left < 1:
        raise ItemError(f"its picture and raw caption leave no room for an answer in {endpoint.context} tokens")
    return request.max_tokens if left is None else min(request.max_tokens, left)
