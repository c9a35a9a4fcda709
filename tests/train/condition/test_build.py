"""Text encoders by their settings."""

from __future__ import annotations

import pytest

from train.condition import build
from train.fields import ConfigError


def test_the_encoder_without_weights_is_the_default() -> None:
    assert build({}).name == build({"encoder": "letters"}).name == "letters-1"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"encoder": "leters"}, "there is no text encoder 'leters'; did you mean 'letters'?"),
        ({"encoder": 5}, "there is no text encoder '5'; it is one of letters, qwen"),
        ({"encoder": ["qwen"]}, "there is no text encoder"),
        ({"encoder": "qwen"}, "text.path is missing"),
        ({"encoder": "qwen", "pth": "x"}, "text has no 'pth'; did you mean 'path'?"),
        ({"encoder": "qwen", "path": "x", "precision": "fp8"}, "text.precision"),
        ({"encoder": "letters", "path": "x"}, "text has no 'path'"),
    ],
)
def test_mistakes_are_told_in_one_line(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(settings)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
