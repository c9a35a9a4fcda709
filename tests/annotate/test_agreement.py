import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement import Agreement, Text, agreement, held, letters, quotations
from annotate.evidence import Reading
from tests.annotate.replies import CAFE

LINE = st.text(string.ascii_letters + "0123456789 ", min_size=4, max_size=30).filter(
    lambda text: len(letters(text)) > 3
)
LINES = st.lists(LINE, min_size=1, max_size=8)


def read(*lines: str, score: float = 0.97) -> tuple[Reading, ...]:
    return tuple(Reading(line, score, "en", 0.05, 0.5, 0.1 * place) for place, line in enumerate(lines))


def agree(strings: list[str], readings: tuple[Reading, ...], caption: str = "A sign.") -> Agreement:
    return agreement({"caption": caption, "text": [{"content": text, "language": "en"} for text in strings]}, readings)


@given(LINES)
def test_identical_text_agrees_wholly(lines):
    result = agree(lines, read(*lines))
    assert (result.confirmed, result.covered, result.contradicted) == (1.0, 1.0, False)
    assert result.strings == len({letters(line) for line in lines})


@given(LINES, LINES, st.integers(0, 3))
def test_case_spacing_and_punctuation_change_nothing(ours, theirs, change):
    changed = [
        [text.upper() for text in ours],
        [text.swapcase() for text in ours],
        ["".join(chr(ord(c) + 0xFEE0) if c > " " else "\u3000" for c in text) for text in ours],
        [f"“{text}”!\n" for text in ours],
    ][change]
    assert agree(changed, read(*theirs)) == agree(ours, read(*theirs))


@given(LINES)
def test_lines_are_found_joined_and_split(lines):
    assert agree([" ".join(lines)], read(*lines)).confirmed == 1.0
    assert agree([" ".join(lines)], read(*lines)).covered == 1.0
    assert agree(lines, read(" ".join(lines))).confirmed == 1.0
    assert agree(lines, read(" ".join(lines))).covered == 1.0


@given(st.text(string.ascii_lowercase, min_size=10, max_size=60), st.data())
def test_a_few_misread_letters_are_forgiven(text, data):
    letters_ = list(text)
    for place in data.draw(st.lists(st.integers(0, len(text) - 1), max_size=len(text) // 10)):
        letters_[place] = "0"
    misread = "".join(letters_)
    around = "nothing of the kind" + misread + "stands here"
    assert held(text, Text.of([around])) == 1.0


@given(LINES, LINES)
def test_shares_are_shares(ours, theirs):
    result = agree(ours, read(*theirs))
    assert 0 <= result.confirmed <= 1
    assert 0 <= result.covered <= 1
    assert not result.contradicted or result.confirmed == result.covered == 0


def test_a_sentence_is_found_among_columns():
    readings = read("WELCOME TO", "OPEN DAILY", "LA PIAZZA", "FROM 7 TO 9")
    assert agree(["Welcome to La Piazza", "Open daily from 7 to 9"], readings).confirmed == 1.0


def test_order_of_lines_does_not_matter():
    readings = read("coffee daily", "la piazza", "fresh")
    assert agree(["LA PIAZZA", "FRESH COFFEE DAILY"], readings) == Agreement(2, 1.0, 1.0, False)


def test_chinese_is_compared_by_characters():
    readings = read("今日特价", "红烧牛肉面 28元", "葱油拌面")
    assert agree(["今日特价：红烧牛肉面28元"], readings).confirmed == 1.0
    assert agree(["牛肉"], readings).confirmed == 1.0
    assert agree(["咖啡"], readings).confirmed == 0.0
    assert agree(["今日特价", "红烧牛肉面"], readings).covered == pytest.approx(9 / 16)


def test_short_strings_must_be_words():
    readings = read("Espresso 3.50", "No. 7, open")
    for text, found in (("3.50", 1.0), ("7", 1.0), ("no", 1.0), ("es", 0.0), ("5", 0.0), ("pen", 0.0)):
        assert agree([text], readings).confirmed == found


def test_shares_count_what_they_say():
    readings = read("FRESH COFFEE", "OPEN TODAY")
    assert agree(["fresh coffee", "closed on mondays"], readings) == Agreement(2, 0.5, pytest.approx(11 / 20), False)
    assert agree(["fresh coffee"], readings, 'A board reads "Open today".') == Agreement(2, 1.0, 1.0, False)


def test_only_sure_text_must_be_covered():
    readings = read("FRESH COFFEE") + read("smudge below", score=0.6) + read("x")
    assert agree(["fresh coffee", "smudge below"], readings) == Agreement(2, 1.0, 1.0, False)


def test_where_nothing_is_quoted_or_read_there_is_nothing_to_say():
    assert agree([], ()) == Agreement(0, None, None, False)
    assert agree(["... !"], read("?!", "--")) == Agreement(0, None, None, False)
    assert agree(["FRESH COFFEE DAILY"], ()) == Agreement(1, 0.0, None, False)
    assert agree([], read("FRESH COFFEE DAILY")) == Agreement(0, None, 0.0, False)


@pytest.mark.parametrize(
    ("strings", "readings", "contradicted"),
    [
        (["GRAND HOTEL PARIS"], read("QUARTERLY REPORT 2024"), True),
        (["GRAND HOTEL PARIS"], read("HOTEL RITZ LONDON"), False),
        (["GRAND HOTEL PARIS"], read("Grand Hote1 Pari5"), False),
        (["GRAND HOTEL"], read("QUARTERLY REPORT 2024"), False),
        (["GRAND HOTEL PARIS"], read("REPORT 2024"), False),
        (["GRAND HOTEL PARIS"], read("QUARTERLY REPORT 2024", score=0.8), False),
        (["红烧牛肉面葱油拌面今日特价"], read("北京大学图书馆开放时间上午九点"), True),
    ],
)
def test_contradiction_needs_much_text_and_no_agreement(strings, readings, contradicted):
    assert agree(strings, readings).contradicted is contradicted


def test_annotation_of_another_image_is_contradicted():
    assert agreement(CAFE, read("Annual results", "Revenue grew by 12 %")).contradicted
    assert not agreement(CAFE, read("LA PIAZZA")).contradicted


def test_quotations_of_every_kind():
    caption = 'Signs: "one", “two”, 「三」, 『四』, « cinq » and 6" of "seven'
    assert quotations(caption) == ["one", "two", "三", "四", " cinq ", " of "]
    assert len(quotations('"a" ' * 400)) == 24
    assert quotations("none") == []


@given(st.text(), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_can_be_compared(text, lines):
    result = agreement({"caption": text, "text": [{"content": text, "language": "und"}]}, read(*lines))
    assert result.confirmed is None or 0 <= result.confirmed <= 1


def test_much_text_is_compared_within_bounds():
    """24 strings of 200 characters against 40 lines, nothing in common: the most there can be."""
    draw = random.Random(0)
    strings = ["".join(draw.choices(string.ascii_lowercase, k=200)) for _ in range(24)]
    lines = read(*("".join(draw.choices(string.ascii_lowercase, k=40)) for _ in range(40)))
    start = time.process_time()
    agree(strings, lines)
    assert time.process_time() - start < 0.1
