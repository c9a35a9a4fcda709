"""A small run with domains, tiers and signals, written as our commands write one."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image

from curation.assess import Outcome
from curation.commit import signals_row
from curation.shards import write
from curation.shards.schema import CURATED, Row, signals_schema
from curation.shards.unit import part

COUNTS = {
    "Nature/food/none": 40,
    "Nature/food/chinese": 5,
    "Nature/landscape/none": 10,
    "Design/posters/none": 8,
    "Design/posters/english": 30,
    "People/portrait/none": 12,
    "Synthetic/pure/english": 25,
    "unknown": 7,
}
"""Images of each node."""

TEXTS = {
    "english": [{"content": "Mind the gap", "language": "en"}],
    "chinese": [{"content": "当心间隙", "language": "zh"}],
}

A_PART = 31
"""Rows of a part: nodes lie in several."""


def key(node: str, number: int) -> str:
    return f"{node.replace('/', '-')}-{number:03}"


def sharpness(number: int) -> float:
    """Of the image of this number of a node: 7 and others are in the middle, and no two neighbours are alike."""
    return float(37 * number % 41)


def row(node: str, number: int) -> Row:
    """A small picture of a colour of its own, with the annotation that its node takes."""
    buffer = io.BytesIO()
    colour = tuple(np.random.default_rng(number).integers(0, 256, 3).tolist())
    PIL.Image.new("RGB", (24, 16), colour).save(buffer, "PNG")
    domain, _, language = node.rpartition("/")
    annotation: dict[str, Any] | None = {"domain": domain, "text": TEXTS.get(language, [])}
    if domain == "Synthetic/pure":
        lines = [{"text": each["content"], "language": each["language"]} for each in TEXTS[language]]
        annotation = {"domain": "Design/posters", "synthesis": {"tier": "pure", "lines": lines}}
    elif node == "unknown":
        annotation = None if number % 2 else {"domain": "Weather/fog"}
    text = None if annotation is None else json.dumps(annotation)
    return Row(key(node, number), "made", buffer.getvalue(), "a.png", f"A picture of {node}.", text)


def run(out: Path, measured: bool = True) -> Path:
    """What a run leaves, with sharpness if it is `measured`; one image of it cannot be read any more."""
    rows = [(row(node, number), number) for node, count in COUNTS.items() for number in range(count)]
    rows.sort(key=lambda each: (each[1], each[0].key))  # as mixed as they can be
    rows.insert(50, (Row("spoilt", "made", b"no picture", "a.png", "Nothing.", '{"domain": "Nature/food"}'), 0))
    for at, first in enumerate(range(0, len(rows), A_PART)):
        chosen = rows[first : first + A_PART]
        with write.shard(str(out / "shards"), part(at), "parquet", CURATED) as shard:
            for each, _ in chosen:
                shard.add(each, 24, 16, "PNG")
        if measured:
            outcomes = [Outcome(e.key, "made", signals={"blur.sharpness": sharpness(n)}) for e, n in chosen]
            table = [signals_row(outcome, ["blur.sharpness"]) for outcome in outcomes]
            write.table(str(out / "signals" / f"{part(at)}.parquet"), table, signals_schema(["blur.sharpness"]))
    (out / "run.json").write_text("{}")
    return out
