import re

import numpy as np
import pytest

from synth.composing import cut, joined, mixed
from synth.source import TextSource
from synth.splitting import HAN


@pytest.mark.parametrize(
    ("parts", "paragraph"),
    [
        (["It rained.", "We left."], "It rained. We left."),
        (["It rained.", "我们走了。"], "It rained. 我们走了。"),
        (["他说：“走吧。”", "We left."], "他说：“走吧。”We left."),
        (["我们走了。", "It rained."], "我们走了。It rained."),
        (["我们走了", "It rained."], "我们走了 It rained."),
        (["我们走了", "天下雨"], "我们走了天下雨"),
        (["“Go.”", "“好。”"], "“Go.”“好。”"),
        (["我发到 a@b.example.", "Excel 很好用。"], "我发到 a@b.example. Excel 很好用。"),
        (["一"], "一"),
        ([], ""),
    ],
)
def test_a_space_stands_between_english_and_chinese(parts: list[str], paragraph: str) -> None:
    assert joined(parts) == paragraph


def test_mixed_paragraphs_have_a_space_after_every_english_sentence() -> None:
    """None has a full stop of English with Chinese writing right behind it."""
    source, met = TextSource(), 0
    for seed in range(60):
        text = source.for_sample(1, seed).paragraph(np.random.default_rng(seed), "mixed", (120, 240))
        assert len(text) <= 240
        assert not re.search(rf"[a-z][.!?][{HAN}]", text), text
        met += bool(re.search(rf"[a-z][.!?] [{HAN}]", text))
    assert met > 20


def test_mixed_keeps_the_order_of_each_language() -> None:
    zh, en = ["一。", "二。", "三。"], ["A.", "B."]
    found = mixed(np.random.default_rng(3), zh, en)
    assert [part for part in found if part in zh] == zh
    assert [part for part in found if part in en] == en


def test_a_cut_ends_with_a_full_stop() -> None:
    assert cut("One two three four", 12) == "One two."
    assert cut("一二三四五六七", 5) == "一二三四。"
    assert cut("short", 12) == "short"
