"""Whether a reply can be stored as an annotation, what is wrong with it, and the signals it gives.

After the Qwen-Image report (arXiv 2508.02324): invalid captions are dropped by rules, and what a model says of text
and watermarks is held against small models. The reading of images is not repeated here: `Request.evidence` has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from annotate import repetition, tokens
from annotate.agreement import agreement, letters
from annotate.engine import Reply, Request
from annotate.evidence import Evidence
from annotate.prompt import reply_schema
from annotate.refusal import refuses
from annotate.strict_json import parse

MIN_TOKENS, MAX_TOKENS = 5, 1024
"""Bounds of a caption, in tokens of Qwen2.5: what the text encoder of Qwen-Image takes at most."""

CAPTIONS = ("caption", "fused_caption")

_ENDINGS = {
    "length": ("truncated", "cut off after {tokens} tokens"),
    "abort": ("truncated", "given up by the server after {tokens} tokens"),
    "repetition": ("loop", "stopped by the server after {tokens} tokens, because it repeated itself"),
    "content_filter": ("refusal", "held back by the server's content filter"),
}
"""Finish reasons of vLLM and of OpenAI's protocol that make a reply useless, whatever it says."""


@dataclass(frozen=True)
class Problem:
    """`code`: a key of `annotate.signals.PROBLEMS`. `message`: what is wrong, with figures, for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Checked:
    """What a reply is worth.

    `annotation`: the reply's JSON, valid against the schema it was asked for; None if it cannot be used.
    `signals`: those of `annotate.signals` that this reply decides, without `annotate.`; absent where they do not apply.
    """

    annotation: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    signals: dict[str, float] = field(default_factory=dict)


def check(reply: Reply, request: Request) -> Checked:
    """Judges `reply` by itself and by the evidence of `request`. Never raises, whatever the reply holds."""
    if reply.finish in _ENDINGS:
        code, words = _ENDINGS[reply.finish]
        return _useless(code, words.format(tokens=reply.completion_tokens))
    try:
        value = parse(reply.text)
    except ValueError as error:
        return _refusal(reply.text) if refuses(reply.text) else _useless("not_json", f"no JSON: {error}")
    if isinstance(value, str) and refuses(value):
        return _refusal(value)
    wrong = _schema_error(value, request.prompt.fuses(request.raw_caption))
    return _useless("wrong_schema", wrong) if wrong else _judged(value, request.evidence, request.known_text)


def _judged(annotation: dict[str, Any], evidence: Evidence | None, known_text: Sequence[str]) -> Checked:
    """What the schema cannot know of an annotation it accepts."""
    lengths = {name: tokens.count(annotation[name]) for name in CAPTIONS if name in annotation}
    problems = [problem for name, length in lengths.items() for problem in _faults(name, annotation[name], length)]
    problems += _missing(annotation["caption"], known_text)
    usable = not problems
    signals = {
        "caption_tokens": float(lengths["caption"]),
        "repetition": repetition.share(annotation["caption"]),
        "watermark_flagged": float(bool(annotation["watermarks"])),
    }
    agrees = agreement(annotation, evidence.readings if evidence else ())
    signals["text_strings"] = float(agrees.strings)
    if evidence:
        shares = {"text_confirmed": agrees.confirmed, "text_covered": agrees.covered}
        signals |= {name: share for name, share in shares.items() if share is not None}
        signals |= _watermark(bool(annotation["watermarks"]), evidence)
    if agrees.contradicted:
        sure = f"none of its {agrees.strings} strings agrees with the text that OCR is sure of"
        problems.append(Problem("contradicted", sure))
    return Checked(annotation if usable else None, tuple(problems), signals)


def _faults(name: str, caption: str, length: int) -> Iterator[Problem]:
    """What is wrong with one caption of `length` tokens."""
    if refuses(caption):
        yield Problem("refusal", f"{name} declines to describe: {caption[:80]!r}")
    if length < MIN_TOKENS:
        yield Problem("too_short", f"{name} has {length} tokens, at least {MIN_TOKENS} are needed")
    if length > MAX_TOKENS:
        yield Problem("too_long", f"{name} has {length} tokens, at most {MAX_TOKENS} are allowed")
    if repetition.loops(caption):
        yield Problem("loop", f"{name} repeats itself: {repetition.share(caption):.0%} of it, ending {caption[-40:]!r}")


def _missing(caption: str, known_text: Sequence[str]) -> Iterator[Problem]:
    """Lines that must stand in the caption letter for letter, whatever it writes between and around them."""
    held = letters(caption)
    lacking = [line for line in known_text if letters(line) not in held]
    if lacking:
        message = f"caption lacks {len(lacking)} of the {len(known_text)} lines that the image shows"
        yield Problem("text_missing", f"{message}: {lacking[0][:80]!r}")


def _watermark(flagged: bool, evidence: Evidence) -> dict[str, float]:
    if evidence.watermark is None:
        return {}
    agrees = flagged == (evidence.watermark >= evidence.watermark_limit)
    return {"watermark_score": evidence.watermark, "watermark_agrees": float(agrees)}


def _schema_error(value: Any, fused: bool) -> str | None:
    """The first thing the schema refuses: where it stands and what it is. None if the value is valid."""
    error = next(_validator(fused).iter_errors(value), None)
    if error is None:
        return None
    where = "/".join(map(str, error.instance_path)) or "the reply"
    return f"{where}: {error.message if len(error.message) <= 200 else error.message[:199] + '…'}"


@cache
def _validator(fused: bool) -> Draft202012Validator:
    return Draft202012Validator(reply_schema(fused))


def _refusal(text: str) -> Checked:
    return _useless("refusal", f"declines to describe: {text.strip()[:80]!r}")


def _useless(code: str, message: str) -> Checked:
    return Checked(None, (Problem(code, message),))
