"""`curation explain OUT KEY` of an annotated output: what was measured, said and decided about one image."""

from __future__ import annotations

import json
import math
from typing import Any

from annotate.signals import PROBLEMS, SIGNALS, STAGE
from curation.annotation.terminal import WIDTH, columns, labelled, wrap
from curation.assess import DECODE
from curation.explain import facts, find, rows_of
from curation.safe import prose, shown
from curation.shards.schema import SPLITS
from filters.base import figure

CAPTIONS = dict(zip(SPLITS, ("came with", "caption", "fused"), strict=True))
"""The captions of a row, and how they are called here."""

ALREADY = ("caption", "fused_caption")
"""Fields of an annotation that are shown as captions."""

MARGIN = 19
"""Where the values of an annotation begin."""


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the image `key` in the annotated `output`, whose manifest is `record`, in lines of 80 columns.

    Facts and keys are never broken. Raises UnknownKey.
    """
    part, row = find(output, key)
    lines = facts(record, part, row)
    for signal in SIGNALS if row["dropped_by"] != DECODE else ():
        lines += _signal(signal.name, PROBLEMS.get(signal.name, signal.about), row)
    lines += labelled("verdict", "annotated" if row["dropped_by"] is None else prose(row["reason"], 4000))
    lines += _annotated(output, part, key) if row["dropped_by"] is None else _rejected(output, part, key)
    return "\n".join(lines)


def _signal(name: str, about: str, row: dict[str, Any]) -> list[str]:
    value = row.get(f"{STAGE}.{name}")
    measured = "–" if value is None or math.isnan(value) else figure(value)
    return labelled(f"  {STAGE + '.' + name:<26}{measured:>8}", about, 38)


def _annotated(output: str, part: str, key: str) -> list[str]:
    """Captions and annotation, as the shard has them."""
    lines: list[str] = []
    for row in rows_of(key, output, "shards", part, ("annotation", *CAPTIONS)):
        for column, name in CAPTIONS.items():
            lines += ["", *labelled(name, prose(row[column], len(row[column])))] if row[column] is not None else []
        fields = json.loads(row["annotation"])
        lines += [""]
        for name, value in fields.items():
            lines += _field(name, _brief(value) if name == "synthesis" else value) if name not in ALREADY else []
    return lines


def _brief(synthesis: dict[str, Any]) -> dict[str, Any]:
    """What is known of a synthesised image, without where each of its characters stands."""
    return {name: len(value) if name == "lines" else value for name, value in synthesis.items()}


def _field(name: str, value: Any) -> list[str]:
    """One field of an annotation; of a list one line an item."""
    if not isinstance(value, list):
        text = _flat(value)
        unbroken = max(map(columns, text.split()), default=0) > WIDTH - MARGIN
        return [shown(name), *labelled("", text, 4)] if unbroken else labelled(shown(name), text, MARGIN)
    lines = labelled(shown(name), "" if value else "none", MARGIN)
    for item in value:
        lines += labelled("  -", _flat(item), 4)
    return lines


def _flat(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{shown(name)}: {_flat(item)}" for name, item in value.items())
    if isinstance(value, list):
        return ", ".join(map(_flat, value)) or "none"
    return shown(value, len(value)) if isinstance(value, str) else json.dumps(value)


def _rejected(output: str, part: str, key: str) -> list[str]:
    """What the rejects say of the image, with the raw reply."""
    lines: list[str] = []
    for row in rows_of(key, output, "rejects", part, ("error", "message", "reply")):
        lines += labelled("reject", prose(f"{row['error']}: {row['message']}", 4000))
        if reply := row["reply"]:
            lines += ["reply", *(f"  {line}" for line in wrap(prose(reply, len(reply)), 78))]
    return lines
