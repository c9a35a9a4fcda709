from __future__ import annotations

import json

import pytest

from curation.shards.carried import carried, column
from filters.registry import FILTERS
from train.data.labels import CATEGORIES, Label, label

MADE = json.dumps({"domain": "Design/slides", "synthesis": {"grade": "line", "tier": "complex"}})


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ({}, Label()),
        ({"annotation": None, "metadata": None}, Label()),
        ({"grade": "word", "tier": "pure"}, Label("word", "pure")),
        ({"annotation": MADE}, Label("line", "complex", "Design/slides")),
        ({"grade": "word", "annotation": MADE}, Label("word", "complex", "Design/slides")),
        ({"metadata": json.dumps({"metadata": None, "grade": "word", "tier": "pure"})}, Label("word", "pure")),
        ({"metadata": json.dumps({"metadata": json.dumps({"grade": "word"}), "caption_raw": "x"})}, Label("word")),
        ({"grade": "huge"}, Label()),
        ({"language": "chinese", "category": "portrait"}, Label(language="chinese", category="portrait")),
        ({"metadata": json.dumps({"metadata": None, "language": "other"})}, Label(language="other")),
        ({"metadata": json.dumps({"metadata": None, "category": "text"})}, Label(category="text")),
        ({"metadata": json.dumps({"language": "english", "category": "text"})}, Label()),
        ({"language": "klingon", "category": "sports"}, Label()),
        ({"annotation": "no JSON", "metadata": "[1, 2"}, Label()),
        ({"annotation": "[" * 100_000, "metadata": "[]"}, Label()),
    ],
)
def test_labels_are_found_wherever_they_were_put(record: dict[str, str], wanted: Label) -> None:
    assert label(record) == wanted


@pytest.mark.parametrize(
    ("texts", "grade"),
    [
        ([], "none"),
        (["!?"], "none"),
        (["EXIT"], "word"),
        (["出口"], "word"),
        (["Platform 9 to London"], "word"),
        (["欢迎来到北京火车站"], "line"),
        (["The quick brown fox", "jumps over the lazy dog"], "line"),
        (["字" * 31], "paragraph"),
        (["many words " * 20], "paragraph"),
    ],
)
def test_text_that_was_read_is_graded_by_its_amount(texts: list[str], grade: str) -> None:
    strings = [{"content": text, "language": "und"} for text in texts]
    assert label({"annotation": json.dumps({"text": strings})}).grade == grade


def test_a_caption_is_found_below_what_other_jobs_added() -> None:
    inner = json.dumps({"metadata": None, "caption_raw": "a barn"})
    assert carried(inner, "caption_raw") == "a barn"
    assert carried(json.dumps({"metadata": json.loads(inner), "annotation": "{}"}), "caption_raw") == "a barn"
    assert carried(inner, "caption_fused") is None
    assert carried(json.dumps({"caption_raw": None}), "caption_raw") is None


def test_a_column_is_found_where_a_job_of_ours_put_it() -> None:
    ours = json.dumps({"metadata": json.dumps({"weight": 70}), "weight": 1.5})
    assert column(ours, "weight") == 1.5
    assert column(json.dumps({"metadata": ours, "node": "x"}), "weight") == 1.5
    assert column(json.dumps({"weight": 70}), "weight") is None
    assert column("[1]", "weight") is None


def test_the_categories_are_those_of_the_stage() -> None:
    assert FILTERS["category"].parts == CATEGORIES
