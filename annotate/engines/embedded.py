"""The engine without a model: writes an annotation from what the filters measured, in plain sentences.

It says what kind of image it is (by rules, `annotate.kinds`), how bright and colourful, which faces and which text
were found, and names no other object. Its annotations are marked `"model": "embedded"`. English only.
"""

from __future__ import annotations

import json

from annotate.engine import EngineError, ItemError, Reply, Request
from annotate.measured import annotation


class Embedded:
    """The engine `embedded`. Needs `Request.evidence` with `looks`; the same evidence gives the same annotation."""

    model = "embedded"
    wants_picture = False

    def __init__(self, language: str = "en"):
        """Raises EngineError for a language other than `en`."""
        if language != "en":
            raise EngineError(f"the embedded engine writes English only, not {language!r}: choose another engine")

    async def start(self) -> None:
        """Nothing is needed."""

    async def ask(self, request: Request) -> Reply:
        """An annotation as JSON, valid against the prompt's schema. Raises ItemError where nothing was measured."""
        if request.evidence is None or request.evidence.looks is None:
            raise ItemError("nothing was measured of this image")
        known = annotation(request.evidence, request.evidence.looks, request.raw_caption)
        asked = request.prompt.schema(request.prompt.fuses(request.raw_caption))["properties"]
        return Reply(json.dumps({name: known[name] for name in asked}, ensure_ascii=False), "stop", 0, 0)

    async def close(self) -> None:
        """Nothing is held."""
