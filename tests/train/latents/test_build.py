"""Codecs by their settings."""

from __future__ import annotations

import pytest

from train.fields import ConfigError
from train.latents import build
from train.latents.dct import DCT


def test_the_codec_without_weights_is_the_default() -> None:
    assert build({}).name == build({"codec": "dct"}).name == DCT().name


def test_a_scale_by_name() -> None:
    assert build({"scale": "pictures"}).name == DCT().name
    assert build({"scale": "words"}).name == "dct-a94eaddd1a85"  # what was learnt with it depends on it


def test_a_scale_of_ones_own() -> None:
    scale = {"mean": [0] * 16, "divisor": [1] * 16}
    assert build({"codec": "dct", "scale": scale}).name not in ("", DCT().name)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"codec": "dtc"}, "there is no codec 'dtc'; did you mean 'dct'?"),
        ({"codec": None}, "there is no codec 'None'; it is one of dct, qwen"),
        ({"codec": "qwen"}, "latents.path is missing"),
        ({"codec": "qwen", "pth": "x"}, "latents has no 'pth'; did you mean 'path'?"),
        (
            {"codec": "dct", "scale": {"mean": [0], "divisor": [1]}},
            "latents.scale: mean and divisor are 16 numbers each",
        ),
        (
            {"codec": "dct", "scale": "word"},
            "latents.scale must be a mapping or 'pictures' or 'words', not 'word'",
        ),
    ],
)
def test_mistakes_are_told_in_one_line(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
