"""Annotates one image with any engine: asks, checks the reply, asks once more if it is bad."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from annotate.checks import Checked, check
from annotate.engine import Engine, Reply, Request
from annotate.provenance import stored
from annotate.signals import PROBLEMS

TOKENS = (2048, 4096)
"""Bounds of the first reply and of the second, which has another seed too."""

FORGIVEN = "contradicted"
"""The one problem with which a second reply is kept: OCR may be what is wrong."""


@dataclass(frozen=True)
class Result:
    """What came of one image: an `annotation` to store, or `error`, (code, message), and the raw `reply` behind it.

    `signals` are those of `annotate.signals`, by name; NaN where a number does not apply.
    """

    annotation: dict[str, Any] | None
    error: tuple[str, str] | None = None
    reply: str | None = None
    signals: dict[str, float] = field(default_factory=dict)
    bad: int = 0


def seed_of(image_sha256: str) -> int:
    """The seed of an image's first reply, 0 to 2³¹ - 1: of its hash, so that another run asks the same."""
    return int(image_sha256[:8], 16) & 0x7FFFFFFF


async def annotate(
    engine: Engine,
    question: Request,
    known: Sequence[Reply],
    keep: Callable[[Sequence[Reply]], Awaitable[None]],
) -> Result:
    """The annotation of the image that `question` is about; its `max_tokens` is not read.

    `known` are replies an earlier run had to the same question, in order. They are not asked for again; `keep` is
    given all replies each time there is a new one. Raises ItemError, EngineGone.
    """
    replies, tries = list(known), list[Checked]()
    for number, bound in enumerate(TOKENS):
        request = replace(question, seed=question.seed + number, max_tokens=bound)
        if number == len(replies):
            replies.append(await engine.ask(request))
            await keep(replies)
        tries.append(check(replies[number], request))
        if not tries[-1].problems:
            break
    return _result(engine, question, replies[: len(tries)], tries)


def _result(engine: Engine, question: Request, replies: Sequence[Reply], tries: Sequence[Checked]) -> Result:
    usable = [number for number, checked in enumerate(tries) if _usable(checked)]
    number = min(usable, key=lambda number: len(tries[number].problems)) if usable else len(tries) - 1
    chosen = tries[number]
    signals = chosen.signals | _of_all(replies, tries)
    bad = sum(bool(checked.problems) for checked in tries)
    if chosen.annotation is None or not usable:
        problem = chosen.problems[0]
        return Result(None, (problem.code, problem.message), replies[-1].text, signals, bad)
    annotation = stored(chosen.annotation, engine.model, question.prompt, question.seed + number)
    return Result(annotation, signals=signals, bad=bad)


def _usable(checked: Checked) -> bool:
    return checked.annotation is not None and {problem.code for problem in checked.problems} <= {FORGIVEN}


def _of_all(replies: Sequence[Reply], tries: Sequence[Checked]) -> dict[str, float]:
    """The signals that all replies to one question decide together."""
    codes = [problem.code for checked in tries for problem in checked.problems]
    written = sum(reply.completion_tokens for reply in replies)
    read = replies[0].prompt_tokens
    tokens = {"prompt_tokens": read or math.nan, "completion_tokens": written if read else math.nan}
    return {"replies": len(replies), **tokens, **{code: codes.count(code) for code in PROBLEMS}}
