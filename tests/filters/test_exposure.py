from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.exposure import Exposure
from filters.image import Image, fit

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("people", "nature", "places", "camera")]
LOST = {"wp25_category_sunflowers"}
"""A demo image that is dropped rightly: a pale, washed-out print."""

FILTER = Exposure()


def encoded(pixels: np.ndarray) -> Image:
    return Image(cv2.imencode(".png", np.clip(pixels, 0, 255).round().astype(np.uint8)[..., ::-1])[1].tobytes())


def reason(pixels: np.ndarray) -> str | None:
    return FILTER.verdict(FILTER.measure(encoded(pixels)))


def stops(pixels: np.ndarray, by: float) -> np.ndarray:
    """Exposure changed by `by` stops in linear light (gamma 2.2), clipped as by a sensor."""
    return 255 * np.clip((pixels / 255.0) ** 2.2 * 2**by, 0, 1) ** (1 / 2.2)


def photos() -> list[np.ndarray]:
    return [fit(Image(path.read_bytes()).pixels(), 512) for path in PHOTOS]


def test_the_demo_is_kept():
    dropped = {path.stem for path in FILES if FILTER.verdict(FILTER.measure(Image(path.read_bytes())))}
    assert dropped <= LOST


def test_darkened_photographs_are_dropped():
    reasons = [reason(stops(photo, -5)) for photo in photos()]
    assert all(text and text.startswith("highlight") for text in reasons)


def test_washed_out_photographs_are_dropped():
    reasons = [reason(photo * 0.15 + 110) for photo in photos()]
    assert all(text and text.startswith("contrast") for text in reasons)


@pytest.mark.parametrize(
    ("brighten", "least"),
    [(lambda photo: np.clip(photo * 1.5 + 105, 0, 255), 0.6), (lambda photo: stops(photo, 3), 0.35)],
    ids=["lifted curve", "three stops"],
)
def test_blown_photographs_are_dropped(brighten, least):
    bright = [brighten(photo) for photo in photos()]
    clipped = [photo for photo in bright if (photo.min(axis=2) >= 250).mean() > 0.4]
    reasons = [reason(photo) for photo in clipped]
    assert len(clipped) >= 10
    assert np.mean([bool(text) for text in reasons]) >= least
    assert all(text is None or text.startswith("blown") for text in reasons)


def test_white_designs_are_kept():
    page = np.full((700, 500, 3), 255, np.uint8)
    cv2.putText(page, "Slide", (60, 200), cv2.FONT_HERSHEY_SIMPLEX, 3, (20, 20, 20), 8, cv2.LINE_AA)
    cv2.circle(page, (250, 450), 120, (255, 230, 0), -1, cv2.LINE_AA)
    signals = FILTER.measure(encoded(page))
    assert signals["bright"] > 0.7
    assert signals["blown"] < 0.01
    assert FILTER.verdict(signals) is None


def test_white_that_fades_is_blown_and_the_same_white_with_edges_is_not():
    y, x = np.mgrid[:256, :256]
    distance = np.hypot(x - 128, y - 128)
    fading = np.clip(255 - 8 * (distance - 60), 90, 255)
    edged = np.where(distance < 60, 255, 90)
    scores = [FILTER.measure(encoded(np.repeat(disc[..., None], 3, 2)))["blown"] for disc in (fading, edged)]
    assert scores[0] > 0.02
    assert scores[1] == 0


def test_a_night_sky_and_a_silhouette_are_kept():
    sky = np.zeros((600, 800, 3), np.uint8)
    places = np.random.default_rng(0).integers(10, 590, (200, 2))
    for y, x in places:
        cv2.circle(sky, (int(x), int(y)), 3, (255, 250, 240), -1)
    assert FILTER.measure(encoded(sky))["dark"] > 0.9
    assert reason(sky) is None
    silhouette = np.full((600, 800, 3), (250, 150, 60), np.uint8)
    silhouette[250:] = 3
    assert reason(silhouette) is None


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 255))
def test_signals_stay_in_range_for_any_shape(height, width, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
    for pixels in (noise, np.full_like(noise, seed)):
        signals = FILTER.measure(encoded(pixels))
        assert signals.keys() == {signal.name for signal in Exposure.signals}
        assert all(0 <= value <= 1 for value in signals.values())


def test_flat_signals_are_exact():
    signals = FILTER.measure(encoded(np.full((30, 40, 3), 51)))
    expected = {"mean": 0.2, "dark": 0, "bright": 0, "highlight": 0.2, "contrast": 0, "blown": 0, "clipped": 0}
    assert signals == pytest.approx(expected)


def test_holds_for_any_resolution():
    scene = stops(photos()[0], 2)
    measured = [
        FILTER.measure(encoded(cv2.resize(scene, size, interpolation=cv2.INTER_LINEAR)))
        for size in [(512, 341), (1024, 683), (2048, 1365)]
    ]
    for name in ("mean", "bright", "highlight", "contrast"):
        values = [signals[name] for signals in measured]
        assert max(values) - min(values) < 0.03


@pytest.mark.parametrize("field", ["min_highlight", "max_blown", "min_contrast"])
def test_refuses_a_threshold_out_of_range(field):
    with pytest.raises(ValueError, match=f"{field} lies between 0 and 1"):
        Exposure(**{field: 12})
