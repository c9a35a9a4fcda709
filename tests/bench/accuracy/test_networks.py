"""The filters with a network reach their targets on a reduced set of unseen sources."""

from __future__ import annotations

from filters.nsfw import NSFW
from filters.text_density import TextDensity
from filters.watermark import Watermark
from tests.bench.accuracy.bounds import missed, reduced


def test_watermark() -> None:
    assert missed("watermark", reduced(Watermark(), 2)) == []


def test_text_density() -> None:
    assert missed("text_density", reduced(TextDensity(), 10)) == []


def test_nsfw() -> None:
    assert missed("nsfw", reduced(NSFW(), 4)) == []
