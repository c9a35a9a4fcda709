"""Samples put together by hand, with lines where a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from synth.sample import Char, Line, Sample

WIDTH, HEIGHT = 400, 300


def line(text: str, top: float = 20, role: str = "body", language: str = "en", **changes: Any) -> Line:
    """A line of `text`, 20 pixels high, each character 8 pixels wide."""
    chars = tuple(Char(c, _quad(20 + 8 * at, top, 28 + 8 * at, top + 20)) for at, c in enumerate(text))
    made = {"font": "Inter Regular", "size": 18.0, "role": role} | changes
    return Line(text, language, _quad(20, top, 20 + 8 * len(text), top + 20), chars, **made)


def sample(lines: Sequence[Line], paragraphs: Sequence[str] | None = None, **changes: Any) -> Sample:
    """A grey picture said to hold `lines`; each is a paragraph unless `paragraphs` are given."""
    made: dict[str, Any] = {
        "pixels": np.full((HEIGHT, WIDTH, 3), 128, np.uint8),
        "paragraphs": tuple(paragraphs if paragraphs is not None else (each.text for each in lines)),
        "lines": tuple(lines),
        "layout": "page",
        "scene": "a sheet of cream paper on a desk",
        "image_type": "document",
        "style": "typeset page",
        "domain": "Design/posters",
    }
    return Sample(**(made | changes))


def _quad(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    return left, top, right, top, right, bottom, left, bottom
