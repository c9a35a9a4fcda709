"""The further hashes are those that the parts and the mirror image have as images of their own."""

from pathlib import Path

import numpy as np
import pytest

from filters.image import Image, Pixels
from filters.phash import distance, grey_tile, low_frequencies, luma, phash
from filters.views import MIRRORED, PARTS, VIEWS, WHOLE, View, is_plain, view_hashes

DEMO = Path(__file__).parents[2] / "demo/images"
PHOTOS = sorted((DEMO / "nature").glob("*.jpg"))[:8] + sorted((DEMO / "places").glob("*.jpg"))[:8]


def pixels_of(path: Path) -> Pixels:
    return Image(path.read_bytes()).rgb(512)


def hashes(pixels: Pixels) -> list[int]:
    grey = luma(pixels)
    tile = grey_tile(grey)
    found = view_hashes(grey, tile, low_frequencies(tile))
    return [int.from_bytes(found[at : at + 8], "big") for at in range(0, len(found), 8)]


def cut(pixels: Pixels, view: View) -> Pixels:
    height, width = pixels.shape[:2]
    rows = slice(round(view.top * height), round(view.bottom * height))
    return np.ascontiguousarray(pixels[rows, round(view.left * width) : round(view.right * width)])


def test_the_image_itself_comes_first_and_its_mirror_image_last() -> None:
    assert (VIEWS[0], VIEWS[-1]) == (WHOLE, MIRRORED)
    assert len(set(VIEWS)) == len(VIEWS) == len(PARTS) + 2


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_a_part_has_the_hash_of_its_crop(number: int) -> None:
    assert len(PHOTOS) == 16
    bits = [distance(hashes(pixels_of(p))[number], phash(cut(pixels_of(p), PARTS[number]))) for p in PHOTOS]
    assert np.median(bits) <= 2
    assert max(bits) <= 6


def test_the_mirror_image_has_the_last_hash() -> None:
    for path in PHOTOS:
        pixels = pixels_of(path)
        if not is_plain(grey_tile(luma(pixels))):
            mirrored = np.ascontiguousarray(pixels[:, ::-1])
            assert distance(hashes(pixels)[-1], phash(mirrored)) <= 2, path
            assert len(hashes(pixels)) == len(VIEWS) - 1


def test_an_arrow_has_no_mirror_image() -> None:
    arrow = np.full((200, 300, 3), 255, np.uint8)
    arrow[90:110, 40:200] = 0
    for column in range(60):
        arrow[100 - (60 - column) : 100 + (60 - column), 200 + column] = 0
    assert is_plain(grey_tile(luma(arrow)))
    assert len(hashes(arrow)) == len(PARTS)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3, 2), (40, 700)])
def test_any_size(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.uint8)
    assert len(hashes(noise)) in (len(PARTS), len(PARTS) + 1)
