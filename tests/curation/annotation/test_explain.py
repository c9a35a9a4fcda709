"""`curation explain` of annotated outputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.annotation.terminal import columns
from curation.dispatch import explain
from curation.explain import UnknownKey
from tests.curation.annotation.made import item, rejected, unreadable, write_output

CAPTION = "A sign on a white wall reads “出口”. " + "The wall is plain and evenly lit from the left. " * 9


@pytest.fixture(params=["parquet", "webdataset"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    texts = [{"content": "出口" * 60, "language": "zh"}]
    first = item("a.jpg", "a sign", {"text_confirmed": 0.5, "loop": 1}, caption=CAPTION, text=texts, fused_caption="F.")
    second = [
        rejected("b.jpg", "not_json", '{"caption":\n  "Two\x1b[31m birds', "ends within a string"),
        unreadable("c"),
    ]
    return str(write_output(tmp_path, [[first], second], request.param))


def test_all_that_is_known_of_an_annotated_image(out: str) -> None:
    story = explain(out, "a.jpg")
    assert all(columns(line) <= 80 for line in story.splitlines())
    words = " ".join(story.split())
    assert "source a.parquet, below curated/shards" in words
    assert "part part-000000" in words
    assert "annotate.text_confirmed 0.5 share of the annotation's strings that OCR confirms" in words
    assert "annotate.text_covered – " in words
    assert "annotate.loop 1 repeats itself" in words
    assert "verdict annotated" in words
    assert "came with a sign caption " + CAPTION.strip() + " fused F." in words
    assert "objects - name: bus, attributes: red" in words
    assert "watermarks none" in words
    assert "domain Nature/cityscape" in words
    assert "".join(story.split()).count("出口" * 60) == 1
    assert "12ab" * 16 in words  # the prompt's digest, unbroken


def test_a_rejected_image_is_shown_with_the_raw_reply(out: str) -> None:
    story = explain(out, "b.jpg")
    assert "annotate.not_json                2  no JSON" in story
    assert "verdict    cannot be annotated: ends within a string" in story
    assert "reject     not_json: ends within a string" in story
    assert story.endswith('reply\n  {"caption":\n    "Two\\x1b[31m birds')


def test_an_unreadable_image_has_no_signals(out: str) -> None:
    story = explain(out, "c")
    assert "annotate." not in story
    assert story.endswith("verdict    cannot be read: the file ends\nreject     Truncated: the file ends")


def test_an_unknown_key_is_a_mistake_with_a_hint(out: str) -> None:
    with pytest.raises(UnknownKey, match=r"did you mean 'a\.jpg'"):
        explain(out, "a.jpeg")


def test_a_folder_without_a_run_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey, match=r"no run\.json"):
        explain(str(tmp_path), "a.jpg")
