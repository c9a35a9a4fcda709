"""The size of a file, which needs no pixels."""

from __future__ import annotations

import io
from pathlib import Path

import PIL.Image
import pytest

from filters.file_size import FileSize
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"


def plain(side: int) -> bytes:
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (side, side), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name", ["art_photo/wp25_marshland_birds_square.webp", "camera/jxl_cvo9xd_keong_macan_srgb8.png"]
)
def test_the_smallest_and_the_largest_of_real_images_stay(name: str) -> None:
    data = (DEMO / name).read_bytes()
    signals = FileSize().measure(Image(data))
    assert signals == {"kilobytes": len(data) / 1000}
    assert FileSize().verdict(signals) is None


def test_what_is_too_small_or_too_large_goes() -> None:
    signals = FileSize().measure(Image(plain(256)))
    assert FileSize().verdict(signals) == (
        f"kilobytes {signals['kilobytes']:.4g} is below min_kilobytes 2: the file is too small to hold a picture"
    )
    photo = FileSize().measure(Image((DEMO / "art/wp22_ducks.jpg").read_bytes()))
    assert "is above max_kilobytes 200" in str(FileSize(max_kilobytes=200).verdict(photo))


def test_bounds_that_leave_nothing_over_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="leave no size over"):
        FileSize(min_kilobytes=10, max_kilobytes=1)
