"""Several servers as one: which is asked next, who is to blame for a fault, and when all is lost."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Sequence
from contextlib import suppress

from annotate.engine import EngineGone
from annotate.engines import chat
from annotate.engines.endpoint import CHECK_TIMEOUT, Barred, Busy, Endpoint, Fault, Refused, jitter

RETURN = 10.0
"""Longest time in seconds between two looks at whether a server that was down is back."""


class Fleet:
    """Endpoints that serve the same model. All methods belong to one event loop.

    The clock of `patience` (seconds) runs from the first fault of an item until anything is answered again.
    """

    def __init__(self, endpoints: Sequence[Endpoint], patience: float, backoff: float):
        self.endpoints = endpoints
        self._patience, self._backoff = patience, backoff
        self._trouble: float | None = None
        self._cause = ""
        self._gone: EngineGone | None = None
        self._news = asyncio.Event()
        self._checks: dict[Endpoint, asyncio.Task[bool]] = {}
        self._vigils: set[asyncio.Task[None]] = set()

    async def choose(self) -> Endpoint:
        """The endpoint with the least in flight of those that may be asked; waits for one. Raises EngineGone."""
        while True:
            self._lose_patience()
            if self._gone:
                raise EngineGone(str(self._gone))
            wait = min(endpoint.wait() for endpoint in self.endpoints)
            if wait == 0:
                able = (endpoint for endpoint in self.endpoints if endpoint.wait() == 0)
                return min(able, key=lambda endpoint: endpoint.in_flight)
            await self._sleep(wait * random.uniform(1, 1.1))  # so that not all of them wake at once

    def answered(self) -> None:
        """Something was answered: whatever trouble there was is over."""
        self._trouble = None

    def trouble(self, cause: Exception) -> None:
        """An item met a fault."""
        self._cause = str(cause)
        if self._trouble is None:
            self._trouble = time.monotonic()

    def give_up(self, why: str) -> None:
        """From now on everybody gets EngineGone."""
        self._gone = self._gone or EngineGone(why)
        self._wake()

    async def blames(self, endpoint: Endpoint, answers: int) -> bool:
        """Whether a fault is its item's own: `endpoint` answered others since it had given `answers`, or can now."""
        if endpoint.answers > answers:
            return True
        if endpoint.down:
            return False
        if endpoint not in self._checks:  # one check tells all whom the same outage hit
            self._checks[endpoint] = asyncio.create_task(self._check(endpoint))
        return await asyncio.shield(self._checks[endpoint])

    async def close(self) -> None:
        """Ends what still looks after endpoints."""
        tasks = [*self._checks.values(), *self._vigils]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _check(self, endpoint: Endpoint) -> bool:
        """Whether it answers at all; if not it is down, and watched until it does."""
        try:
            healthy = await self._healthy(endpoint)
        finally:
            del self._checks[endpoint]
        if healthy is False:
            endpoint.down = True
            vigil = asyncio.create_task(self._watch(endpoint))
            self._vigils.add(vigil)
            vigil.add_done_callback(self._vigils.discard)
        return healthy is True

    async def _watch(self, endpoint: Endpoint) -> None:
        for times in itertools.count():
            await asyncio.sleep(jitter(self._backoff, times, RETURN))
            if self._gone:
                return
            if await self._healthy(endpoint) is not False:
                endpoint.down = False
                self._wake()
                return

    async def _healthy(self, endpoint: Endpoint) -> bool | None:
        """Whether it answers a request of no item; None if it is only busy."""
        try:
            await endpoint.chat(chat.check(endpoint.model), CHECK_TIMEOUT)
        except Busy as busy:
            endpoint.pause(busy.after)
            return None
        except Fault as fault:
            self._cause = str(fault)
            return False
        except Barred as barred:
            self.give_up(str(barred))
            return False
        except Refused:  # a verdict is an answer
            pass
        self.answered()
        return True

    def _lose_patience(self) -> None:
        if self._trouble is not None and time.monotonic() - self._trouble > self._patience:
            self.give_up(f"nothing was answered for {self._patience:g} s, at last: {self._cause}")

    async def _sleep(self, seconds: float) -> None:
        """Sleeps, unless there is news or patience ends before."""
        left = self._patience if self._trouble is None else self._trouble + self._patience - time.monotonic()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), min(seconds, max(left, 0.01)))

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
