"""The tag is read from every format that carries one, and means what the views make of it."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

from filters.image import Image, fit
from filters.rotation import MEANINGS, TAG, Rotation, orientation

DEMO = Path(__file__).parents[2] / "demo/images"
PHOTO = DEMO / "places/skl_china.jpg"
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")


def encoded(picture: PIL.Image.Image, format: str, tag: object) -> bytes:
    exif = PIL.Image.Exif()
    exif[TAG] = tag
    buffer = io.BytesIO()
    picture.save(buffer, format, exif=exif)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def photo() -> PIL.Image.Image:
    return PIL.Image.fromarray(fit(Image(PHOTO.read_bytes()).pixels(), 64))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("tag", range(2, 9))
def test_every_value_is_read_from_every_format(photo: PIL.Image.Image, format: str, tag: int) -> None:
    image = Image(encoded(photo, format, tag))
    signals = Rotation().measure(image)
    turn, mirrored = MEANINGS[tag]
    assert signals == {"orientation": tag, "turn": turn, "mirrored": mirrored}
    assert image.pixels().shape[:2] == (photo.size[::-1] if turn != 90 else photo.size)


@pytest.mark.parametrize("tag", range(1, 9))
def test_the_meanings_are_those_of_the_views(photo: PIL.Image.Image, tag: int) -> None:
    """A turn and a mirror image, as the table has them, make of the stored picture what the views show."""
    shown = Image(encoded(photo, "PNG", tag)).pixels()
    stored = np.asarray(photo)
    turn, mirrored = MEANINGS[tag]
    sides = {0: (0,), 180: (2,), 90: (1, 3)}[turn]
    made = [np.rot90(stored[:, ::-1] if mirrored else stored, quarters) for quarters in sides]
    assert sum(np.array_equal(picture, shown) for picture in made) == 1


def test_upright_images_are_kept() -> None:
    for path in sorted(DEMO.rglob("*.*"))[::6]:
        if path.suffix in (".jpg", ".png", ".webp"):
            signals = Rotation().measure(Image(path.read_bytes()))
            assert Rotation().verdict(signals) is None
            assert (signals["turn"], signals["mirrored"]) == (0, 0)


@pytest.mark.parametrize(("tag", "word"), [(2, "mirrored"), (3, "turn 180"), (6, "turn 90"), (7, "turn 90")])
def test_what_is_turned_or_mirrored_is_dropped(photo: PIL.Image.Image, tag: int, word: str) -> None:
    signals = Rotation().measure(Image(encoded(photo, "JPEG", tag)))
    assert (Rotation().verdict(signals) or "").startswith(word)


def test_a_recipe_may_keep_what_is_turned(photo: PIL.Image.Image) -> None:
    stage = Rotation(max_turn=180)
    verdicts = {tag: stage.verdict(stage.measure(Image(encoded(photo, "JPEG", tag)))) for tag in MEANINGS}
    assert {tag for tag, why in verdicts.items() if why} == {2, 4, 5, 7}


@pytest.mark.parametrize("format", FORMATS[:-1])
def test_upright_may_be_said(photo: PIL.Image.Image, format: str) -> None:
    assert orientation(Image(encoded(photo, format, 1))) == 1


@pytest.mark.parametrize("tag", [0, 9, 65535])
def test_nonsense_is_no_tag(photo: PIL.Image.Image, tag: int) -> None:
    signals = Rotation().measure(Image(encoded(photo, "JPEG", tag)))
    assert math.isnan(signals["orientation"])
    assert Rotation().verdict(signals) is None


def test_broken_exif_is_no_tag(photo: PIL.Image.Image) -> None:
    data = encoded(photo, "JPEG", 6)
    start = data.index(b"Exif\0\0") + 6
    assert orientation(Image(data[:start] + b"\xff" * 12 + data[start + 12 :])) is None


def test_refuses_thresholds_out_of_range() -> None:
    for wrong in ({"max_turn": 270}, {"max_mirrored": 2}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Rotation(**wrong)  # type: ignore[arg-type]
