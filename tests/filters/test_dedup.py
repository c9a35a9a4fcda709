"""Copies are found, look-alikes are not, and every reason names the kept image."""

import io
import math
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest

from filters.dedup import Dedup, Fingerprint, hashes, nearest, pixel_digest, quality
from filters.duplicates import SAME_BYTES, SAME_PIXELS
from filters.image import Image, Truncated
from filters.phash import distance
from filters.views import MIRRORED, PARTS, VIEWS, WHOLE, View

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(p for p in DEMO.rglob("*.*") if p.suffix in (".jpg", ".png", ".webp"))
PHOTO = DEMO / "nature/budgie_canyon_wren.jpg"
DEDUP = Dedup()


def encode(pixels: np.ndarray, format: str = "JPEG", **options: int | bool) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(pixels)).save(file, format, **options)
    return file.getvalue()


def scaled(pixels: np.ndarray, factor: float) -> np.ndarray:
    return cv2.resize(
        pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )


def cropped(pixels: np.ndarray, share: float) -> np.ndarray:
    height, width = pixels.shape[:2]
    down, across = round(height * share / 2), round(width * share / 2)
    return pixels[down : height - down, across : width - across]


def bordered(pixels: np.ndarray, share: float) -> np.ndarray:
    wide = max(2, round(max(pixels.shape) * share))
    return cv2.copyMakeBorder(pixels, wide, wide, wide, wide, cv2.BORDER_CONSTANT, value=(255, 255, 255))


def fingerprint(data: bytes) -> Fingerprint:
    return DEDUP.fingerprint(Image(data))


@pytest.fixture(scope="module")
def demo() -> dict[str, Fingerprint]:
    return {str(file.relative_to(DEMO)): fingerprint(file.read_bytes()) for file in FILES}


COPIES: dict[str, Callable[[np.ndarray], bytes]] = {
    "quality 30": lambda p: encode(p, quality=30),
    "webp": lambda p: encode(p, "WEBP", quality=75),
    "a third of the size": lambda p: encode(scaled(p, 0.33), quality=85),
    "enlarged": lambda p: encode(scaled(p, 1.5), quality=85),
    "brighter": lambda p: encode(np.clip(p * 1.0 + 12, 0, 255).astype(np.uint8), quality=85),
    "gamma": lambda p: encode((255 * (p / 255) ** 1.25).astype(np.uint8), quality=85),
    "crop of 1 %": lambda p: encode(cropped(p, 0.01), quality=85),
    "crop of 2 %": lambda p: encode(cropped(p, 0.02), quality=85),
    "crop of 5 %": lambda p: encode(cropped(p, 0.05), quality=85),
    "crop of 10 %": lambda p: encode(cropped(p, 0.1), quality=85),
    "border": lambda p: encode(bordered(p, 0.02), quality=85),
}


HARDER = ("brighter", "crop of 10 %")
"""Clipped, or with a fifth cut away."""


@pytest.fixture(scope="module")
def sample() -> dict[str, np.ndarray]:
    """Every fifth demo image, made smaller."""
    return {str(file.relative_to(DEMO)): Image(file.read_bytes()).rgb(512) for file in FILES[::5]}


@pytest.mark.parametrize("kind", COPIES)
def test_copies_of_demo_images_are_found(
    kind: str, demo: dict[str, Fingerprint], sample: dict[str, np.ndarray]
) -> None:
    copies = {name: fingerprint(COPIES[kind](pixels)) for name, pixels in sample.items()}
    found = sum(DEDUP.same(demo[name], copy) is not None for name, copy in copies.items())
    assert len(copies) > 20
    assert found >= (0.9 if kind in HARDER else 0.95) * len(copies)


