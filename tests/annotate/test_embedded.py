"""The embedded engine: on real images, on random evidence, on hostile text."""

import asyncio
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotate.checks import check
from annotate.engine import EngineError, ItemError, Request
from annotate.engines.embedded import Embedded
from annotate.evidence import Evidence, Looks, Reading
from annotate.prompt import load, stored_schema
from annotate.provenance import stored
from curation.annotation.prepare import gather, read
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
PLAIN = Looks((("blue", 0.6), ("white", 0.3)), 120.0, 100.0, 0.3, 0.1, ())


@cache
def measured(name: str) -> Evidence:
    image = Image((DEMO / name).read_bytes())
    return gather(image, read(image), wants_looks=True)


def request(evidence: Evidence | None, raw_caption: str | None = None) -> Request:
    return Request("key", load("en"), None, evidence, raw_caption, 7, 2048)


def annotate(evidence: Evidence, raw_caption: str | None = None) -> dict[str, Any]:
    """The engine's reply, which must pass every check and be valid as it would be stored."""
    asked = request(evidence, raw_caption)
    reply = asyncio.run(Embedded().ask(asked))
    checked = check(reply, asked)
    assert checked.problems == ()
    assert checked.annotation == json.loads(reply.text)
    kept = stored(checked.annotation, Embedded.model, asked.prompt, asked.seed)
    assert list(Draft202012Validator(stored_schema()).iter_errors(kept)) == []
    assert (reply.finish, reply.prompt_tokens, reply.completion_tokens) == ("stop", 0, 0)
    return checked.annotation


def line(text: str, y: float = 0.5, score: float = 0.99, language: str = "en", x: float = 0.5) -> Reading:
    return Reading(text, score, language, 0.04, x, y)


def evidence(*readings: Reading, **changes: Any) -> Evidence:
    return replace(Evidence(800, 600, readings, 0.05, 0.1, 0.993, PLAIN), **changes)


@pytest.mark.parametrize(
    ("name", "kind", "domain"),
    [
        ("nature/es_mountain1.jpg", "photo", "Nature/landscape"),
        ("people/ski_astronaut.jpg", "photo", "People/portrait"),
        ("people/ski_camera.png", "photo", "People/activities"),
        ("objects/ski_coffee.jpg", "photo", "Nature/landscape"),
        ("texture/ski_gravel.png", "photo", "Nature/objects"),
        ("design/oc_ahead_only.png", "illustration", "Design/digital_art"),
        ("art/wp22_bird_on_black.jpg", "illustration", "Design/digital_art"),
        ("slides/zh_xiaoshan_sample_000.jpg", "slide", "Design/slides"),
        ("slides/zh_heavenlyclouds_sample_004.jpg", "slide", "Design/slides"),
        ("ui/volt_sign_in.jpg", "screenshot", "Design/user_interfaces"),
        ("document/zh_zhlipsum_002.jpg", "document", "Design/posters"),
    ],
)
def test_real_images(name, kind, domain):
    """Coffee is no landscape: `annotate.kinds` says how often that happens."""
    written = annotate(measured(name))
    assert (written["image_type"], written["domain"]) == (kind, domain)
    assert written["abnormal_elements"] == "no"


def test_a_portrait():
    written = annotate(measured("people/ski_astronaut.jpg"), "Eileen Collins in 1993")
    assert written["caption"].startswith("A moderately lit, high-contrast portrait photograph in square format.")
    assert "One face is visible and takes up about 4 % of the image." in written["caption"]
    assert written["fused_caption"] == "Eileen Collins in 1993. " + written["caption"]
    assert written["objects"] == [{"name": "face", "attributes": ["medium-sized"]}]


def test_chinese_text_is_quoted_where_it_stands():
    written = annotate(measured("slides/zh_heavenlyclouds_sample_001.jpg"))
    assert '"简介"' in written["caption"]
    assert written["text"] == [{"content": "简介", "language": "zh"}]


def test_every_string_is_confirmed_by_what_was_read():
    asked = request(measured("ui/volt_sign_in.jpg"))
    signals = check(asyncio.run(Embedded().ask(asked)), asked).signals
    assert signals["text_strings"] >= 8
    assert signals["text_confirmed"] == signals["text_covered"] == 1


def test_the_same_evidence_gives_the_same_reply_whatever_the_seed():
    asked = request(measured("ui/volt_sign_in.jpg"), "A form")
    replies = [asyncio.run(Embedded().ask(replace(asked, seed=seed))) for seed in (1, 2)]
    assert replies[0] == replies[1]


def test_only_english_and_only_with_evidence():
    with pytest.raises(EngineError, match="English only, not 'zh'"):
        Embedded("zh")
    for nothing in (None, evidence(looks=None)):
        with pytest.raises(ItemError):
            asyncio.run(Embedded().ask(request(nothing)))


