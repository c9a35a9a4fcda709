"""Small shards with pictures, captions and labels, written as our commands write them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pyarrow as pa

from curation.shards import write
from curation.shards.schema import BALANCED, SYNTHESISED, Row
from curation.shards.unit import part

GRADES = ("word", "line", "paragraph")
DOMAINS = ("Nature/food", "Nature/animals", "Design/slides")
SHAPES = ((32, 32), (48, 24), (20, 60))


def rows(count: int, name: str = "row", broken: Iterable[int] = (), silent: Iterable[int] = ()) -> Iterator[Row]:
    """Rows of three grades, domains and shapes in turn, each in a colour of its own. Those that are `broken` hold no
    picture, those that are `silent` no caption."""
    broken, silent = set(broken), set(silent)
    for number in range(count):
        buffer = io.BytesIO()
        colour = tuple(np.random.default_rng(number).integers(0, 256, 3).tolist())
        PIL.Image.new("RGB", SHAPES[number % 3], colour).save(buffer, "PNG")
        data = b"spoilt" if number in broken else buffer.getvalue()
        caption = None if number in silent else f'The word "{number}" in a colour'
        annotation = json.dumps({"domain": DOMAINS[number % 3]})
        extra = {"grade": GRADES[number % 3], "tier": "pure"}
        yield Row(f"{name}-{number:04}", name, data, f"{number}.png", caption, annotation, extra=extra)


def weighed(weights: Sequence[float | None], **about: Iterable[int]) -> list[Row]:
    """Rows with these weights, as `curation balance` has them."""
    made = rows(len(weights), **about)
    return [replace(row, extra={"node": "x", "weight": weight}) for row, weight in zip(made, weights, strict=True)]


def balanced(folder: Path, made: Iterable[Row], format: str = "parquet") -> str:
    """The same of rows with weights, in several parts."""
    return written(folder, made, format, 150, BALANCED)


def written(
    folder: Path, made: Iterable[Row], format: str = "parquet", a_part: int = 1000, schema: pa.Schema = SYNTHESISED
) -> str:
    """Shards of these rows below `folder`, so many rows a part, in row groups of 64; returns the folder."""
    rows = list(made)
    for number, start in enumerate(range(0, len(rows), a_part)):
        with write.shard(str(folder), part(number), format, schema) as shard:
            for row in rows[start : start + a_part]:
                shard.add(row, 32, 32, "PNG")
    return str(folder)
