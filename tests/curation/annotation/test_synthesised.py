"""Annotating an image whose text is known: it is the evidence, it stays, and a caption must hold it."""

from __future__ import annotations

import asyncio
import json

import numpy as np
import pytest

from annotate.prompt import stored_schema
from curation.annotation.prepare import annotated, known_text, prepare, raw_caption
from curation.annotation.synthesised import of
from curation.shards.schema import Row
from curation.synthesis.annotation import annotation
from synth.encode import encode
from synth.sample import Wish
from tests.curation.annotation.made import annotation as reply
from tests.curation.synthesis.made import HEIGHT, WIDTH, line, sample

LINES = [line("NORTH GATE", 20), line("closed at six", 200)]


def row(tier: str = "compositional") -> Row:
    made = sample(LINES)
    text = json.dumps(annotation(made, Wish(1, 2), tier, 'A board reads "NORTH GATE".', "ab" * 32))
    return Row("a", "s", encode(made.pixels)[0], "a.png", 'A board reads "NORTH GATE".', text)


def test_known_lines_are_the_readings() -> None:
    prepared = prepare(row(), False, False, True)
    assert prepared.evidence is not None
    first, second = prepared.evidence.readings
    assert (first.text, first.score, first.language) == ("NORTH GATE", 1.0, "en")
    assert first.height == pytest.approx(20 / HEIGHT)
    assert first.x == pytest.approx((20 + 80 / 2) / WIDTH)
    assert (first.y, second.y) == pytest.approx((30 / HEIGHT, 210 / HEIGHT))
    assert prepared.evidence.watermark is not None


def test_known_lines_need_no_ocr() -> None:
    prepared = prepare(row(), False, False, False)
    assert prepared.evidence is not None
    assert [reading.text for reading in prepared.evidence.readings] == ["NORTH GATE", "closed at six"]
    assert prepare(Row("a", "s", row().data), False, False, False).evidence is None


def test_captions_of_scenes_must_hold_the_text() -> None:
    assert known_text(row()) == ("NORTH GATE", "closed at six")
    assert known_text(row("pure")) == known_text(Row("a", "s")) == ()


def test_what_is_known_stays() -> None:
    before = row()
    once = annotated(before, json.dumps(reply()))
    back = Row("a", "s", before.data, "a.png", once.caption, once.annotation, _carried(once))
    again = annotated(back, json.dumps(reply(caption="Another caption.")))
    for done in (once, again):
        known = json.loads(done.annotation or "")
        assert known["synthesis"] == json.loads(before.annotation or "")["synthesis"]
        assert known["model"] == reply()["model"]
        assert done.extra["caption_raw"] == before.caption
    earlier = json.loads(json.loads(once.metadata or "")["annotation"])
    assert earlier["model"] == "synth"
    assert "synthesis" not in earlier
    assert raw_caption(back) == before.caption


def _carried(done: Row) -> str:
    """The metadata of an annotated row as it is read back from a shard."""
    return json.dumps({"metadata": done.metadata, **done.extra})


@pytest.mark.parametrize(
    "text", [None, "", "{}", "[]", '"synthesis"', '{"synthesis": 1}', '{"synthesis": {"tier": "pure"}}', '{"synthesis"']
)
def test_any_other_annotation_knows_nothing(text: str | None) -> None:
    assert of(text) is None


def test_the_known_text_is_asked_for_and_checked() -> None:
    from annotate.annotator import annotate, seed_of
    from annotate.engine import Engine, Reply, Request
    from annotate.prompt import load

    asked: list[str] = []

    class Short:
        """Answers with a caption that holds the first line only."""

        model, wants_picture = "short", False

        async def start(self) -> None: ...

        async def close(self) -> None: ...

        async def ask(self, request: Request) -> Reply:
            asked.append(request.prompt.after_image(request.raw_caption, bool(request.known_text)))
            fields = stored_schema()["properties"]
            known = {name: value for name, value in reply().items() if not fields[name].get("readOnly")}
            caption = 'A wooden board that reads "NORTH GATE" stands by a wall.'
            return Reply(json.dumps(known | {"caption": caption, "fused_caption": caption}), "stop", 1, 1)

    async def keep(replies: object) -> None: ...

    prepared = prepare(row(), False, False, False)
    engine: Engine = Short()
    question = Request("a", load("en"), None, prepared.evidence, raw_caption(row()), seed_of("0" * 64), 0)
    lacking = Request(**(question.__dict__ | {"known_text": known_text(row())}))
    assert asyncio.run(annotate(engine, question, [], keep)).annotation is not None
    failed = asyncio.run(annotate(engine, lacking, [], keep))
    assert failed.error is not None
    assert failed.error[0] == "text_missing"
    assert "closed at six" in failed.error[1]
    assert failed.signals["text_missing"] == 2
    assert np.isclose(failed.signals["text_covered"], len("NORTHGATE") / len("NORTHGATEclosedatsix"), atol=0.01)
    assert all("NORTH GATE" in text for text in asked)
