import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema_rs import Draft202012Validator as Compiled

from annotate.checks import MAX_TOKENS, MIN_TOKENS, check
from annotate.engine import Reply
from annotate.evidence import Evidence, Reading
from annotate.prompt import reply_schema, stored_schema
from annotate.signals import PROBLEMS, SIGNALS
from tests.annotate.replies import CAFE, instances, reply, request

READINGS = tuple(Reading(text, 0.98, "en", 0.05, 0.5, 0.2) for text in ("LA PIAZZA", "FRESH", "COFFEE DAILY"))
EVIDENCE = Evidence(640, 480, READINGS, 0.05, 0.1, 0.8)
NAMES = {signal.name for signal in SIGNALS}


def codes(value: Any, raw_caption: str | None = None, finish: str = "stop") -> list[str]:
    checked = check(reply(value, finish), request(EVIDENCE, raw_caption))
    assert (checked.annotation is None) == any(problem.code != "contradicted" for problem in checked.problems)
    assert {problem.code for problem in checked.problems} <= set(PROBLEMS)
    assert all("\n" not in problem.message and problem.message for problem in checked.problems)
    assert set(checked.signals) <= NAMES
    return [problem.code for problem in checked.problems]


def test_a_good_reply_is_used_as_it_is():
    checked = check(reply(CAFE), request(EVIDENCE))
    assert checked.annotation == CAFE
    assert list(checked.annotation) == list(CAFE)
    assert checked.problems == ()
    assert checked.signals == {
        "caption_tokens": 91.0,
        "repetition": 0.0,
        "text_strings": 2.0,
        "text_confirmed": 1.0,
        "text_covered": 1.0,
        "watermark_flagged": 0.0,
        "watermark_score": 0.1,
        "watermark_agrees": 1.0,
    }


def test_a_fence_is_no_problem():
    fenced = f"```json\n{json.dumps(CAFE)}\n```"
    assert check(reply(fenced), request(EVIDENCE)).annotation == CAFE


def test_without_evidence_there_is_nothing_to_agree_with():
    checked = check(reply(CAFE), request(None))
    assert checked.annotation == CAFE
    assert set(checked.signals) == {"caption_tokens", "repetition", "text_strings", "watermark_flagged"}


def test_without_a_watermark_score_there_is_none_to_agree_with():
    checked = check(reply(CAFE), request(Evidence(640, 480, READINGS)))
    assert not {"watermark_score", "watermark_agrees"} & set(checked.signals)
    assert checked.signals["text_confirmed"] == 1.0


@pytest.mark.parametrize(("listed", "score", "agrees"), [([], 0.9, 0), ([], 0.1, 1), (["x"], 0.8, 1), (["x"], 0.79, 0)])
def test_watermarks_are_held_against_the_filter(listed, score, agrees):
    evidence = Evidence(640, 480, READINGS, watermark=score, watermark_limit=0.8)
    signals = check(reply(CAFE | {"watermarks": listed}), request(evidence)).signals
    assert signals["watermark_flagged"] == bool(listed)
    assert signals["watermark_agrees"] == agrees


@pytest.mark.parametrize(
    ("finish", "code"),
    [("length", "truncated"), ("abort", "truncated"), ("repetition", "loop"), ("content_filter", "refusal")],
)
def test_how_a_reply_ended_comes_first(finish, code):
    assert codes(CAFE, finish=finish) == [code]
    assert codes("", finish=finish) == [code]


@pytest.mark.parametrize("finish", ["stop", "", "eos", "tool_calls"])
def test_other_endings_are_judged_by_the_text(finish):
    assert codes(CAFE, finish=finish) == []


LONG = "Numbers: " + " ".join(map(str, range(1000, 1300)))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("A cat on a mat.", "not_json"),
        ("", "not_json"),
        (json.dumps(CAFE) + " I hope this helps!", "not_json"),
        (json.dumps(CAFE)[:-1] + ', "domain": "Nature/food"}', "not_json"),
        ('{"caption": NaN}', "not_json"),
        (json.dumps(CAFE | {"environment": "\ud800"}), "not_json"),
        ("Sorry, I cannot provide a caption for this image.", "refusal"),
        ("很抱歉，我无法描述这张图片。", "refusal"),
        ("\"I'm sorry, but I can't assist with that.\"", "refusal"),
        (CAFE | {"caption": "I'm sorry, but I can't describe this image."}, "refusal"),
        ("null", "wrong_schema"),
        ("[]", "wrong_schema"),
        ("{}", "wrong_schema"),
        (CAFE | {"mood": "calm"}, "wrong_schema"),
        (CAFE | {"model": "gpt"}, "wrong_schema"),
        (CAFE | {"fused_caption": CAFE["caption"]}, "wrong_schema"),
        (CAFE | {"caption": ""}, "wrong_schema"),
        (CAFE | {"caption": "x" * 1601}, "wrong_schema"),
        (CAFE | {"domain": "Nature/fungi"}, "wrong_schema"),
        (CAFE | {"watermarks": ["x"] * 5}, "wrong_schema"),
        (CAFE | {"text": [{"content": "LA PIAZZA", "language": "it", "x": 1}]}, "wrong_schema"),
        ({name: value for name, value in CAFE.items() if name != "text"}, "wrong_schema"),
        (CAFE | {"caption": "Photography exhibition"}, "too_short"),
        (CAFE | {"caption": LONG}, "too_long"),
        (CAFE | {"caption": "A red chair, " * 40}, "loop"),
        (
            CAFE
            | {
                "text": [{"content": "QUARTERLY REPORT", "language": "en"}],
                "caption": "A plain slide with one heading.",
            },
            "contradicted",
        ),
    ],
)
def test_each_problem_has_its_code(value, code):
    assert codes(value) == [code]


