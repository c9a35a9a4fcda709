"""What an engine is: it answers one request about one image. Engines know no shards, no cache and no retries of
a bad answer; `annotate.annotator` does these for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from annotate.evidence import Evidence
from annotate.picture import Picture
from annotate.prompt import Prompt


class EngineError(RuntimeError):
    """The engine cannot work at all: a wrong endpoint, a server that ignores the schema, a missing package.

    One line that says what is wrong and what to do.
    """


class EngineGone(RuntimeError):
    """The engine answered earlier and answers nobody now. Nothing is lost: the run can go on later."""


class ItemError(RuntimeError):
    """The engine answers others but not this request, however often it is asked. The item goes to rejects."""


@dataclass(frozen=True)
class Request:
    """One question about one image.

    `picture` is what a vision model is sent, `evidence` what the filters measured: an engine says by
    `wants_picture` which it reads. `raw_caption` came with the image, unchecked. `max_tokens` bounds the answer.
    `known_text`: lines that are known to stand in the image, so that the caption must hold them; `raw_caption` quotes
    them then, and is ours.
    """

    key: str
    prompt: Prompt
    picture: Picture | None
    evidence: Evidence | None
    raw_caption: str | None
    seed: int
    max_tokens: int
    known_text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer as it came. `finish` is `stop`, `length`, `repetition`, `content_filter`, … as the server says it."""

    text: str
    finish: str
    prompt_tokens: int
    completion_tokens: int


class Engine(Protocol):
    """One engine in one process. All methods run in one event loop; `ask` is called many times at once."""

    model: str
    wants_picture: bool

    async def start(self) -> None:
        """Get ready, and check what is promised. Raises EngineError."""

    async def ask(self, request: Request) -> Reply:
        """Answer. Waits through busy servers and outages. Raises ItemError, EngineGone."""

    async def close(self) -> None:
        """Let go of connections and memory."""
