"""Codes laid into real photographs are read; the photographs themselves, and pages of print, have none."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import PIL.Image
import pytest
import zxingcpp

from filters.abnormal import Abnormal
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
FILES = sorted(path for path in DEMO.rglob("*") if path.suffix in (".jpg", ".png", ".webp"))
PHOTOS = [path for path in FILES if path.parent.name in ("nature", "places")][::6]

ORNAMENTS = {"zh_pgfornament_han_manual_005"}
"""Dropped by the default, wrongly: a page of ornaments made of equal squares."""

TEXTS = {
    "QRCode": "https://example.com/item/7",
    "DataMatrix": "item 7 of a long list",
    "EAN13": "690000000007",
    "Code128": "ITEM-7",
}
FILTER = Abnormal()


def encoded(pixels: np.ndarray) -> Image:
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=85)
    return Image(buffer.getvalue())


def reason(image: Image) -> str | None:
    return FILTER.verdict(FILTER.measure(image))


def code(kind: str) -> np.ndarray:
    """A code of 3 px a module with its quiet zone: uint8 [h, w]."""
    made = zxingcpp.create_barcode(TEXTS[kind], getattr(zxingcpp.BarcodeFormat, kind))
    return np.pad(np.array(zxingcpp.write_barcode_to_image(made, scale=3)), 12, constant_values=255)


def laid(photo: np.ndarray, kind: str, degrees: float) -> np.ndarray:
    """`photo` with a code in its middle, turned."""
    picture = code(kind)
    height, width = photo.shape[:2]
    turn = cv2.getRotationMatrix2D((picture.shape[1] / 2, picture.shape[0] / 2), degrees, 1)
    turn[:, 2] += (width - picture.shape[1]) / 2, (height - picture.shape[0]) / 2
    over = cv2.warpAffine(picture, turn, (width, height), borderValue=0)
    mask = cv2.warpAffine(np.full_like(picture, 255), turn, (width, height))
    return np.where(mask[..., None] > 127, over[..., None], photo)


def test_the_demo_is_kept() -> None:
    signals = {path.stem: FILTER.measure(Image(path.read_bytes())) for path in FILES[::2]}
    assert {stem for stem, measured in signals.items() if FILTER.verdict(measured)} <= ORNAMENTS
    assert all(measured["codes"] == 0 for measured in signals.values())


@pytest.mark.parametrize("kind", TEXTS)
def test_codes_are_found(kind: str) -> None:
    photos = [Image(path.read_bytes()).pixels() for path in PHOTOS]
    reasons = [reason(encoded(laid(photo, kind, angle))) for photo in photos for angle in (0, -15)]
    assert len(reasons) >= 10
    assert np.mean([(text or "").startswith("codes 1 is above max_codes 0") for text in reasons]) >= 0.9


def test_codes_are_counted_and_the_recipe_says_how_many() -> None:
    page = np.full((600, 700, 3), 255, np.uint8)
    for at, kind in ((40, "QRCode"), (300, "DataMatrix")):
        picture = code(kind)
        page[at : at + picture.shape[0], 40 : 40 + picture.shape[1]] = picture[..., None]
    signals = FILTER.measure(encoded(page))
    assert signals["codes"] == 2
    assert Abnormal(max_codes=2).verdict(signals) is None


def test_a_pixelated_part_is_dropped() -> None:
    photo = Image((DEMO / "people/ski_astronaut.jpg").read_bytes()).pixels().copy()
    face = photo[80:200, 170:290]
    photo[80:200, 170:290] = cv2.resize(face, (10, 10), interpolation=cv2.INTER_AREA).repeat(12, 0).repeat(12, 1)
    assert (reason(encoded(photo)) or "").startswith("mosaic")


def test_refuses_thresholds_out_of_range() -> None:
    for wrong in ({"max_codes": -1}, {"max_mosaic": 2}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Abnormal(**wrong)  # type: ignore[arg-type]
