"""Captions as vectors: a text encoder by its settings."""

from __future__ import annotations

from collections.abc import Mapping

from curation.mistake import hint
from train import fields
from train.condition.base import TextEncoder
from train.condition.letters import Letters
from train.condition.qwen import Qwen
from train.fields import ConfigError

KINDS: dict[str, type[TextEncoder]] = {"letters": Letters, "qwen": Qwen}


def build(settings: Mapping[str, object]) -> TextEncoder:
    """The encoder that `settings` name: `{"encoder": "letters"}`, which is also the default, needs no weights;
    `{"encoder": "qwen", "path": PATH}` is Qwen2.5-VL. The other settings are the fields of its class.

    Raises ConfigError.
    """
    name = str(settings.get("encoder", "letters"))
    if name not in KINDS:
        raise ConfigError(f"there is no text encoder {name!r}; {hint(name, KINDS)}")
    given = {key: value for key, value in settings.items() if key != "encoder"}
    return fields.build(KINDS[name], given, "text")