def test_known_text_must_stand_in_the_caption():
    asked = replace(request(EVIDENCE), known_text=("La Piazza", "fresh coffee,", "DAILY", "…"))
    assert check(reply(CAFE), asked).problems == ()
    lacking = check(reply(CAFE), replace(asked, known_text=("La Piazza", "LA PIAZZE")))
    assert lacking.annotation is None
    assert [problem.code for problem in lacking.problems] == ["text_missing"]
    assert "1 of the 2 lines" in lacking.problems[0].message
    assert "LA PIAZZE" in lacking.problems[0].message


def test_fused_captions_are_judged_as_captions_are():
    fused = CAFE | {"fused_caption": CAFE["caption"].replace("café", "Caffè Piazza in Trieste")}
    assert codes(fused, "Caffè Piazza, Trieste") == []
    assert codes(CAFE, "Caffè Piazza, Trieste") == ["wrong_schema"]
    assert codes(fused | {"fused_caption": "Sorry, I cannot do that."}, "Trieste") == ["refusal"]
    assert codes(fused | {"fused_caption": "Photography exhibition"}, "Trieste") == ["too_short"]
    assert codes(CAFE, " \x00 ") == []


def test_sentences_give_figures():
    def sentence(value: Any, finish: str = "stop") -> str:
        return check(reply(value, finish), request(EVIDENCE)).problems[0].message

    assert sentence(CAFE, "length") == "cut off after 300 tokens"
    short = sentence(CAFE | {"caption": "Photography exhibition"})
    assert short == f"caption has 3 tokens, at least {MIN_TOKENS} are needed"
    assert sentence(CAFE | {"watermarks": ["x", 5]}) == 'watermarks/1: 5 is not of type "string"'
    assert sentence({}).startswith('the reply: "caption" is a required property')
    assert sentence('{"a": 1') == "no JSON: Expecting ',' delimiter at character 7 of 7"
    assert len(sentence(CAFE | {"caption": "x" * 5000})) < 250
    assert str(MAX_TOKENS) in sentence(CAFE | {"caption": LONG})


@given(
    st.text() | st.text(st.sampled_from('{}[]":,\\ud8`\n 1eNa'), max_size=40), st.sampled_from(["stop", "length", "x"])
)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_raise(text, finish):
    checked = check(Reply(text, finish, 1, 1), request(EVIDENCE))
    assert checked.annotation is None
    assert len(checked.problems) == 1


@pytest.mark.parametrize("ascii_only", [True, False])
def test_no_beginning_of_a_reply_passes(ascii_only):
    text = json.dumps(CAFE | {"environment": "a street 街 😀"}, ensure_ascii=ascii_only)
    assert check(reply(text), request()).annotation
    for end in range(len(text)):
        checked = check(reply(text[:end]), request())
        assert [problem.code for problem in checked.problems] == ["not_json"], text[:end]
        fenced = check(reply(f"```json\n{text[:end]}\n```"), request())
        assert [problem.code for problem in fenced.problems] == ["not_json"], text[:end]


@pytest.mark.parametrize("raw_caption", [None, "raw"])
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_schema_allows_is_no_wrong_schema(raw_caption, data):
    value = data.draw(instances(reply_schema(raw_caption is not None)))
    checked = check(reply(value), request(EVIDENCE, raw_caption))
    assert not {"wrong_schema", "not_json", "truncated"} & {problem.code for problem in checked.problems}
    assert {"caption_tokens", "repetition", "text_strings", "watermark_flagged"} <= set(checked.signals)
    assert checked.annotation in (None, value)


JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.just([])
    | st.just({})
)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_compiled_validator_judges_as_the_reference_does(data):
    """jsonschema-rs is used for its speed, 0.004 ms a reply against 1.2 ms; jsonschema says what is right."""
    value = data.draw(instances(stored_schema()))
    spoilt = copy.deepcopy(value)
    place = spoilt
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.integers(0, len(place) - 1))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    for instance in (value, spoilt):
        assert Compiled(stored_schema()).is_valid(instance) == Draft202012Validator(stored_schema()).is_valid(instance)
    assert Compiled(stored_schema()).is_valid(value)
