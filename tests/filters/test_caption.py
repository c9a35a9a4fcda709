"""Real captions pass; what is too short, too long, or goes round in circles does not."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.caption import Caption, repetition, tokens
from filters.image import Image

CAPTIONS = [
    json.loads(line)["text"]
    for line in (Path(__file__).parents[2] / "demo/images/metadata.jsonl").read_text("utf-8").splitlines()
]
LIGHTHOUSE = "A white lighthouse stands on a rocky cliff above a calm sea. "
GATE = "红色的大门前站着两位老人，手里拿着灯笼。"
FILTER = Caption()


def captioned(caption: str | None) -> Image:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return Image(buffer.getvalue(), caption=caption)


def reason(caption: str | None, stage: Caption = FILTER) -> str | None:
    return stage.verdict(stage.measure(captioned(caption)))


def test_real_captions_are_kept() -> None:
    dropped = [caption for caption in CAPTIONS if reason(caption)]
    assert len(CAPTIONS) > 80
    assert all(" " not in caption for caption in dropped)
    assert len(dropped) < len(CAPTIONS) / 8


def test_an_image_without_caption_passes() -> None:
    signals = FILTER.measure(captioned(None))
    assert set(signals) == {signal.name for signal in Caption.signals}
    assert all(map(math.isnan, signals.values()))
    assert FILTER.verdict(signals) is None


@pytest.mark.parametrize(
    ("caption", "start"),
    [
        ("", "placeholder 1 is above max_placeholder 0"),
        ("IMG_2043.JPG", "placeholder"),
        ("Sorry, I cannot provide a caption for this image.", "refusal 1 is above max_refusal 0"),
        ("抱歉，我无法提供该图片的描述。", "refusal"),
        ("sea", "tokens 1 is below min_tokens 2"),
        ("a cliff by the sea " * 300, "tokens 1501 is above max_tokens 1024"),
        (LIGHTHOUSE * 3, "repetition"),
        (GATE * 3, "repetition"),
    ],
)
def test_useless_captions_are_dropped(caption: str, start: str) -> None:
    assert (reason(caption) or "").startswith(start)


def test_length_is_in_tokens_and_special_ones_are_text() -> None:
    assert tokens("harbour at dusk") == 4
    assert tokens("<|endoftext|>") > 1
    assert "below min_tokens 5" in (reason("harbour at dusk", Caption(min_tokens=5)) or "")


@pytest.mark.parametrize("phrase", [LIGHTHOUSE, GATE * 2])
def test_repetition_is_the_share_that_occurred_before(phrase: str) -> None:
    assert repetition(phrase * 10) == pytest.approx(0.9, abs=0.1)
    assert repetition(phrase) in (0, pytest.approx(0.5, abs=0.2))
    assert repetition(LIGHTHOUSE + "Two gulls circle over it, and a small boat with a red sail passes below.") == 0


def test_short_texts_are_no_loops() -> None:
    assert repetition("ha ha ha ha ha ha ha") == 0


@given(st.text(max_size=300))
def test_any_text_can_be_measured(text: str) -> None:
    signals = FILTER.measure(captioned(text))
    assert 0 <= signals["repetition"] <= 1
    assert signals["tokens"] >= bool(text)
    assert {signals["refusal"], signals["placeholder"]} <= {0, 1}


def test_refuses_thresholds_out_of_range() -> None:
    wrong: list[dict[str, float]] = [{"min_tokens": -1}, {"min_tokens": 5, "max_tokens": 4}]
    for thresholds in (*wrong, {"max_refusal": 2}, {"max_placeholder": -1}, {"max_repetition": 2}):
        with pytest.raises(ValueError, match=next(iter(thresholds))):
            Caption(**thresholds)  # type: ignore[arg-type]
