"""What the scripted server does wrong, and when."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TRANSIENT = ("429", "500", "503", "reset", "half", "hang", "not_json", "not_chat", "other")
"""Faults of the way: the same request goes through later. `hang` needs a client with a short timeout, `reset` closes
the connection before and `half` within the answer, `other` answers with what another image was asked."""

SPOILT = ("cut", "length", "refusal", "refused", "loop", "wrong_schema", "empty")
"""Replies that arrive well and are bad. `cut` says `stop`; `refusal` is text, `refused` OpenAI's own field."""

REFUSALS = {"400": "cannot identify the image", "401": "wrong key", "404": "The model does not exist."}
"""Answers that say: do not ask again."""


@dataclass(frozen=True)
class Ask:
    """One chat request: the `number`-th of all, from 1, and the `time`-th about this image, from 1.

    `image` is the digest of its JPEG (`server.digest`), empty where no caption is asked for, in probes and health
    checks.
    """

    number: int
    time: int
    image: str


Script = Callable[[Ask], str]
"""The fault of a request by name, or an empty string."""


def none(ask: Ask) -> str:
    return ""


def always(fault: str) -> Script:
    """Every request for an annotation."""
    return lambda ask: fault if ask.image else ""


def first(times: int, fault: str) -> Script:
    """The first `times` requests about each image."""
    return lambda ask: fault if ask.image and ask.time <= times else ""


def nth(faults: Mapping[int, str]) -> Script:
    """By the number of the request."""
    return lambda ask: faults.get(ask.number, "")


def of(image: str, fault: str) -> Script:
    """Every request about one image."""
    return lambda ask: fault if ask.image == image else ""


def chance(share: float, seed: int = 0, faults: tuple[str, ...] = TRANSIENT) -> Script:
    """`share` of the requests for an annotation, by image and time and so the same in whichever order they come."""

    def script(ask: Ask) -> str:
        draw = random.Random(f"{seed} {ask.image} {ask.time}")
        return draw.choice(faults) if ask.image and draw.random() < share else ""

    return script
