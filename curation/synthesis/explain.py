"""`curation explain OUT KEY` of a synthesised output: what was made, from which choices, and what it says where."""

from __future__ import annotations

import json
import math
from typing import Any

from curation.annotation.terminal import labelled
from curation.explain import file, find, rows_of
from curation.safe import prose, shown
from curation.synthesis.signals import SIGNALS, STAGE
from filters.base import figure


def explain(output: str, record: dict[str, Any], key: str) -> str:
    """The story of the sample `key` in the synthesised `output`, in lines of 80 columns. Raises UnknownKey."""
    part, row = find(output, key)
    lines = [
        f"key        {row['key']}",
        f"tier       {record['recipe']['tier']}, seed {record['recipe']['seed']}",
        f"file       {file(row, 'none was made')}",
        f"sha256     {row['sha256'] or 'none'}",
        f"part       {part}",
    ]
    for signal in SIGNALS:
        value = row.get(f"{STAGE}.{signal.name}")
        if value is not None and not math.isnan(value) and (value or not signal.name.startswith("discarded_")):
            lines += labelled(f"  {STAGE + '.' + signal.name:<40}{figure(value):>8}", signal.about, 52)
    lines += labelled("verdict", "made" if row["dropped_by"] is None else prose(row["reason"], 4000))
    lines += _made(output, part, key) if row["dropped_by"] is None else _rejected(output, part, key)
    return "\n".join(lines)


def _made(output: str, part: str, key: str) -> list[str]:
    (found,) = rows_of(key, output, "shards", part, ("caption", "annotation", "metadata"))
    made = json.loads(found["annotation"])["synthesis"]
    lines = ["", *labelled("caption", prose(found["caption"], len(found["caption"]))), ""]
    lines += labelled("layout", f"{shown(made['layout'])}, grade {made['grade']}")
    lines += labelled("scene", shown(made["scene"], 400))
    lines += labelled("fonts", shown(", ".join(made["fonts"]), 400))
    lines += ["lines"]
    for line in made["lines"]:
        x, y = (round(min(line["quad"][at::2])) for at in (0, 1))
        lines += labelled(f"  {x:>5},{y:>5}  {shown(line['role'], 12):<12}", prose(line["text"], 1000), 28)
    return lines + labelled("notes", prose(found["metadata"] or "none", 2000))


def _rejected(output: str, part: str, key: str) -> list[str]:
    rejected = rows_of(key, output, "rejects", part, ("error", "message"))
    return [line for row in rejected for line in labelled("reject", prose(f"{row['error']}: {row['message']}", 4000))]
