"""Size and shape come from the header, and are those of the upright picture."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.image import Image
from filters.resolution import Resolution

PHOTO = Path(__file__).parents[2] / "demo/images/places/skl_china.jpg"


def encoded(width: int, height: int, orientation: int = 1) -> Image:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    PIL.Image.fromarray(np.zeros((height, width), np.uint8)).save(buffer, "PNG", exif=exif)
    return Image(buffer.getvalue())


def reason(image: Image, **thresholds: float) -> str | None:
    stage = Resolution(**thresholds)  # type: ignore[arg-type]
    return stage.verdict(stage.measure(image))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from([1, 3, 6, 8]))
def test_signals_are_those_of_the_size(width: int, height: int, orientation: int) -> None:
    signals = Resolution().measure(encoded(width, height, orientation))
    assert signals["short_side"] == min(width, height)
    assert signals["megapixels"] == width * height / 1e6
    assert signals["aspect"] == max(width, height) / min(width, height)


@pytest.mark.parametrize(
    ("width", "height", "why"),
    [
        (256, 256, None),
        (255, 400, "short_side 255 is below min_short_side 256: it is too small"),
        (768, 256, None),
        (1280, 427, None),
        (426, 1280, None),
        (800, 260, "aspect 3.077 is above max_aspect 3.05: it is too long and narrow"),
    ],
)
def test_the_defaults_are_those_of_the_first_stage(width: int, height: int, why: str | None) -> None:
    assert reason(encoded(width, height)) == why
    assert reason(encoded(height, width)) == why


def test_long_images_are_judged_by_their_pixels_where_the_recipe_says_so() -> None:
    assert reason(encoded(443, 148), min_short_side=148) is None
    assert "megapixels 0.06512 is below min_megapixels 0.0655" in (reason(encoded(443, 147), min_short_side=147) or "")


def test_pixels_are_not_decoded() -> None:
    start = PHOTO.read_bytes()[:4096]
    assert Resolution().measure(Image(start))["short_side"] == 427


def test_refuses_thresholds_out_of_range() -> None:
    for wrong in ({"min_short_side": -1}, {"min_megapixels": -1}, {"max_aspect": 0.5}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Resolution(**wrong)  # type: ignore[arg-type]
