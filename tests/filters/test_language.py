"""Languages of short texts, as signs, screens and books show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.language import LATIN, SCRIPTS, UNKNOWN, languages, script


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sign in to our platform", "en"),
        ("Opening hours Monday to Friday", "en"),
        ("Bitte nicht aus dem Fenster lehnen", "de"),
        ("Les adieux de Don Juan; les cousins", "fr"),
        ("Bienvenidos a la ciudad", "es"),
        ("USCITA DI SICUREZZA", "it"),
        ("Bem-vindo à cidade", "pt"),
        ("欢迎来到北京", "zh"),
        ("歡迎來到臺北", "zh"),
        ("東京へようこそ", "ja"),
        ("カタカナ", "ja"),
        ("서울에 오신 것을 환영합니다", "ko"),
        ("Добро пожаловать", "ru"),
        ("أهلا وسهلا", "ar"),
        ("萧山 Beamer 主题", "zh"),
        ("pgfornament-han 附录福利", "zh"),
        ("Dashboard of the 三 kingdoms", "en"),
        ("$10,567 + 12.5%", UNKNOWN),
        ("IKEA", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_one_line(text, language):
    assert languages([text]) == (language,)


def test_a_short_line_takes_the_language_of_the_others():
    assert languages(["Transactions"]) == (UNKNOWN,)
    menu = ["Transactions", "Forgot your password?", "Sign in to our platform", "$43"]
    assert languages(menu) == ("en", "en", "en", UNKNOWN)


def test_a_line_that_is_sure_keeps_its_own_language():
    assert languages(["Please do not lean out of the window", "Bitte nicht aus dem Fenster lehnen"]) == ("en", "de")


def test_han_beside_kana_is_japanese_and_a_stray_kana_changes_nothing():
    assert languages(["東京駅", "のりばはこちらです"]) == ("ja", "ja")
    assert languages(["海港的灯光在晴朗的夜晚二十英里外都能看见", "の"]) == ("zh", "ja")


@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_text_has_a_known_code(texts):
    found = languages(texts)
    assert len(found) == len(texts)
    for text, language in zip(texts, found, strict=True):
        assert language in {*LATIN, *SCRIPTS, UNKNOWN} - {"Latn"}
        assert script(text) or language == UNKNOWN
