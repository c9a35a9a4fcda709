"""The four splits of the report, by the text that real images show."""

from __future__ import annotations

import io
from pathlib import Path

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from curation.shards.languages import LANGUAGES, of_lines
from filters import text_reader
from filters.base import Signals
from filters.image import Image
from filters.language import languages
from filters.text_language import TextLanguage, letters, shares
from filters.text_line import TextLine

DEMO = Path(__file__).parents[2] / "demo/images"
SPLITS = {
    "English": TextLanguage(min_characters=4, min_english=0.6),
    "Chinese": TextLanguage(min_characters=4, min_chinese=0.6),
    "other": TextLanguage(min_characters=4, min_other=0.6),
    "no text": TextLanguage(max_characters=3),
}
WHERE = {
    "ui/volt_forgot_password.jpg": "English",
    "document/lept_lucasta_150.jpg": "English",
    "art_photo/wp25_book_image.webp": "English",
    "slides/zh_xiaoshan_sample_000.jpg": "Chinese",
    "slides/zh_xiaoshan_sample_002.jpg": "Chinese",
    "slides/zh_xiaoshan_sample_004.jpg": "Chinese",
    "document/zh_zhlipsum_000.jpg": "Chinese",
    "document/lept_candelabrum_011.jpg": "other",
    "people/wp25_nurse.webp": "no text",
    "people/ski_astronaut.jpg": "no text",
    "nature/ski_chelsea.png": "no text",
    "places/wp24_museum.jpg": "no text",
    "texture/ski_brick.png": "no text",
}


def lines(*texts: str) -> list[TextLine]:
    return [TextLine(text, 1, code, 0.1, 0.5, 0.5, 0.5, 0) for text, code in zip(texts, languages(texts), strict=True)]


def page(*texts: str) -> Image:
    picture = PIL.Image.new("RGB", (640, 480), "white")
    for row, text in enumerate(texts):
        PIL.ImageDraw.Draw(picture).text((40, 40 + 70 * row), text, "black", PIL.ImageFont.load_default(36))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return Image(buffer.getvalue())


@pytest.fixture(scope="module")
def measured() -> dict[str, Signals]:
    return {name: TextLanguage().measure(Image((DEMO / name).read_bytes())) for name in WHERE}


@pytest.mark.parametrize("name", WHERE)
def test_an_image_is_in_its_split_alone(name: str, measured: dict[str, Signals]) -> None:
    signals = measured[name]
    assert [split for split, stage in SPLITS.items() if stage.verdict(signals) is None] == [WHERE[name]]
    assert TextLanguage().verdict(signals) is None


@pytest.mark.parametrize("name", WHERE)
def test_an_image_is_in_its_part(name: str, measured: dict[str, Signals]) -> None:
    names = {"English": "english", "Chinese": "chinese", "other": "other", "no text": "none"}
    assert TextLanguage().part(measured[name]) == names[WHERE[name]]


def test_every_image_is_in_a_part() -> None:
    stage = TextLanguage()
    assert stage.part({"characters": 3, "english": 1, "chinese": 0, "other": 0}) == "none"
    assert stage.part({"characters": 4, "english": 0.4, "chinese": 0.35, "other": 0.25}) == "english"
    assert stage.part({"characters": 40, "english": 0.3, "chinese": 0.35, "other": 0.35}) == "chinese"
    assert stage.part({"characters": None, "english": None, "chinese": None, "other": None}) == "none"
    assert stage.parts == LANGUAGES


@example(["当心站台间隙", "2026", "2026", "Attention à la marche"])
@given(
    st.lists(
        st.sampled_from(["Mind the gap between", "当心站台间隙", "2026", "Attention à la marche", "IX"]), max_size=5
    )
)
def test_what_an_annotation_says_is_sorted_alike(texts: list[str]) -> None:
    """By the same rule over the same lines, if the Latin ones are all in one language, as the stage has it."""
    read = lines(*texts)
    if len({line.language for line in read if line.language not in ("zh", "und")}) > 1 or "IX" in texts:
        return
    characters = float(sum(letter.isalnum() for line in read for letter in line.text))
    part = TextLanguage().part({"characters": characters, **shares(read)})
    assert part == of_lines((line.text, line.language) for line in read)


def test_signals_of_a_page() -> None:
    assert TextLanguage().measure(page("Open every day", "from 9 to 17")) == {
        "characters": 21,
        "english": 1,
        "chinese": 0,
        "other": 0,
    }
    assert TextLanguage().measure(page()) == {"characters": 0, "english": 0, "chinese": 0, "other": 0}


def test_the_reading_is_shared() -> None:
    image = page("Open every day")
    TextLanguage().measure(image)
    cached = text_reader.read(image)
    TextLanguage().measure(image)
    assert text_reader.read(image) is cached


def test_single_words_take_the_language_of_all() -> None:
    form = ("Transactions", "Your password", "Back to homepage", "Remember me", "Create an account")
    assert shares(lines(*form))["english"] == 1
    assert shares(lines("Retour à la page d'accueil", "Votre mot de passe"))["other"] == 1


def test_lines_weigh_by_their_letters() -> None:
    mixed = shares(lines("欢迎光临", "Welcome to the village"))
    assert mixed == {"english": 19 / 35, "chinese": 16 / 35, "other": 0}
    assert all(stage.verdict({"characters": 23, **mixed}) for name, stage in SPLITS.items()), (
        "evenly mixed text is in none of the splits"
    )


def test_han_next_to_kana_is_not_chinese() -> None:
    assert shares(lines("いらっしゃいませ", "営業中")) == {"english": 0, "chinese": 0, "other": 1}


def test_figures_are_other_and_nothing_is_none() -> None:
    assert shares(lines("2026", "19.90")) == {"english": 0, "chinese": 0, "other": 1}
    assert shares([]) == {"english": 0, "chinese": 0, "other": 0}


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=6))
def test_shares_add_up(texts: list[str]) -> None:
    found = shares(lines(*texts))
    assert all(-1e-9 <= value <= 1 for value in found.values())
    assert sum(found.values()) == pytest.approx(1)


def test_a_chinese_character_weighs_as_much_as_four_letters() -> None:
    assert letters("Abc 12!") == 3
    assert letters("欢迎") == 8


@pytest.mark.parametrize("field", ["min_english", "min_chinese", "min_other"])
def test_refuses_a_share_out_of_range(field: str) -> None:
    with pytest.raises(ValueError, match=f"{field} lies between 0 and 1"):
        TextLanguage(**{field: 12})


def test_refuses_bounds_that_leave_nothing() -> None:
    with pytest.raises(ValueError, match="leave no number over"):
        TextLanguage(min_characters=5, max_characters=4)
