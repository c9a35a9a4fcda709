"""Requests and answers of OpenAI's chat completions API, as bytes.

Bodies are put together from prepared parts, since a picture is most of one: 0.2 ms for a picture of 170 kB, where a
dictionary and `json.dumps` take 1.1.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from annotate.engine import Reply, Request
from annotate.prompt import Prompt

CHECK = "Say yes."
"""The whole of a health check: no picture and no schema, so nothing of any item."""


class NotAChat(ValueError):
    """An answer that is no chat completion."""


@dataclass(frozen=True)
class Answer:
    """`id` is the server's name for it: vLLM makes it of the request's X-Request-Id, others make one up."""

    id: str
    reply: Reply


@dataclass(frozen=True)
class Message:
    """One request less what may differ between tries: `body` puts it together.

    `after`: bytes of the text after the picture, UTF-8.
    """

    head: bytes
    tail: bytes
    seed: int
    after: int

    def body(self, max_tokens: int) -> bytes:
        """The JSON. `max_completion_tokens` is what OpenAI and vLLM both take; vLLM calls `max_tokens` deprecated."""
        return b'{"max_completion_tokens":%d,"seed":%d,%b%b' % (max_tokens, self.seed, self.head, self.tail)


def message(model: str, request: Request) -> Message:
    """What a vision model is asked: system, instructions, picture, raw caption, under the prompt's schema.

    The picture must be there. Instructions come first, where a server's prefix cache finds them.
    """
    assert request.picture is not None
    prompt = request.prompt
    head = _head(model, prompt, prompt.fuses(request.raw_caption))
    return assemble(
        head, request.picture.jpeg, prompt.after_image(request.raw_caption, bool(request.known_text)), request.seed
    )


def assemble(head: bytes, jpeg: bytes, after: str, seed: int) -> Message:
    """`head` as `start` makes it, then the picture and the text `after` it."""
    tail = b'%b"}},%b]}]}' % (base64.b64encode(jpeg), _text(after))
    return Message(head, tail, seed, len(after.encode()))


def start(model: str, prompt: Prompt, schema: dict[str, Any]) -> bytes:
    """The JSON of a request from its settings to where the picture's base64 begins, less the opening brace."""
    wanted = {"name": "annotation", "schema": schema, "strict": True}
    settings = {
        "model": model,
        "temperature": prompt.temperature,
        "top_p": prompt.top_p,
        "response_format": {"type": "json_schema", "json_schema": wanted},
    }
    system = {"role": "system", "content": prompt.system}
    return b'%b,"messages":[%b,{"role":"user","content":[%b,{"type":"image_url","image_url":{"url":"%b' % (
        _json(settings)[1:-1],
        _json(system),
        _text(prompt.instructions),
        b"data:image/jpeg;base64,",
    )


def check(model: str) -> bytes:
    """The body of a health check: one token, text only."""
    messages = [{"role": "user", "content": CHECK}]
    return _json({"model": model, "messages": messages, "max_completion_tokens": 1})


def read(payload: bytes) -> Answer:
    """The answer in a response's body. Raises NotAChat."""
    try:
        whole = json.loads(payload)
        choice = whole["choices"][0]
        said, usage = choice["message"], whole.get("usage") or {}
        content, refusal = said.get("content"), said.get("refusal")
        counts = [int(usage.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotAChat(f"no chat completion: {clipped(payload.decode(errors='replace'))}") from error
    if refusal and not content:
        return Answer(str(whole.get("id")), Reply(str(refusal), "refusal", *counts))
    text = content if isinstance(content, str) else ""
    return Answer(str(whole.get("id")), Reply(text, str(choice.get("finish_reason") or "unknown"), *counts))


def complaint(payload: bytes) -> str:
    """What a server says is wrong, in one line: the message of OpenAI's or FastAPI's error, else the text."""
    try:
        whole = json.loads(payload)
        error = whole.get("error", whole)
        said = error if isinstance(error, str) else error.get("message") or error.get("detail")
    except (ValueError, AttributeError):
        said = None
    return clipped(str(said or payload.decode(errors="replace")))


def clipped(text: str) -> str:
    """One line of at most 300 characters."""
    line = " ".join(text[:2000].split())
    return line if len(line) <= 300 else line[:299] + "…"


@lru_cache(16)
def _head(model: str, prompt: Prompt, fused: bool) -> bytes:
    return start(model, prompt, prompt.schema(fused))


def _text(text: str) -> bytes:
    return _json({"type": "text", "text": text})


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
