import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.splitting import language, split

PIECES = st.sampled_from(
    [
        "Dr. ",
        "Mr. Hill ",
        "left. ",
        "“Why?” ",
        "3.14 ",
        "e.g. this ",
        "No. 5 ",
        "A. ",
        "…",
        "！？",
        "“好。”",
        "他说：",
        "来了。",
    ]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_splitting_loses_nothing(text):
    assert "".join(split(text)) == text
    assert all(split(text))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained. We stayed in.", ["It rained. ", "We stayed in."]),
        ("Dr. Hill met J. Smith at 5 p.m. on No. 3 Road.", ["Dr. Hill met J. Smith at 5 p.m. on No. 3 Road."]),
        ("It costs 3.50 in all. Really?! Yes.", ["It costs 3.50 in all. ", "Really?! ", "Yes."]),
        ("“Stop!” she cried. He did.", ["“Stop!” she cried. ", "He did."]),
        ("他来了。我走了！真的吗？是的……", ["他来了。", "我走了！", "真的吗？", "是的……"]),
        ("她说：“好。”然后走了。", ["她说：“好。”", "然后走了。"]),
        ("共3.5吨。用 v1.2 版。", ["共3.5吨。", "用 v1.2 版。"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    assert split(text) == sentences


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Plain English, naïve at times.", "en"),
        ("这是中文。", "zh"),
        ("用 Python 写的程序，运行很快。", "zh"),
        ("これは日本語の文章です。", None),
        ("Это русский текст.", None),
        ("12:30 — 45%", None),
        ("", None),
    ],
)
def test_tells_languages_apart(text, name):
    assert language(text) == name
