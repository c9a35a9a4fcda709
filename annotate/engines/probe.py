"""Asks a server at the start for what annotation stands on: the model, the schema honoured, quotation marks, room.

The probe asks for prose and its schema for JSON, so a server that ignores schemas shows, however good its model. The
schema has a string that its pattern makes begin and end with a quotation mark. Decoders that cannot write an escaped
one inside a bounded string (xgrammar 0.2, vLLM's default) write such a pattern with bare marks, which is no JSON;
llguidance escapes them. A value of an enum would prove nothing: xgrammar writes that rightly. All this hangs on the
decoder only, so a model of random weights passes. Not proven: that any model will quote what it sees.
"""

from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
from jsonschema_rs import Draft202012Validator

from annotate.engine import EngineError, Reply
from annotate.engines import chat
from annotate.engines.endpoint import Endpoint
from annotate.picture import Picture, picture
from annotate.prompt import Prompt

FLAG = """--structured-outputs-config '{"backend":"guidance","disable_any_whitespace":true}'"""
"""What makes vLLM pass."""

LEAST_ANSWER = 512
"""Tokens that must be left for an answer beside the prompt and the largest picture: a short annotation."""

DEMAND = "Describe the picture in a hundred words of plain prose. Do not write JSON."

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "shape": {"type": "string", "enum": ["circle", "square"]},
        "prose": {"type": "string", "maxLength": 16},
        "quote": {"type": "string", "pattern": '^"[a-z]{1,8}"$'},
    },
    "required": ["shape", "prose", "quote"],
    "additionalProperties": False,
}

MOST_TOKENS = 256
"""More than the schema can need, at six tokens a character of its strings."""


async def probe(endpoint: Endpoint, model: str | None, prompt: Prompt, most_picture: int, timeout: float) -> None:
    """Has `endpoint` know its model (`model`, else the only one served) and how much room it has.

    Raises EngineError, and what `Endpoint.chat` raises.
    """
    _choose_model(endpoint, await endpoint.models(), model)
    shown = _picture()
    body = chat.assemble(chat.start(endpoint.model, prompt, SCHEMA), shown.jpeg, DEMAND, seed=0).body(MOST_TOKENS)
    reply = (await endpoint.chat(body, timeout)).reply
    if wrong := verdict(reply):
        raise EngineError(f"{endpoint.url} {wrong}; start vLLM with {FLAG}")
    endpoint.text_tokens = max(0, reply.prompt_tokens - shown.tokens) or text_bytes(prompt) // 3
    _check_room(endpoint, most_picture)


def verdict(reply: Reply) -> str | None:
    """What an answer to the probe shows to be wrong with the server; None if nothing."""
    if reply.finish == "length":
        return f"does not stop where a JSON schema ends: {chat.clipped(reply.text)!r}"
    try:
        answer = json.loads(reply.text)
    except ValueError:
        if reply.text.lstrip().startswith("{"):
            return f"cannot write quotation marks into a string of a JSON schema: {chat.clipped(reply.text)!r}"
        return f"ignores the JSON schema of a request: {chat.clipped(reply.text)!r}"
    errors = [error.message for error in Draft202012Validator(_without_pattern()).iter_errors(answer)]
    return f"ignores the JSON schema of a request: {chat.clipped(errors[0])}" if errors else None


def _without_pattern() -> dict[str, Any]:
    """What must be honoured. Decoders that know no patterns are none of those that break on them."""
    quote = {name: value for name, value in SCHEMA["properties"]["quote"].items() if name != "pattern"}
    return SCHEMA | {"properties": SCHEMA["properties"] | {"quote": quote}}


def text_bytes(prompt: Prompt) -> int:
    """Of the probe's text, UTF-8."""
    return len((prompt.system + prompt.instructions + DEMAND).encode())


def room(endpoint: Endpoint, prompt: Prompt, shown: Picture, after: int) -> int | None:
    """Tokens left for an answer to a request with `shown` and `after` bytes of text after it; None if unbounded.

    The text's tokens are estimated at twice the prompt's rate a byte: raw captions are stranger than prompts.
    """
    if endpoint.context is None:
        return None
    rate = min(1.0, 2 * endpoint.text_tokens / text_bytes(prompt))
    more = max(0, after - len(DEMAND)) * rate
    return endpoint.context - endpoint.text_tokens - shown.tokens - round(more)


def _choose_model(endpoint: Endpoint, payload: bytes, wanted: str | None) -> None:
    try:
        served = {entry["id"]: entry for entry in json.loads(payload)["data"]}
    except (ValueError, LookupError, TypeError) as error:
        raise EngineError(f"{endpoint.url} is no OpenAI-compatible server: it lists no models") from error
    names = ", ".join(served) or "no model"
    if wanted is None and len(served) != 1:
        raise EngineError(f"{endpoint.url} serves {names}: name the model to use")
    name = next(iter(served)) if wanted is None else wanted
    if name not in served:
        raise EngineError(f"{endpoint.url} serves {names}, not {name}")
    context = served[name].get("max_model_len")
    endpoint.model, endpoint.context = name, int(context) if context else None


def _check_room(endpoint: Endpoint, most_picture: int) -> None:
    needed = endpoint.text_tokens + most_picture + LEAST_ANSWER
    if endpoint.context is not None and endpoint.context < needed:
        raise EngineError(
            f"{endpoint.url} has a context of {endpoint.context} tokens, too small for the prompt "
            f"({endpoint.text_tokens}), a picture ({most_picture}) and an answer ({LEAST_ANSWER}); "
            f"start vLLM with --max-model-len {needed} or more"
        )


def _picture() -> Picture:
    """A red circle on grey, the smallest picture there is."""
    canvas = np.full((448, 448, 3), 200, np.uint8)
    return picture(np.asarray(cv2.circle(canvas, (224, 224), 120, (200, 30, 30), -1), np.uint8))
