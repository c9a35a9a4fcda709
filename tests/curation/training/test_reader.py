import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from curation.training.reader import read


def drawn(text: str, width: int, height: int, size: int) -> NDArray[np.uint8]:
    image = Image.new("RGB", (width, height), (245, 245, 240))
    font = ImageFont.load_default(size=size)
    ImageDraw.Draw(image).text((width / 2, height / 2), text, font=font, fill=(30, 60, 200), anchor="mm")
    return np.asarray(image)


@pytest.mark.parametrize("word", ["CAT", "QWEN", "HI", "FOX"])
def test_reads_small_pictures(word: str) -> None:
    assert read(drawn(word, 64, 64, 22)) == word


def test_reads_large_and_narrow_pictures() -> None:
    assert read(drawn("Grand Opening", 640, 256, 60)) == "Grand Opening"
    assert read(drawn("BYTE", 96, 48, 28)) == "BYTE"


def test_empty_pictures_say_nothing() -> None:
    assert read(np.full((64, 64, 3), 200, np.uint8)) == ""
