from __future__ import annotations

import json
from typing import Any

import pytest

from curation.balancing.node import UNKNOWN, node
from curation.shards.schema import Row
from train.data.labels import label

FOOD = json.dumps({"domain": "Nature/food"})

LINES = [{"text": "小心地滑", "language": "zh"}, {"text": "Wet floor", "language": "en"}]
READ = [{"content": "小心地滑", "language": "zh"}, {"content": "Wet floor", "language": "en"}]
SORTED = json.dumps({"metadata": json.dumps({"metadata": None, "language": "other"}), "split": "x"})

ROWS: list[tuple[str | None, Any, str]] = [
    (FOOD, None, "Nature/food/none"),
    (json.dumps({"domain": "Design/slides", "synthesis": {"tier": "complex"}}), None, "Synthetic/complex/none"),
    (json.dumps({"synthesis": {"tier": "pure", "lines": LINES}}), SORTED, "Synthetic/pure/chinese"),
    (json.dumps({"domain": "Nature/food", "text": READ}), None, "Nature/food/chinese"),
    (json.dumps({"domain": "Nature/food", "text": READ[1:]}), None, "Nature/food/english"),
    (
        json.dumps({"domain": "Nature/food", "text": [{"content": "Exit", "language": "und"}]}),
        None,
        "Nature/food/other",
    ),
    (json.dumps({"domain": "Nature/food", "text": [{"content": "OK!", "language": "en"}]}), None, "Nature/food/none"),
    (json.dumps({"domain": "Nature/food", "text": READ}), SORTED, "Nature/food/other"),
    (json.dumps({"domain": "Nature/food", "text": "broken"}), None, "Nature/food/none"),
    (FOOD, json.dumps({"tier": "pure", "grade": "word"}), "Synthetic/pure/none"),
    (FOOD, json.dumps({"metadata": json.dumps({"tier": "pure"}), "caption_raw": "x"}), "Synthetic/pure/none"),
    (json.dumps({"domain": "Synthetic/pure"}), None, UNKNOWN),
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
        domain = f"Synthetic/{known.tier}" if known.tier else known.domain
        assert expected == f"{domain}/{known.language}"