def test_the_view_in_which_they_meet_is_found() -> None:
    pixels = Image(PHOTO.read_bytes()).pixels()
    whole = fingerprint(PHOTO.read_bytes())
    strip = cv2.copyMakeBorder(pixels, 0, pixels.shape[0] // 10, 0, 0, cv2.BORDER_CONSTANT, value=(245, 245, 245))
    middle, foot = PARTS
    expected: dict[View, np.ndarray] = {WHOLE: pixels, middle: cropped(pixels, 0.06), MIRRORED: pixels[:, ::-1]}
    for view, made in expected.items():
        part = fingerprint(encode(made, quality=85))
        met = nearest(whole, part)
        assert (met.view, met.whole) == (view, whole)
        assert DEDUP.same(whole, part) == DEDUP.same(part, whole) == met.bits
    captioned = fingerprint(encode(strip, quality=85))
    met = nearest(whole, captioned)
    assert (met.view, met.whole, met.part) == (foot, captioned, whole)
    assert DEDUP.same(whole, captioned) == met.bits
    assert len(hashes(whole)) == len(VIEWS)


def test_another_moment_of_a_scene_is_no_copy(demo: dict[str, Fingerprint], sample: dict[str, np.ndarray]) -> None:
    """The camera moved, or something came in."""
    for name, pixels in sample.items():
        height, width = pixels.shape[:2]
        down, across, side = height // 12, width // 12, min(height, width) // 4
        left = fingerprint(encode(pixels[:-down, :-across], quality=85))
        right = fingerprint(encode(pixels[down:, across:], quality=85))
        assert DEDUP.same(left, right) is None, name
        new = pixels.copy()
        new[height // 3 : height // 3 + side, width // 2 : width // 2 + side] = np.linspace(0, 255, side)[:, None, None]
        assert DEDUP.same(demo[name], fingerprint(encode(new, quality=85))) is None, name


def test_no_two_demo_images_are_duplicates(demo: dict[str, Fingerprint]) -> None:
    """Slides, pages and screens of one layout among them."""
    for (one, first), (other, second) in combinations(demo.items(), 2):
        assert DEDUP.same(first, second) is None, (one, other)


def test_verification_does_the_work_where_the_hash_fails(demo: dict[str, Fingerprint]) -> None:
    """Hashes alone would merge screens and pages that look alike; twice as wide a distance must not."""
    wide = Dedup(max_distance=16)
    near = [(a, b) for a, b in combinations(demo.values(), 2) if distance(a.phash, b.phash) <= 16]
    assert near
    assert all(wide.same(a, b) is None for a, b in near)


FLAT = {
    "white": np.full((300, 400, 3), 255, np.uint8),
    "black": np.zeros((300, 400, 3), np.uint8),
    "ramp": np.tile(np.linspace(0, 255, 400).astype(np.uint8)[None, :, None], (300, 1, 3)),
    "ramp down": np.tile(np.linspace(0, 255, 300).astype(np.uint8)[:, None, None], (1, 400, 3)),
    "dark noise": np.random.default_rng(0).integers(0, 4, (300, 400, 3)).astype(np.uint8),
    "disc": np.ascontiguousarray(cv2.circle(np.full((301, 301, 3), 255, np.uint8), (150, 150), 80, (0, 0, 0), -1)),
}


def test_flat_images_are_matched_exactly_only() -> None:
    prints = {name: fingerprint(encode(pixels, "PNG")) for name, pixels in FLAT.items()}
    assert not any(DEDUP.textured(found) for found in prints.values())
    assert all(DEDUP.same(a, b) is None for a, b in combinations(prints.values(), 2))
    assert len({DEDUP.group_key(found) for found in prints.values()}) == len(prints)
    again = {name: fingerprint(encode(pixels, "BMP")) for name, pixels in FLAT.items()}
    assert all(DEDUP.same(prints[name], again[name]) == SAME_PIXELS for name in FLAT)
    assert all(DEDUP.group_key(prints[name]) == DEDUP.group_key(again[name]) for name in FLAT)


def test_exact_copies() -> None:
    data = PHOTO.read_bytes()
    pixels = Image(data).pixels()
    original, lossless = fingerprint(data), fingerprint(encode(pixels, "PNG"))
    assert DEDUP.same(original, fingerprint(data)) == SAME_BYTES
    assert DEDUP.same(original, lossless) == SAME_PIXELS
    one_off = pixels.copy()
    one_off[0, 0, 0] ^= 1
    assert DEDUP.same(original, fingerprint(encode(one_off, "PNG"))) == 0
    assert Dedup(max_distance=0).same(original, lossless) == SAME_PIXELS


def test_pixel_digest_knows_the_shape() -> None:
    assert pixel_digest(np.zeros((2, 6, 3), np.uint8)) != pixel_digest(np.zeros((3, 4, 3), np.uint8))
    assert len(pixel_digest(np.zeros((2, 6, 3), np.uint8))) == 16


def test_textured_images_are_grouped_by_their_hash(demo: dict[str, Fingerprint]) -> None:
    found = demo["nature/budgie_canyon_wren.jpg"]
    assert DEDUP.textured(found)
    assert DEDUP.group_key(found) == found.phash


def test_limits_are_fields() -> None:
    data = PHOTO.read_bytes()
    original, copy = fingerprint(data), fingerprint(encode(cropped(Image(data).pixels(), 0.03), quality=40))
    assert (bits := DEDUP.same(original, copy)) is not None
    assert bits > 0
    assert Dedup(max_distance=bits).same(original, copy) == bits
    assert Dedup(max_distance=bits - 1).same(original, copy) is None
    assert Dedup(min_texture=1e6).same(original, copy) is None
    assert Dedup(max_difference=0.001).same(original, copy) is None
    assert Dedup(max_colour_difference=0).same(original, copy) is None
    assert Dedup(max_difference=math.inf, max_colour_difference=math.inf).same(original, copy) == bits


@pytest.mark.parametrize("value", [-1, 17, 64])
def test_distances_beyond_16_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="max_distance"):
        Dedup(max_distance=value)


def test_reasons_name_the_kept_image() -> None:
    assert DEDUP.reason(SAME_BYTES, "a.jpg") == "the same bytes as a.jpg"
    assert DEDUP.reason(SAME_PIXELS, "a.jpg") == "the same pixels as a.jpg"
    reason = (
        "distance 4 to art/a.jpg is within max_distance 8: a smaller, cropped, mirrored or more compressed copy of it"
    )
    assert DEDUP.reason(4, "art/a.jpg") == reason


def test_the_best_copy_is_large_then_least_compressed_then_first() -> None:
    base = Fingerprint("", b"", 0, b"", 0.0, b"", 100, 100, 5000)
    copies = {1: base._replace(size=4000), 2: base, 3: base, 4: base._replace(width=90, size=9000)}
    assert sorted(copies, key=lambda id: quality(id, copies[id])) == [2, 3, 1, 4]


def test_measure_gives_texture_and_no_distance() -> None:
    image = Image(PHOTO.read_bytes())
    signals = DEDUP.measure(image)
    assert set(signals) == {signal.name for signal in Dedup.signals}
    assert signals["texture"] == DEDUP.fingerprint(image).texture
    assert math.isnan(signals["distance"])
    assert DEDUP.verdict(signals) is None


def test_unreadable_pixels_raise() -> None:
    data = PHOTO.read_bytes()
    with pytest.raises(Truncated):
        fingerprint(data[: len(data) // 2])
