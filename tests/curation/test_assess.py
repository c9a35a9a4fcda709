"""What a row knows of its image reaches the stages."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.assess import assess
from curation.shards.schema import Row
from filters.caption import Caption

PHOTO = (Path(__file__).parents[2] / "demo/images/nature/skl_flower.jpg").read_bytes()


@pytest.mark.parametrize(
    ("caption", "dropped_by"),
    [("a flower before dark leaves", None), ("Sorry, I cannot provide a caption.", "caption"), (None, None)],
)
def test_the_caption_of_the_row_is_judged(caption: str | None, dropped_by: str | None) -> None:
    row = Row("flower", "flowers", PHOTO, caption=caption)
    (candidate,) = assess([(row, None)], [Caption()])
    assert candidate.outcome.dropped_by == dropped_by
    assert "caption.tokens" in candidate.outcome.signals
