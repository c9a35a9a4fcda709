"""Pictures as latents: a codec by its settings."""

from __future__ import annotations

from collections.abc import Mapping

from curation.mistake import hint
from train import fields
from train.fields import ConfigError
from train.latents.base import Codec
from train.latents.dct import DCT
from train.latents.qwen_vae import QwenVAE

KINDS: dict[str, type[Codec]] = {"dct": DCT, "qwen": QwenVAE}


def build(settings: Mapping[str, object]) -> Codec:
    """The codec that `settings` name: `{"codec": "dct"}`, which is also the default, needs no weights;
    `{"codec": "qwen", "path": PATH}` is the VAE of Qwen-Image. The other settings are the fields of its class.

    Raises ConfigError.
    """
    name = str(settings.get("codec", "dct"))
    if name not in KINDS:
        raise ConfigError(f"there is no codec {name!r}; {hint(name, KINDS)}")
    given = {key: value for key, value in settings.items() if key != "codec"}
    return fields.build(KINDS[name], given, "latents")
