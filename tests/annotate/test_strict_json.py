import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.strict_json import parse

STORABLE = st.characters(exclude_categories=["Cs"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(STORABLE),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(STORABLE), inner),
    max_leaves=20,
)


@given(
    VALUES,
    st.sampled_from(["{}", " \n{}\n ", "```json\n{}\n```", "```\n{}```\n", "\n```JSON \n{}\n```  "]),
    st.booleans(),
)
def test_json_is_read_fenced_or_not(value, frame, ascii_only):
    assert parse(frame.replace("{}", json.dumps(value, ensure_ascii=ascii_only))) == value


@given(st.text() | st.text(st.sampled_from('{}[]":,\\u0d8`\n 1eNa'), max_size=40))
@settings(max_examples=500)
def test_any_text_is_read_or_refused_in_one_line(text):
    value, refusal = None, ""
    try:
        value = parse(text)
    except ValueError as error:
        refusal = str(error)
    json.dumps(value, ensure_ascii=False).encode()
    assert "\n" not in refusal
    refusal.encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expecting value at character 0 of 0"),
        ('{"a": 1} and more', "Extra data at character 9"),
        ('```json\n{"a": 1}\n``` Done!', "Expecting value"),
        ('{"a": NaN}', "NaN is no JSON"),
        ("-Infinity", "-Infinity is no JSON"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "the key 'c' stands there twice"),
        ('{"a": "\\ud83d"}', "half of a surrogate pair"),
        ('{"\\udc00": 1}', "half of a surrogate pair"),
        ('"\ud800"', "half of a surrogate pair"),
        ("[" * 100_000, "nested too deeply"),
        ("1" * 5000, "limit"),
        ('{"a": "line\nbreak"}', "Invalid control character"),
        ("{'a': 1}", "Expecting property name"),
    ],
)
def test_what_json_does_not_have_is_refused(text, words):
    with pytest.raises(ValueError, match=r"^[^\n]+$") as refusal:
        parse(text)
    assert words in str(refusal.value)


def test_whole_surrogate_pairs_are_characters():
    assert parse('"\\ud83d\\ude00"') == "😀"
