"""Where an annotation comes from: what is stored with it, and what it is cached under."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from annotate.prompt import Prompt
from annotate.raw_caption import FULL, LIMIT, render


def stored(reply: dict[str, Any], model: str, prompt: Prompt, seed: int) -> dict[str, Any]:
    """The annotation as it is stored: a valid `reply` and who wrote it, valid against `schema.json`.

    `model` is clipped to the 200 characters of the schema; `seed` is the one this reply was sampled with.
    """
    return reply | {"model": model[:200], "prompt": prompt.digest, "language": prompt.language, "seed": seed}


def cache_key(
    image_sha256: str, prompt: Prompt, raw_caption: str | None, model: str, known_text: Sequence[str] = ()
) -> str:
    """Hex SHA-256 of all that decides what `model` is asked about an image.

    Raw captions that render alike share a key. Seeds are no part of it: they follow from the image. Nor is
    `known_text`, which decides how much of the raw caption is quoted.
    """
    asked = [image_sha256, prompt.digest, render(raw_caption, FULL if known_text else LIMIT), model]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
