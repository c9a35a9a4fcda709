"""Sentences written around characters that no natural sentence at hand holds, by patterns that read naturally."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth.chance import chance, pick
from synth.characters import levels
from synth.vocabulary import reading, words

TOGETHER = 3
"""Characters a sentence that is not a mere list holds at the most."""

TRIES = 6
"""Patterns tried for one that fits into the room there is."""

NAMED = (
    "名单上还有{named}。",
    "会议由{named}主持。",
    "参加者：{named}。",
    "获奖的同学有{named}。",
)
"""Several at once, likewise."""

WORDED = (
    "请用{worded}各造一个句子。",
    "本课的新词有{worded}。",
    "听写：{worded}。",
    "黑板上写着{worded}几个词。",
    "先查{worded}，再读课文。",
    "这首歌里唱到了{worded}。",
)
"""Several at once that all have words."""

SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"

WITH_WORD = (
    "“{word}”的“{it}”读作{reading}。",
    "“{it}”读{reading}，如“{word}”。",
    "词典里查得到“{word}”，其中“{it}”音{reading}。",
    "他在作文里用了“{word}”一词。",
    "“{word}”这个词，你会写吗？",
    "黑板上写着两个大字：{word}。",
    "书里说到“{word}”，旁边注着拼音{reading}。",
    "请用“{word}”造一个句子。",
    "这一课的新词是“{word}”。",
    "说到{word}，大家都来了兴致。",
    "奶奶讲的故事里，常常出现“{word}”。",
    "读到“{word}”时，他停下来查了字典。",
)

ALONE = (
    "“{it}”字怎么读？答案是{reading}。",
    "老师在黑板上写了一个“{it}”字。",
    "汉字“{it}”的拼音是{reading}。",
    "字典第{page}页收有“{it}”字，音{reading}。",
    "输入{reading}，候选字里就有“{it}”。",
    "印章上刻的是“{it}”字。",
    "村口的木牌上写着一个“{it}”字。",
    "练习本上，“{it}”字写了整整一行。",
)

RARE = (
    "新来的同学叫{surname}{it}。",
    "信封上写着{surname}{it}先生收。",
    "{surname}{it}老师的办公室在三楼。",
    "姓名：{surname}{it}；拼音：{reading}。",
    "“{it}”读作{reading}，平时很少见到。",
    "这块石碑上，只有一个“{it}”字还看得清。",
    "我第一次见到“{it}”这个字，是在一本旧书里。",
    "他的名字里有个“{it}”字，常被人念错。",
    "“{it}”是个生僻字，读{reading}。",
    "{surname}{it}的“{it}”，不少人不认得。",
)
"""For characters of level 3, many of which are in the table because of names, and those that no word has."""

TOGETHER_PATTERNS = (
    "今天要认的生字是{marked}。",
    "“{first}”读{first_reading}，{rest_read}。",
    "请给下列汉字注音：{plain}。",
    "字典里，{quoted}都收在后面几页。",
    "{quoted}这几个字，你认得吗？",
    "练习：{marked}，每字写三遍。",
    "识字表：{marked}。",
    "碑文里的{quoted}已经难以辨认。",
)


def carrier(rng: np.random.Generator, characters: Sequence[str], room: int) -> str | None:
    """A sentence of `room` characters at the most that holds all of `characters`; None where not even a list fits.

    One to TOGETHER characters come in a sentence of the patterns above; more, or little room, make a bare list.
    """
    if len(characters) <= TOGETHER:
        for _ in range(TRIES):
            text = _alone(rng, characters[0]) if len(characters) == 1 else _together(rng, characters)
            if len(text) <= room:
                return text
    text = pick(rng, ("生字", "字例", "例字", "认读")) + "：" + "、".join(characters) + "。"
    return text if len(text) <= room else None


def room_for(count: int) -> int:
    """Characters that a list of `count` takes."""
    return 2 * count + 3 if count else 0


def _alone(rng: np.random.Generator, it: str) -> str:
    held = words().get(it)
    word = pick(rng, held) if held else ""
    pattern = pick(rng, WITH_WORD if word and chance(rng, 0.75) else ALONE + RARE if _is_rare(it) else ALONE)
    if "两个大字" in pattern and len(word) != 2:
        pattern = WITH_WORD[0]
    return pattern.format(
        it=it, word=word, reading=reading(it), surname=pick(rng, SURNAMES), page=int(rng.integers(12, 1600))
    )


def _together(rng: np.random.Generator, characters: Sequence[str]) -> str:
    held = [words().get(it, ()) for it in characters]
    patterns = TOGETHER_PATTERNS + NAMED if all(map(_is_rare, characters)) else TOGETHER_PATTERNS
    return pick(rng, WORDED if all(held) and chance(rng, 0.75) else patterns).format(
        worded="".join(f"“{pick(rng, each)}”" for each in held if each),
        marked=_listed([f"{it}（{reading(it)}）" for it in characters]),
        quoted="".join(f"“{it}”" for it in characters),
        named=_listed([pick(rng, SURNAMES) + it for it in characters]),
        plain="、".join(characters),
        first=characters[0],
        first_reading=reading(characters[0]),
        rest_read="，".join(f"“{it}”读{reading(it)}" for it in characters[1:]),
    )


def _is_rare(it: str) -> bool:
    return levels()[it] == 3 or it not in words()


def _listed(items: Sequence[str]) -> str:
    return "、".join(items[:-1]) + "和" + items[-1]
