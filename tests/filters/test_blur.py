from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.blur import SIDE, Blur, noise_level, sharpness
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("people", "nature", "places", "art_photo", "camera")]
UNSHARP = {"ski_clock_motion"}
"""Below the default, rightly: a clock in motion."""


@cache
def grey(path: Path) -> np.ndarray:
    pixels = Image(path.read_bytes()).grey(SIDE)
    pixels.flags.writeable = False  # all tests share it
    return pixels


def verdict(pixels: np.ndarray) -> str | None:
    return Blur().verdict({"sharpness": sharpness(pixels)})


def grain(pixels: np.ndarray, deviation: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, deviation, pixels.shape)
    return np.clip(pixels + noise, 0, 255).round().astype(np.uint8)


def moved(pixels: np.ndarray, length: int, degrees: float) -> np.ndarray:
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    half = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]) * length / 2
    start, end = (tuple(round(v) for v in length + sign * half) for sign in (-1, 1))
    cv2.line(kernel, start, end, 1)
    return cv2.filter2D(pixels, -1, kernel / kernel.sum())


def defocused(pixels: np.ndarray, radius: int) -> np.ndarray:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.float32)
    return cv2.filter2D(pixels, -1, kernel / kernel.sum())


def shallow(pixels: np.ndarray) -> np.ndarray:
    """All but an oval about the most detailed place out of focus."""
    height, width = pixels.shape
    detail = cv2.blur(
        np.abs(cv2.Laplacian(pixels, cv2.CV_32F)), (width // 3, height // 3), borderType=cv2.BORDER_CONSTANT
    )
    mask = np.zeros((height, width), np.float32)
    cv2.ellipse(mask, cv2.minMaxLoc(detail)[3], (width // 6, height // 6), 0, 0, 360, 1, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), 8)
    return (pixels * mask + defocused(pixels, 6) * (1 - mask)).astype(np.uint8)


def share_dropped(images: list[np.ndarray]) -> float:
    return np.mean([verdict(image) is not None for image in images])


def test_the_demo_is_kept():
    dropped = {path.stem for path in FILES if verdict(grey(path))}
    assert dropped <= UNSHARP


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: cv2.GaussianBlur(p, (0, 0), 3),
        lambda p: defocused(p, 5),
        lambda p: grain(cv2.GaussianBlur(p, (0, 0), 3), 5),
        lambda p: cv2.imdecode(cv2.imencode(".jpg", cv2.GaussianBlur(p, (0, 0), 3), [1, 30])[1], 0),
    ],
    ids=["gauss", "defocus", "gauss under grain", "gauss under JPEG blocks"],
)
def test_blur_is_found(spoil):
    assert share_dropped([spoil(grey(path)) for path in PHOTOS]) >= 0.9


@pytest.mark.parametrize("degrees", [0, 45, 90])
def test_motion_is_found_in_every_direction(degrees):
    assert share_dropped([moved(grey(path), 20, degrees) for path in PHOTOS]) >= 0.8


@pytest.mark.parametrize("deviation", [3, 6])
def test_grain_does_not_blur(deviation):
    sharp = [grain(grey(path), deviation) for path in PHOTOS if path.stem not in UNSHARP]
    assert share_dropped(sharp) <= 0.07


def test_a_sharp_subject_before_a_soft_ground_is_kept():
    grounds = [cv2.GaussianBlur(grey(path), (0, 0), 6) for path in PHOTOS[:10]]
    subject = grey(next(path for path in FILES if path.stem == "ski_astronaut"))[:180, 150:330]
    for ground in grounds:
        ground[20 : 20 + subject.shape[0], 20 : 20 + subject.shape[1]] = subject[: ground.shape[0] - 20]
    assert share_dropped(grounds) == 0


def test_a_tenth_in_focus_is_kept():
    assert share_dropped([shallow(grey(path)) for path in PHOTOS if path.stem not in UNSHARP]) <= 0.1


def test_blurred_thin_lines_are_soft():
    drawing = np.full((384, 512), 255, np.uint8)
    for step in range(0, 512, 24):
        cv2.line(drawing, (step, 0), (511 - step, 383), 0, 1, cv2.LINE_AA)
        cv2.circle(drawing, (step, 190), 40, 60, 1, cv2.LINE_AA)
    assert verdict(drawing) is None
    assert verdict(cv2.GaussianBlur(drawing, (0, 0), 2.5))


def test_low_contrast_is_not_blur():
    for path in PHOTOS[::4]:
        faded = (grey(path) * 0.5 + 80).astype(np.uint8)
        if path.stem not in UNSHARP:
            assert verdict(faded) is None


@pytest.mark.parametrize("stem", ["ski_astronaut", "skl_china", "ski_coffee"])
def test_holds_for_any_resolution(stem):
    path = next((path for path in FILES if path.stem == stem), None)
    if path is None:
        pytest.skip(f"{stem} is not in the demo")
    scene = cv2.resize(Image(path.read_bytes()).pixels(), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    measured = []
    for side in (2400, 1200, 640):
        size = side, round(side * scene.shape[0] / scene.shape[1])
        data = cv2.imencode(".png", cv2.resize(scene, size, interpolation=cv2.INTER_AREA))[1].tobytes()
        measured.append(Blur().measure(Image(data))["sharpness"])
    assert Blur().min_sharpness < min(measured)
    assert max(measured) < 2 * min(measured)


def test_text_is_sharp_and_blurred_text_is_not():
    page = np.full((512, 400), 255, np.uint8)
    for row in range(30, 500, 26):
        cv2.putText(page, "a line of plain text", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 1, cv2.LINE_AA)
    assert verdict(page) is None
    assert verdict(cv2.GaussianBlur(page, (0, 0), 3))


@settings(max_examples=25, deadline=None)
@given(st.floats(0.5, 3), st.integers(80, 220), st.integers(0, 3))
def test_a_more_blurred_edge_is_less_sharp(sigma, contrast, quarter):
    step = np.zeros((128, 128), np.uint8)
    step[:, 64:] = contrast
    step = np.rot90(step, quarter).copy()
    soft, softer = (sharpness(cv2.GaussianBlur(step, (0, 0), s)) for s in (sigma, sigma * 1.5))
    assert softer <= soft + 2  # 8-bit rounding


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 255))
def test_any_shape_can_be_measured(height, width, level):
    assert sharpness(np.full((height, width), level, np.uint8)) == 0
    noise = np.random.default_rng(level).integers(0, 256, (height, width), dtype=np.uint8)
    assert 0 <= sharpness(noise) <= 100


def test_noise_level_is_measured_beside_texture():
    scene = np.zeros((256, 256), np.float32)
    scene[::2, 128:] = 200
    assert noise_level(grain(scene + 20, 3)) == pytest.approx(3, abs=0.5)


def test_verdict_states_number_and_threshold():
    assert Blur(min_sharpness=30).verdict({"sharpness": 8.25}) == (
        "sharpness 8.25 is below min_sharpness 30: even its sharpest region is soft"
    )


def test_refuses_a_threshold_out_of_range():
    with pytest.raises(ValueError, match="between 0 and 100"):
        Blur(min_sharpness=120)
