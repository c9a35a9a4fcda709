"""The search finds the frame that a part was cut by; frames know whether one picture lies within the other."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.registration import SIDE, Frame, framed, inside, register, warped

RANDOM = np.random.default_rng(5)
SCENE = np.asarray(
    cv2.normalize(cv2.GaussianBlur(RANDOM.normal(0, 1, (640, 640)), (0, 0), 25), None, 20, 230, cv2.NORM_MINMAX),
    np.float32,
)


def small(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """A part of the scene, in shares of its sides, as 32×32 cells."""
    part = SCENE[round(top * 640) : round(bottom * 640), round(left * 640) : round(right * 640)]
    return np.asarray(cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


BOXES = [(0.0, 0.0, 1.0, 1.0), (0.05, 0.05, 0.95, 0.95), (0.0, 0.1, 1.0, 1.0), (0.03, 0.0, 0.98, 0.95)]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("tone", ["same", "darker", "flatter"])
def test_finds_the_part(box: tuple[float, float, float, float], tone: str) -> None:
    whole, part = small(0, 0, 1, 1), small(*box)
    part = {"same": part, "darker": 255 * (part / 255) ** 1.3, "flatter": 60 + part / 2}[tone].astype(np.float32)
    found = register(whole, part, Frame())
    assert np.allclose(found, framed(*box), atol=0.01)


@pytest.mark.parametrize("box", BOXES)
def test_finds_the_whole_in_the_part(box: tuple[float, float, float, float]) -> None:
    found = register(small(*box), small(0, 0, 1, 1), Frame())
    back = framed(*box)
    inverse = Frame(1 / back.wide, -back.right / back.wide, 1 / back.high, -back.down / back.high)
    assert np.allclose(found, inverse, atol=0.015)
    assert found.nests


def test_stays_where_nothing_is_to_be_seen() -> None:
    flat = np.full((SIDE, SIDE), 90, np.float32)
    start = framed(0.03, 0.03, 0.97, 0.97)
    assert np.allclose(register(flat, flat, start), start)


@given(st.integers(0, 2**32 - 1))
def test_noise_ends_somewhere(seed: int) -> None:
    one, other = np.random.default_rng(seed).integers(0, 256, (2, SIDE, SIDE)).astype(np.float32)
    assert np.isfinite(register(one, other, Frame())).all()


def test_warped_is_the_crop() -> None:
    whole, part = small(0, 0, 1, 1), small(0.05, 0.0, 1.0, 0.95)
    moved = warped(whole, framed(0.05, 0.0, 1.0, 0.95), cv2.INTER_CUBIC)
    assert np.abs(moved - part).mean() < 1
    assert np.abs(whole - part).mean() > 5


@pytest.mark.parametrize(
    ("box", "nests"),
    [
        ((0.0, 0.0, 1.0, 1.0), True),
        ((0.05, 0.05, 0.95, 0.95), True),  # a crop of 10 %
        ((-0.05, -0.05, 1.05, 1.05), True),  # a border
        ((0.0, 0.0, 1.0, 1.1), True),  # a strip
        ((0.0, 0.0, 0.85, 0.85), False),  # shows too little
        ((0.05, 0.0, 1.05, 1.0), False),  # the camera moved
        ((0.05, -0.05, 0.95, 1.05), False),
    ],
)
def test_one_picture_within_the_other(box: tuple[float, float, float, float], nests: bool) -> None:
    assert framed(*box).nests is nests


def test_cells_in_both_pictures() -> None:
    assert inside(Frame(), 0.5).all()
    assert inside(Frame(), 1).sum() == (SIDE - 2) ** 2
    assert inside(framed(0.0, 0.0, 1.0, 1.25), 0.5).sum() == SIDE * int(SIDE * 0.8)
