"""The watermark detector on real images with and without marks, and the parts its training is made of."""

import io
import math
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.watermark.artist import blend, place, rotate, visible_colour, window
from bench.watermark.samples import part_of
from filters import text_detector
from filters.image import Image
from filters.text_density import TextDensity
from filters.watermark import MODEL, Watermark

DEMO = Path(__file__).parents[2] / "demo/images"
HELD_OUT = sorted(p for p in DEMO.rglob("*") if p.suffix in (".jpg", ".png", ".webp") and part_of(p.name) == "test")


def encoded(picture: PIL.Image.Image) -> Image:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "PNG")
    return Image(buffer.getvalue())


def score(picture: PIL.Image.Image) -> float:
    return Watermark().measure(encoded(picture))["score"]


def tiled(picture: PIL.Image.Image, opacity: float = 0.45) -> PIL.Image.Image:
    """The picture under rows of slanted white words with a dark rim, as stock sites lay them."""
    picture = picture.convert("RGB")
    picture.thumbnail((640, 640))
    layer = PIL.Image.new("RGBA", (1000, 1000))
    draw, font, alpha = PIL.ImageDraw.Draw(layer), PIL.ImageFont.load_default(30), round(255 * opacity)
    for row in range(12):
        for column in range(5):
            at = (column * 210 - row % 2 * 100, row * 90)
            draw.text(at, "© Lumora", (255, 255, 255, alpha), font, stroke_width=1, stroke_fill=(60, 60, 60, alpha))
    width, height = picture.size
    layer = layer.rotate(30, PIL.Image.BICUBIC).crop((180, 180, 180 + width, 180 + height))
    picture.paste(layer, (0, 0), layer)
    return picture


def photographs() -> list[PIL.Image.Image]:
    chosen = [path for path in HELD_OUT if path.parent.name not in ("document", "slides", "ui")]
    assert len(chosen) >= 8
    return [PIL.Image.open(path) for path in chosen]


def test_tiled_marks_on_unseen_pictures_raise_the_score():
    clean = np.array([score(picture) for picture in photographs()])
    marked = np.array([score(tiled(picture)) for picture in photographs()])
    assert (marked > clean).mean() >= 0.95
    assert (marked[:, None] > clean).mean() >= 0.95  # ROC AUC
    assert (marked > Watermark().max_score).mean() >= 0.9


def test_unseen_pictures_without_marks_are_kept():
    keep = Watermark()
    clean = [keep.verdict(keep.measure(Image(path.read_bytes()))) for path in HELD_OUT]
    assert len(clean) >= 10
    assert sum(reason is not None for reason in clean) <= 0.1 * len(clean)


def test_a_reason_names_number_and_threshold():
    picture = max(map(tiled, photographs()), key=score)
    watermark = Watermark(max_score=0.5)
    reason = watermark.verdict(watermark.measure(encoded(picture)))
    assert reason is not None
    assert "above max_score 0.5" in reason


def test_the_same_bytes_give_the_same_score():
    path = HELD_OUT[0]
    assert Watermark().measure(Image(path.read_bytes())) == Watermark().measure(Image(path.read_bytes()))


@pytest.mark.parametrize("size", [(1, 1), (30000, 1), (1, 30000), (63, 400), (30000, 100)])
def test_no_room_for_a_mark_is_not_judged(size):
    assert math.isnan(score(PIL.Image.new("RGB", size, "red")))


@pytest.mark.parametrize("size", [(64, 64), (64, 640), (5000, 700)])
def test_small_and_long_images_get_a_score(size):
    assert 0 <= score(PIL.Image.new("RGB", size, "red")) <= 1


def test_text_density_and_watermark_share_one_pass(monkeypatch):
    passes = []
    read = text_detector.read
    monkeypatch.setattr(text_detector, "read", lambda pixels: passes.append(1) or read(pixels))
    image = Image(HELD_OUT[0].read_bytes())
    Watermark().measure(image)
    TextDensity().measure(image)
    assert len(passes) == 1


@pytest.mark.parametrize("wrong", [-0.1, 1.5, math.nan])
def test_a_threshold_that_is_no_probability_is_refused(wrong):
    with pytest.raises(ValueError, match="max_score"):
        Watermark(max_score=wrong)


def test_the_shipped_weights_are_small():
    assert MODEL.stat().st_size <= 5_000_000
    assert Watermark().model_files() == [MODEL, text_detector.model_file()]


@given(st.integers(-30, 60), st.integers(-30, 60), st.integers(1, 20), st.integers(1, 20))
def test_placing_cuts_off_what_lies_outside(x, y, width, height):
    canvas = np.zeros((40, 50), np.float32)
    place(canvas, np.ones((height, width), np.float32), x, y)
    across = max(0, min(x + width, 50) - max(x, 0))
    down = max(0, min(y + height, 40) - max(y, 0))
    assert canvas.sum() == across * down


@given(st.floats(-180, 180), st.integers(4, 60), st.integers(4, 60))
def test_turning_keeps_the_ink(degrees, width, height):
    mask = np.zeros((height + 4, width + 4), np.float32)
    mask[2:-2, 2:-2] = 1
    assert rotate(mask, degrees).sum() == pytest.approx(mask.sum(), rel=0.03)


@given(st.floats(0, 1), st.integers(0, 255), st.integers(0, 255))
def test_blending_is_linear_and_stays_inside_the_mask(opacity, below, above):
    pixels = np.full((2, 2, 3), below, np.uint8)
    mask = np.array([[1, 0], [0, 0]], np.float32)
    mixed = blend(pixels, mask, np.full(3, above, np.float32), opacity)
    assert mixed[0, 0, 0] == pytest.approx(below + opacity * (above - below), abs=0.51)
    assert (mixed[1] == below).all()


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 50), st.integers(0, 5))
def test_a_window_of_a_mask_holds_ink_where_there_is_any(seed, height, width, marks):
    rng = np.random.default_rng(seed)
    mask = np.zeros((40, 50), np.float32)
    mask[rng.integers(40, size=marks), rng.integers(50, size=marks)] = 1
    part = window(rng, mask, height, width)
    assert part.shape == (height, width)
    assert part.any() == mask.any()


@given(st.integers(0, 2**32), st.integers(0, 255))
def test_the_colour_of_a_mark_shows_on_what_it_lies_on(seed, grey):
    under = np.full((5, 3), grey, np.uint8)
    assert abs(visible_colour(np.random.default_rng(seed), under) - under).mean() >= 64


@given(st.text("abcdefgh", min_size=1, max_size=12), st.integers(0, 99), st.integers(0, 99))
def test_variants_of_a_picture_stay_in_one_part(name, one, other):
    assert part_of(f"es_{name}{one}.jpg") == part_of(f"{name}{other}.png")
