"""One server that speaks the chat API: what became of a request to it, and whether it is to be asked now."""

from __future__ import annotations

import email.utils
import random
import time
import uuid
from datetime import UTC, datetime

import aiohttp

from annotate.engines import chat
from annotate.engines.chat import Answer, NotAChat, complaint

AGAIN = {408, 409, 425}
"""4xx that speak of the moment and not of the request; 429 has a class of its own."""

BARRED = {401, 403, 404, 405}
"""What every other request would be told too: a wrong key, an unknown model, no such API."""

LONGEST_PAUSE = 600.0
"""Seconds that a server can ask us to wait."""

CHECK_TIMEOUT = 120.0
"""Seconds for a health check: it may have to queue."""


class Fault(Exception):
    """Something went wrong on the way, or the server failed: the same request may go through later."""


class Unreachable(Fault):
    """No connection can be made."""


class Busy(Exception):
    """429: ask later. `after`: seconds the server wants to be left alone for, None if it does not say."""

    def __init__(self, message: str, after: float | None):
        super().__init__(message)
        self.after = after


class Refused(Exception):
    """The server will not answer this request, however often it is asked."""


class Barred(Exception):
    """The server will not answer us at all."""


class Endpoint:
    """`url`: up to and with `/v1`. `model`: what it is asked for. `context`: tokens of prompt and answer together,
    None where it is not known. `text_tokens`: what the prompt takes besides picture and raw caption.

    `in_flight`: requests now under way. `answers`: how many it ever gave. `down`: it failed a health check and has
    not passed one since. `echoes`: whether ids of its answers hold our X-Request-Id, so that a mix-up shows; its
    first answer tells.
    """

    def __init__(self, url: str, session: aiohttp.ClientSession, backoff: float):
        self.url, self._session, self._backoff = url, session, backoff
        self.model = ""
        self.context: int | None = None
        self.text_tokens = 0
        self.echoes: bool | None = None
        self.in_flight = self.answers = 0
        self.down = False
        self._open_from, self._pauses = 0.0, 0

    async def models(self) -> bytes:
        """The body of `GET /models`. Raises as `chat` does."""
        return await self._exchange("GET", "/models", None, {}, CHECK_TIMEOUT)

    async def chat(self, body: bytes, timeout: float) -> Answer:
        """Asks for one completion and waits up to `timeout` seconds. Raises Fault, Busy, Refused, Barred."""
        name = uuid.uuid4().hex
        headers = {"Content-Type": "application/json", "X-Request-Id": name}
        self.in_flight += 1
        try:
            answer = chat.read(await self._exchange("POST", "/chat/completions", body, headers, timeout))
        except NotAChat as error:
            raise Fault(str(error)) from error
        finally:
            self.in_flight -= 1
        if self.echoes is None:
            self.echoes = name in answer.id
        elif self.echoes and name not in answer.id:
            raise Fault(f"the answer to another request: {answer.id!r} in place of {name!r}")
        self.answers += 1
        self._pauses = 0
        return answer

    def pause(self, after: float | None) -> None:
        """Leaves the server alone for `after` seconds, or for longer each time it is busy again."""
        now = time.monotonic()
        if now >= self._open_from:  # many requests that are told at once are one reason to wait, not many
            self._pauses += 1
        wait = jitter(self._backoff, self._pauses, 60.0) if after is None else min(after, LONGEST_PAUSE)
        self._open_from = max(self._open_from, now + wait)

    def wait(self) -> float:
        """Seconds until it may be asked; endless while it is down."""
        return float("inf") if self.down else max(0.0, self._open_from - time.monotonic())

    async def _exchange(self, method: str, path: str, body: bytes | None, headers: dict, timeout: float) -> bytes:
        limit = aiohttp.ClientTimeout(total=timeout, sock_connect=30)
        url = self.url + path
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                payload = await response.read()
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(f"nothing answers at {self.url}: {chat.clipped(str(error))}") from error
        except TimeoutError as error:
            raise Fault(f"no answer from {self.url} within {timeout:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Fault(f"{self.url}: {type(error).__name__}: {chat.clipped(str(error))}") from error
        if response.status != 200:
            raise self._failure(response.status, response.headers.get("Retry-After"), payload)
        return payload

    def _failure(self, status: int, retry_after: str | None, payload: bytes) -> Exception:
        said = f"{self.url} answered {status}: {complaint(payload)}"
        if status == 429:
            return Busy(said, seconds(retry_after))
        if status in BARRED:
            return Barred(said)
        return Fault(said) if status >= 500 or status in AGAIN else Refused(said)


def seconds(retry_after: str | None) -> float | None:
    """Seconds from now that a Retry-After header means: a number or an HTTP date; None if it is neither."""
    if retry_after is None:
        return None
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            date = email.utils.parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        wait = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, wait) if wait == wait else None


def jitter(first: float, times: int, most: float) -> float:
    """Seconds to wait before the next try: at random up to a bound that starts at `first` and doubles to `most`.

    "Full jitter" (M. Brooker, Exponential Backoff And Jitter, 2015): it spreads clients that failed together.
    """
    return random.uniform(0, min(most, first * 2.0 ** min(times, 30)))
