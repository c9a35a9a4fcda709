"""Which lines of text are believed, and which a watermark may say."""

from hypothesis import given
from hypothesis import strategies as st

from annotate.agreement import SURE, letters
from annotate.believed import LENGTH, believed, distinct, of_watermark
from annotate.evidence import Reading

lines = st.lists(
    st.builds(
        Reading, st.text(max_size=230), st.sampled_from([0.0, 0.89, SURE, 1.0]), st.just("en"), *[st.floats(0, 1)] * 3
    ),
    max_size=12,
)


def line(text: str) -> Reading:
    return Reading(text, 1.0, "en", 0.1, 0.5, 0.5)


@given(lines)
def test_believed_lines_are_sure_printable_and_clipped(readings):
    kept = believed(readings)
    assert all(reading.score >= SURE and reading.text.isprintable() for reading in kept)
    assert all(0 < len(reading.text) <= LENGTH and letters(reading.text) for reading in kept)
    assert len(kept) <= len(readings)
    assert believed(kept) == kept


def test_a_single_letter_is_noise_a_single_chinese_character_a_word():
    kept = believed(map(line, ["l", "0", "·", "ok", "山", "l'"]))
    assert [reading.text for reading in kept] == ["ok", "山"]


def test_what_cannot_be_printed_goes_and_white_space_is_one_space():
    assert [reading.text for reading in believed([line("\u202eSale\n\n now\x00\ud800")])] == ["Sale now"]


@given(lines)
def test_distinct_keeps_the_first_of_each_in_order(readings):
    kept = distinct(readings)
    assert len({letters(reading.text) for reading in kept}) == len(kept)
    assert {letters(reading.text) for reading in kept} == {letters(reading.text) for reading in readings}
    assert [readings.index(reading) for reading in kept] == sorted(readings.index(reading) for reading in kept)


def test_words_of_a_watermark():
    said = of_watermark(list(map(line, ["Sample", "Menu", "SAMPLE", "©2026 Roe", "shop.example.com", "stockings"])))
    assert [reading.text for reading in said] == ["Sample", "©2026 Roe", "shop.example.com"]
