import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.refusal import refuses
from tests.annotate.replies import CAFE

DEMO = Path(__file__).parents[2] / "demo/images/metadata.jsonl"
CAPTIONS = [json.loads(line)["text"] for line in DEMO.read_text("utf-8").splitlines()]

REFUSALS = [
    "Sorry, I cannot provide a caption for this image.",
    "Sorry, but I can't help with that.",
    "sorry - i am not able to describe people",
    "I'm sorry, but I can't assist with that request.",
    "I’m very sorry. The image could not be read.",
    "I am sorry",
    "I apologize, but I am unable to identify the person in the image.",
    "My apologies, but no image came with your message.",
    "Unfortunately, I cannot view images.",
    "As an AI language model, I do not have the ability to see pictures.",
    "As an AI, I can't see images.",
    "I'm an AI language model and see no image.",
    "I cannot describe this image.",
    "I can not currently process images.",
    "I'm unable to provide a description of this content.",
    "I am not able to view the attached file.",
    "I won't describe that.",
    "Unable to process the image.",
    "No image was provided.",
    "The image cannot be displayed.",
    "Please upload the image you want described.",
    "  **Sorry**, I can't".replace("**", ""),
    "抱歉，我无法提供该图片的描述。",
    "很抱歉，我不能描述这张图片。",
    "非常抱歉，但我无法满足您的要求",
    "对不起，我没有看到任何图片。",
    "对不起",
    "我无法查看图片内容，请您重新上传。",
    "我暂时没办法识别这张照片。",
    "作为一个人工智能语言模型，我无法直接看到图像。",
    "无法提供该图片的描述。",
    "很遗憾，图片加载失败。",
    "请提供一张图片。",
    "未上传图片",
]
CAPTIONS_LIKE_THEM = [
    '"Sorry, we are closed" reads a hand-written sign in a shop window.',
    'A notice on the door reads "Sorry, I cannot provide a caption" in red letters.',
    "“I’m sorry” is written in icing on a round cake.",
    "Sorry! is the title of the board game box on the table.",
    "Sorry-looking chairs stand before an abandoned house.",
    'A robot with a speech bubble: "As an AI language model, I cannot see images."',
    "An AI conference poster lists the speakers.",
    "I Can't Dance, a record sleeve with three men in black suits.",
    "I ♥ NY is printed on a white shirt.",
    "I do. Two brides exchange rings under an arch.",
    "Please Touch Museum: a brick façade with a yellow banner.",
    "No image fills the empty frame; the wall behind it is white.",
    "Unfortunate sailors cling to a wreck in a dark painting.",
    "We Can Do It! A woman in a blue shirt flexes her arm.",
    "A grey placeholder with the text “No image available”.",
    "Apologies, a bronze statue, kneels in a park.",
    "As an airport worker waves, a plane rolls past.",
    "Unable, a small tugboat, lies at a quay.",
    "一块木牌上写着“对不起，我无法提供服务”，挂在商店门口。",
    "“抱歉，今日休息”几个字写在门上的白纸上。",
    "我爱北京天安门的宣传画，红底黄字。",
    "作为背景的远山笼罩在薄雾中，近处是一片湖水。",
    "无法看清的远处有一座塔，近处两个人在划船。",
    "请勿吸烟的标志贴在白墙上。",
    "未完成的油画立在画架上，画中是一位老人。",
    "图片中央是一只橘猫，趴在木地板上。",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_refusals_are_found(text):
    assert refuses(text)
    assert refuses(f"\n  {text.upper()}")


@pytest.mark.parametrize("text", [*CAPTIONS_LIKE_THEM, CAFE["caption"]])
def test_captions_are_no_refusals(text):
    assert not refuses(text)


def test_demo_captions_are_no_refusals():
    assert len(CAPTIONS) > 90
    assert not any(map(refuses, CAPTIONS))


@given(st.sampled_from(CAPTIONS), st.sampled_from(REFUSALS), st.sampled_from(['"{}"', "“{}”", "「{}」"]))
def test_quoted_refusals_are_text_in_the_picture(caption, refusal, quotes):
    quoted = quotes.format(refusal)
    assert not refuses(f"{quoted} stands on a sign. {caption}")
    assert not refuses(f"{caption}, with a sign that says {quoted}")


@given(st.text())
def test_any_text_can_be_asked(text):
    assert refuses(text) in (False, True)