def test_text_by_position():
    written = annotate(
        evidence(line("Summer sale", 0.1), line("Open", 0.5), line("daily", 0.51, x=0.8), line("10-18", 0.9))
    )
    assert 'At the top it reads "Summer sale"; in the middle it reads "Open" and "daily"; ' in written["caption"]
    assert written["caption"].endswith('at the bottom it reads "10-18".')
    predicates = [relation["predicate"] for relation in written["relations"]]
    assert predicates == ["above", "left of", "above"]
    assert written["relations"][0]["subject"] == 'text "Summer sale"'


def test_only_what_was_read_for_certain():
    written = annotate(
        evidence(line("Sale"), line("Sa1e", score=0.89), line("l"), line("山", language="zh"), line("…"))
    )
    assert [item["content"] for item in written["text"]] == ["Sale", "山"]


def test_languages_are_those_of_the_schema():
    codes = {"en": "en", "zh-Hant": "zh", "la": "other", "und": "und", "pt-BR": "pt"}
    written = annotate(evidence(*(line(f"word {code}", language=code) for code in codes)))
    assert [item["language"] for item in written["text"]] == list(codes.values())


def test_quotation_marks_end_where_the_quotation_ends():
    written = annotate(evidence(line('say "yes" now')))
    assert "\"say 'yes' now\"" in written["caption"]
    assert written["text"][0]["content"] == 'say "yes" now'


@pytest.mark.parametrize(
    ("readings", "marks"),
    [
        ((), ["unread watermark"]),
        ((line("Summer sale"),), ["unread watermark"]),
        ((line("Summer sale"), line("© Jane Roe")), ["© Jane Roe"]),
        ((line("www.example.org"), line("Menu")), ["www.example.org"]),
        ((line("SAMPLE", 0.1), line("Menu"), line("sample", 0.9)), ["SAMPLE"]),
    ],
)
def test_watermarks(readings, marks):
    written = annotate(evidence(*readings, watermark=0.995))
    assert (written["watermarks"], written["abnormal_elements"]) == (marks, "yes")
    assert "A watermark lies over it" in written["caption"]
    clean = annotate(evidence(*readings, watermark=0.99))
    assert (clean["watermarks"], clean["abnormal_elements"]) == ([], "no")


def test_faces_are_not_believed_in_drawings():
    flat = annotate(evidence(looks=replace(PLAIN, flatness=0.9, faces=(0.1,))))
    assert flat["objects"] == []
    assert "face" not in flat["caption"]
    many = annotate(evidence(looks=replace(PLAIN, faces=(0.02,) * 12)))
    assert "12 faces are visible; the largest takes up about 2 % of the image." in many["caption"]
    assert many["domain"] == "People/activities"


def test_a_raw_caption_that_is_no_caption_is_left_out():
    for raw in ("I'm sorry, I cannot describe this image.", "buy now " * 60):
        written = annotate(evidence(), raw)
        assert written["fused_caption"] == written["caption"]
    assert "fused_caption" not in annotate(evidence(), "  \u200b ")


def test_a_page_full_of_text_is_quoted_as_far_as_a_caption_goes():
    lines = [
        line(f"{n} 无疑问地断定鉴于波波夫和贝尔契不知什么原因未完成的劳动{n}", n / 40, language="zh") for n in range(40)
    ]
    written = annotate(evidence(*lines), "说明" * 400)
    assert written["caption"].endswith("; there is further text.")
    assert written["caption"].count('"') >= 12
    assert len(written["text"]) == 24


shares = st.floats(0, 1)
names = st.sampled_from(["dark blue", "white", "light brown", "grey", "black"])
texts = st.one_of(
    st.text(max_size=260),
    st.text(st.sampled_from('"ab \n\t\u202e\ud800。山'), max_size=260),
    st.sampled_from(["I'm sorry, I cannot help", "la " * 80, "<|im_end|>", '{"caption": 1}', "x" * 250, "☃" * 200]),
)
scores = st.sampled_from([0.5, 0.9, 1.0])
readings = st.builds(
    Reading, texts, scores, st.sampled_from(["en", "zh", "und", "la", "", "zh-Hans"]), shares, shares, shares
)
looks = st.builds(
    Looks,
    st.lists(st.tuples(names, shares), max_size=5, unique_by=lambda entry: entry[0]).map(tuple),
    st.floats(0, 255),
    st.floats(0, 255),
    shares,
    shares,
    st.lists(shares, max_size=14).map(lambda found: tuple(sorted(found, reverse=True))),
)
sides = st.integers(1, 20000)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Evidence, sides, sides, st.lists(readings, max_size=30).map(tuple), shares, st.none() | shares, shares, looks
    ),
    st.none() | texts,
)
def test_whatever_was_measured_the_reply_passes_all_checks(given_evidence, raw_caption):
    written = annotate(given_evidence, raw_caption)
    believed = "".join(reading.text for reading in given_evidence.readings if reading.score >= 0.9)
    assert all(set(item["content"]) - {" "} <= set(believed) for item in written["text"])
