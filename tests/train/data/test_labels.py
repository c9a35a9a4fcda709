from __future__ import annotations

import json

import pytest

from train.data.labels import Label, carried, label

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
