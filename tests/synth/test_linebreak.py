"""Lines break where Unicode allows it, with the strict rules of Chinese punctuation."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from synth.linebreak import break_offsets

NO_START, NO_END = set("，。、；：？！」』）》”’…—·,.!?;:)%"), set("「『（《“‘(")


def parts(text: str) -> list[str]:
    offsets = [0, *break_offsets(text), len(text)]
    return [text[a:b] for a, b in pairwise(offsets)]


def test_chinese_punctuation() -> None:
    text = "他说：「你好，世界」。《红楼梦》（上）有“真”吗？有……没有——谁知道！"
    found = parts(text)
    assert len(found) > 15
    assert not [p for p in found if p[0] in NO_START - {"—"} or p[-1] in NO_END]


def test_strict_rules() -> None:
    assert parts("有……没〜人々") == ["有……", "没〜", "人々"]
    assert not [p for p in parts("知——道") if p.startswith("—") and p != "——"]


def test_words_stay_whole() -> None:
    assert parts("The well-known fox, (see 4.5%) don't") == [
        "The ",
        "well-",
        "known ",
        "fox, ",
        "(see ",
        "4.5%) ",
        "don't",
    ]


def test_characters_beyond_the_basic_plane_count_once() -> None:
    assert parts("𠳐𠳐a b𠮷 c") == ["𠳐", "𠳐", "a ", "b", "𠮷 ", "c"]


@given(st.text(st.sampled_from("中文𠳐，。「」“”…—ab c-é😀👍🏽\u200d1%("), max_size=60))
def test_strict_rules_hold_for_any_text(text: str) -> None:
    offsets = break_offsets(text)
    assert offsets == sorted(set(offsets))
    assert all(0 < offset < len(text) for offset in offsets)
    for offset in offsets:
        assert text[offset] not in "，。」" or text[offset - 1] == " "
        assert text[offset - 1] != "「"
        assert not (text[offset - 1].isascii() and text[offset - 1].isalpha() and text[offset] in "abcé")
