"""Faces laid into a landscape: large ones are kept, small and pixelated ones dropped, and no others are seen."""

from __future__ import annotations

import io
import math
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters import faces
from filters.face import Faces, find, inside
from filters.faces import Face
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
SEEN = {"ski_astronaut", "ski_camera", "wp25_agenda_img_4", "wp21_self_portrait_1885", "wp21_young_woman_in_mauve"}
"""All demo images in which a face is found, and there is one in each."""

ASTRONAUT = 0.206
"""Height of her face, as a share of the photograph's."""

FILTER = Faces()


def encoded(pixels: np.ndarray) -> Image:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "PNG")
    return Image(buffer.getvalue())


def demo(name: str) -> np.ndarray:
    return Image((DEMO / name).read_bytes()).pixels()


def landscape(side: int, x: int = 0, y: int = 0) -> np.ndarray:
    """A beach, 1024 × 1024, with the astronaut's photograph `side` px large at x, y."""
    canvas = cv2.resize(demo("nature/es_beach0.jpg"), (1024, 1024))
    photograph = cv2.resize(demo("people/ski_astronaut.jpg"), (side, side), interpolation=cv2.INTER_AREA)
    canvas[y : y + side, x : x + side] = photograph
    return canvas


def pixelated(pixels: np.ndarray, face: Face, squares: int) -> np.ndarray:
    """`pixels` with so many squares across the face."""
    height, width = pixels.shape[:2]
    left, top = int(face.left * width), int(face.top * height)
    side = round(face.width * width / squares)
    size = squares * side
    small = cv2.resize(pixels[top : top + size, left : left + size], (squares, squares), interpolation=cv2.INTER_AREA)
    hidden = pixels.copy()
    hidden[top : top + size, left : left + size] = small.repeat(side, 0).repeat(side, 1)
    return hidden


def test_the_demo_is_kept_and_only_faces_are_seen() -> None:
    chosen = [path for at, path in enumerate(FILES) if at % 4 == 0 or path.stem in SEEN]
    signals = {path.stem: FILTER.measure(Image(path.read_bytes())) for path in chosen}
    assert {stem for stem, measured in signals.items() if measured["count"]} == SEEN
    assert not any(FILTER.verdict(measured) for measured in signals.values())


def test_signals_of_one_face() -> None:
    signals = FILTER.measure(encoded(demo("people/ski_astronaut.jpg")))
    assert signals["count"] == 1
    assert signals["largest"] == pytest.approx(ASTRONAUT**2, rel=0.05)
    assert signals["min_height"] == pytest.approx(ASTRONAUT, rel=0.05)
    assert signals["mosaic"] == 0


def test_the_height_is_a_share_of_the_shorter_side() -> None:
    photograph = demo("people/ski_astronaut.jpg")
    for wide in (np.pad(photograph, ((0, 0), (0, 300), (0, 0))), np.pad(photograph, ((0, 300), (0, 0), (0, 0)))):
        assert FILTER.measure(encoded(wide))["min_height"] == pytest.approx(ASTRONAUT, rel=0.1)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (776, 0), (0, 776), (776, 776)])
def test_a_small_face_is_dropped_in_each_part(x: int, y: int) -> None:
    image = encoded(landscape(248, x, y))
    signals = FILTER.measure(image)
    assert faces.find(image) == ()
    assert signals["count"] == 1
    assert signals["min_height"] == pytest.approx(ASTRONAUT * 248 / 1024, rel=0.2)
    assert (FILTER.verdict(signals) or "").startswith("min_height")
    (face,) = find(image)
    assert x < face.left * 1024 < x + 248
    assert y < face.top * 1024 < y + 248


def test_a_large_face_is_counted_once_and_kept() -> None:
    for side, x, y in ((512, 256, 256), (900, 60, 60)):
        signals = FILTER.measure(encoded(landscape(side, x, y)))
        assert signals["count"] == 1
        assert FILTER.verdict(signals) is None


def test_the_smallest_face_decides_and_the_largest_makes_the_portrait() -> None:
    canvas = landscape(248, 770, 40)
    canvas[400:1000, 40:640] = cv2.resize(demo("people/ski_astronaut.jpg"), (600, 600))
    signals = FILTER.measure(encoded(canvas))
    assert signals["count"] == 2
    assert signals["largest"] == pytest.approx((ASTRONAUT * 600 / 1024) ** 2, rel=0.25)
    assert (FILTER.verdict(signals) or "").startswith("min_height")


def test_a_pixelated_face_is_dropped() -> None:
    found = {stem: path for path in FILES if (stem := path.stem) in SEEN - {"ski_camera", "wp21_self_portrait_1885"}}
    for path in found.values():
        pixels = demo(str(path))
        (face,) = find(encoded(pixels))
        signals = FILTER.measure(encoded(pixelated(pixels, face, 20)))
        assert (FILTER.verdict(signals) or "").startswith("mosaic"), path
        assert Faces(max_mosaic=1).verdict(signals) is None


def test_portraits_are_chosen_by_the_recipe() -> None:
    portrait, none = (
        FILTER.measure(encoded(demo(name))) for name in ("people/ski_astronaut.jpg", "people/wp25_nurse.webp")
    )
    assert none["largest"] == 0
    assert math.isnan(none["min_height"])
    assert math.isnan(none["mosaic"])
    assert Faces(min_largest=0.02).verdict(portrait) is None
    assert (Faces(min_largest=0.02).verdict(none) or "").startswith("largest 0 is below min_largest 0.02")
    assert Faces(max_largest=0.02).verdict(portrait) is not None
    assert Faces(max_largest=0.02).verdict(none) is None


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 99))
def test_any_shape_is_measured(height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    signals = FILTER.measure(encoded(noise))
    assert signals.keys() == {signal.name for signal in Faces.signals}
    assert 0 <= signals["largest"] <= 1


share = st.floats(0, 1)


@given(st.integers(1, 300), st.integers(1, 300), share, share, share, share)
def test_a_box_is_never_empty(height: int, width: int, left: float, top: float, right: float, lower: float) -> None:
    pixels = np.zeros((height, width), np.uint8)
    part = inside(pixels, Face(left, top, right * (1 - left), lower * (1 - top), 1.0))
    assert part.size >= 1
    assert part.shape[0] <= height
    assert part.shape[1] <= width


@pytest.mark.parametrize("field", ["min_height", "max_mosaic", "min_largest", "max_largest"])
def test_refuses_a_threshold_out_of_range(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field} lies between 0 and 1"):
        Faces(**{field: 12})
    with pytest.raises(ValueError, match="leave nothing over"):
        Faces(min_largest=0.5, max_largest=0.1)
