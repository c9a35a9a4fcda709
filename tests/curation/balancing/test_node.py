from __future__ import annotations

import json
from typing import Any

import pytest

from curation.balancing.node import UNKNOWN, node
from curation.shards.schema import Row
from train.data.labels import label

FOOD = json.dumps({"domain": "Nature/food"})

ROWS: list[tuple[str | None, Any, str]] = [
    (FOOD, None, "Nature/food"),
    (json.dumps({"domain": "Design/slides", "synthesis": {"tier": "complex"}}), None, "Synthetic/complex"),
    (FOOD, json.dumps({"tier": "pure", "grade": "word"}), "Synthetic/pure"),
    (FOOD, json.dumps({"metadata": json.dumps({"tier": "pure"}), "caption_raw": "x"}), "Synthetic/pure"),
    (json.dumps({"domain": "Weather/fog"}), None, UNKNOWN),
    (json.dumps({"domain": 3}), None, UNKNOWN),
    (json.dumps({"synthesis": {"tier": 3}}), None, UNKNOWN),
    ("[1]", "[2]", UNKNOWN),
    ("no JSON", "{", UNKNOWN),
    (None, None, UNKNOWN),
]


@pytest.mark.parametrize(("annotation", "metadata", "expected"), ROWS)
def test_node(annotation: str | None, metadata: str | None, expected: str) -> None:
    assert node(Row("a", "b", annotation=annotation, metadata=metadata)) == expected


@pytest.mark.parametrize(("annotation", "metadata", "expected"), ROWS)
def test_the_trainer_reads_the_same(annotation: str | None, metadata: str | None, expected: str) -> None:
    known = label({"annotation": annotation, "metadata": metadata})
    if expected != UNKNOWN:
        assert expected == (f"Synthetic/{known.tier}" if known.tier else known.domain)
