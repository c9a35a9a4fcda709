"""Annotations are the schema of `annotate`, filled exactly."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.prompt import stored_schema
from curation.synthesis.annotation import InvalidAnnotation, annotation, clip, cut, packed, spoken, strings
from synth.sample import Wish
from tests.curation.synthesis.made import line, sample

WISH = Wish(7, 12, language="mixed", grade="line")
HASH = "ab" * 32
TEXTS = st.text(st.sampled_from("ab ,.。，字典 "), min_size=1, max_size=700)


def test_every_field_is_filled_and_valid() -> None:
    lines = [line("Grüße", 20, "title"), line("龘字典砼", 60, language="mixed", vertical=True, font="Noto Serif SC")]
    objects = (("desk", ("wooden", "brown")), ("n" * 60, ("a",) * 9))
    relations = (("paper", "on", "desk"),)
    made = annotation(sample(lines, objects=objects, relations=relations), WISH, "pure", "A caption of the page.", HASH)
    jsonschema.validate(made, stored_schema())
    assert (made["model"], made["prompt"], made["seed"], made["language"]) == ("synth", HASH, 7, "en")
    assert made["text"] == [{"content": "Grüße", "language": "en"}, {"content": "龘字典砼", "language": "zh"}]
    assert made["objects"][0] == {"name": "desk", "attributes": ["wooden", "brown"]}
    known = made["synthesis"]
    assert (known["tier"], known["grade"], known["seed"], known["index"]) == ("pure", "line", 7, 12)
    assert known["fonts"] == ["Inter Regular", "Noto Serif SC"]
    first, second = known["lines"]
    assert first["quad"] == [20, 20, 60, 20, 60, 40, 20, 40]
    assert (first["role"], first["direction"], first["levels"]) == ("title", "horizontal", "00000")
    assert (second["language"], second["direction"], second["levels"]) == ("zh", "vertical", "0112")
    assert second["characters"] == list("龘字典砼")
    assert len(second["quads"]) == 4
    assert json.loads(json.dumps(made)) == made


def test_what_the_schema_has_no_word_for_is_refused() -> None:
    with pytest.raises(InvalidAnnotation, match=r"page: image_type: .*collage"):
        annotation(sample([line("x")], image_type="collage"), WISH, "pure", "A caption of the page.", HASH)


@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=60))
def test_strings_hold_all_text_within_the_bounds(texts: list[str]) -> None:
    found = strings(texts)
    assert re.sub(r"\s", "", "".join(each["content"] for each in found)) == re.sub(r"\s", "", "".join(texts))
    assert all(1 <= len(each["content"]) <= 200 for each in found)
    if sum(map(len, texts)) <= 1600:
        assert len(found) <= 24


@given(TEXTS, st.integers(10, 200))
def test_cuts_fall_where_a_reader_would_stop(text: str, length: int) -> None:
    parts = cut(text, length)
    assert all(len(part) <= length for part in parts)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_long_paragraphs_are_cut_at_sentences() -> None:
    assert cut("One sentence here. Another there.", 24) == ["One sentence here.", "Another there."]
    assert packed(["a", "b", "c" * 9], 10) == ["a\nb", "c" * 9]


def test_the_language_of_a_line_is_one_that_the_schema_knows() -> None:
    assert [spoken("x", "ar"), spoken("Café 3", "mixed"), spoken("QR 码", "mixed"), spoken("字", "klingon")] == [
        "ar",
        "en",
        "zh",
        "zh",
    ]


def test_clipped_text_ends_at_a_word() -> None:
    assert clip("a plain cream ground", 13) == "a plain cream"
    assert clip("a plain cream ground", 12) == "a plain"
    assert clip("x" * 9, 5) == "xxxxx"
