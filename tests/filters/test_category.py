"""The three categories of the report, on real images."""

from __future__ import annotations

from pathlib import Path

import pytest

from filters.category import Category
from filters.image import Image

DEMO = Path(__file__).parents[2] / "demo/images"
WHERE = {
    "art/wp21_self_portrait_1885.jpg": "portrait",
    "people/ski_astronaut.jpg": "portrait",
    "art/wp21_daffodils.jpg": "general",
    "nature/es_canyon0.jpg": "general",
    "objects/ski_coffee.jpg": "general",
    "art_photo/wp25_category_anthuriums.webp": "general",
    "slides/zh_xiaoshan_sample_002.jpg": "text",
    "ui/volt_sign_in.jpg": "text",
}


@pytest.mark.parametrize("name", WHERE)
def test_an_image_is_in_its_category(name: str) -> None:
    stage = Category()
    signals = stage.measure(Image((DEMO / name).read_bytes()))
    assert stage.part(signals) == WHERE[name]
    assert stage.verdict(signals) is None


def test_text_comes_first_and_bounds_belong_to_their_part() -> None:
    stage = Category(min_text=0.02, min_face=0.1)
    assert stage.part({"text": 0.02, "face": 0.5}) == "text"
    assert stage.part({"text": 0.019, "face": 0.1}) == "portrait"
    assert stage.part({"text": 0.019, "face": 0.099}) == "general"
    assert stage.part({"text": None, "face": None}) == "general"


@pytest.mark.parametrize("field", ["min_text", "min_face"])
def test_a_bound_that_is_no_share_is_a_mistake(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field} is a share of the area above 0"):
        Category(**{field: 0.0})
