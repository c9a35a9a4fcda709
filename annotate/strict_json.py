"""JSON as a model's reply must be written: one value, nothing after it, nothing that JSON itself does not have."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*", re.DOTALL | re.IGNORECASE)


def parse(text: str) -> Any:
    """The value of `text`, which may stand in a ```json fence.

    Raises ValueError, one sentence, if it is no JSON, names a key twice, holds NaN or an infinity, is nested deeper
    than the interpreter goes, or holds half of a surrogate pair, which no UTF-8 file can store.
    """
    fenced = _FENCE.fullmatch(text)
    try:
        value = json.loads(fenced[1] if fenced else text, object_pairs_hook=_unique, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.pos} of {len(text)}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    _check_storable(value, text)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:40]!a} stands there twice")
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_storable(value: Any, text: str) -> None:
    """Only an escape, or a text that is damaged itself, can bring in half a surrogate pair."""
    if "\\u" not in text and text.isascii():
        return
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a string holds half of a surrogate pair, which cannot be stored") from error
