import json
import random
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.repetition import MAX_SHARE, loops, share
from tests.annotate.replies import CAFE

DEMO = Path(__file__).parents[2] / "demo/images/metadata.jsonl"
CAPTIONS = [json.loads(line)["text"] for line in DEMO.read_text("utf-8").splitlines()]
PROSE = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")

MENU = "A chalkboard menu lists " + ", ".join(
    f'"{drink} {size} {price}.50"'
    for drink in ("Espresso", "Cappuccino", "Latte", "Mocha", "Green tea", "Lemonade")
    for size, price in (("small", 3), ("large", 4))
)
HOURS = "The door lists the hours: " + ", ".join(
    f'"{day} 9:00 to 18:00"' for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
)
SHELVES = "".join(
    f"On the {row} shelf stand {count} {colour} bottles with white labels. "
    for row, count, colour in (("top", "four", "green"), ("second", "six", "brown"), ("third", "two", "blue"))
)
SIGNS = f'{CAFE["caption"]} Five stickers along the counter all say "BUY ONE GET ONE FREE": ' + ", ".join(
    ['"BUY ONE GET ONE FREE"'] * 5
)
CHINESE = (
    "画面中央是一张深色木桌，桌上放着一只白色瓷杯，杯中盛着热茶，热气缓缓升起。桌子左侧是一把红色的椅子，右侧是一把蓝色的椅子，"
    "椅背上搭着一件灰色外套。墙上挂着三幅装裱好的水墨画，左边一幅画的是山水，中间一幅画的是竹子，右边一幅画的是梅花。"
    "窗外阳光明媚，光线从左侧照进房间，在地板上投下长长的影子。"
    "门边的牌子上写着“今日特价：红烧牛肉面 28元，番茄鸡蛋面 22元，葱油拌面 18元”。"
)


@pytest.mark.parametrize("caption", [*CAPTIONS, CAFE["caption"], MENU, HOURS, SHELVES, SIGNS, CHINESE, PROSE[:1600]])
def test_captions_are_no_loops(caption):
    assert share(caption) < MAX_SHARE / 2
    assert not loops(caption)


PHRASES = [
    "a red chair, ",
    "the ",
    "and a small white bowl with a blue rim on the wooden table next to ",
    "SALE ",
    "x",
    "ab",
    "红色的花，",
    "的",
    "画面中央是一张深色木桌，桌上放着一只白色瓷杯，",
    "😀",
    "0 1 ",
]


@pytest.mark.parametrize("phrase", PHRASES)
@pytest.mark.parametrize("start", ["", CAFE["caption"], CHINESE, PROSE[:1000]])
def test_loops_cut_off_by_the_bound_are_found(phrase, start):
    assert loops((start + " " + phrase * 1600)[:1600])


@pytest.mark.parametrize("phrase", [CAFE["caption"], CHINESE])
def test_a_caption_written_three_times_is_a_loop(phrase):
    assert not loops(phrase)
    assert loops(phrase * 3)


@given(
    st.integers(0, 2**32),
    st.sampled_from([string.ascii_letters + " .,", string.printable, "的一是在不了有和人这中大为上个国我以要他"]),
)
@settings(max_examples=200, deadline=None)
def test_noise_is_no_loop(seed, alphabet):
    noise = "".join(random.Random(seed).choices(alphabet, k=1600))
    assert share(noise) < 0.05
    assert not loops(noise)


@given(st.text(max_size=300))
def test_share_is_a_share(text):
    assert 0 <= share(text) <= 1
    assert share(text.upper()) <= 1
    assert loops(text) in (False, True)


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=6), min_size=4, max_size=60), st.integers(2, 5))
def test_what_stands_there_n_times_is_repeated(words, times):
    text = " ".join(words)
    assert share(" ".join([text] * times)) >= 1 - 1 / times - 0.2 / times - share(text) - 3 / len(words) / times


def test_too_little_text_proves_nothing():
    assert share("") == share("a cat") == 0
    assert not loops("no no no no no no no no")
