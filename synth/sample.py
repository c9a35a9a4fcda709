"""What a tier makes: a picture, and the truth about every character in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Quad = tuple[float, float, float, float, float, float, float, float]
"""x and y of four corners in pixels of the image, clockwise from the upper left of the text as it is read."""

LANGUAGES = ("en", "zh", "mixed")
GRADES = ("word", "line", "paragraph")
"""How much is written: a word or two, some lines, whole paragraphs. The curriculum of the trainer goes by it."""


class Discarded(Exception):
    """A sample that cannot be made as wished. `cause` is counted, a few words; `detail` names the character or line."""

    def __init__(self, cause: str, detail: str = ""):
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause, self.detail = cause, detail


@dataclass(frozen=True)
class Wish:
    """What is asked of a tier. `width` and `height` in pixels; `language` of LANGUAGES, `grade` of GRADES."""

    seed: int
    index: int
    width: int = 1024
    height: int = 1024
    language: str = "en"
    grade: str = "paragraph"


@dataclass(frozen=True)
class Char:
    """One character as a reader counts it (a grapheme cluster), and where it was drawn."""

    text: str
    quad: Quad


@dataclass(frozen=True)
class Line:
    """One line of text. `role`: title, body, label, …; `font`: family and style; `size` in pixels as drawn."""

    text: str
    language: str
    quad: Quad
    chars: tuple[Char, ...]
    font: str
    size: float
    role: str = "body"
    vertical: bool = False


@dataclass(frozen=True)
class Sample:
    """One image whose text is known. `pixels`: uint8 [height, width, 3], RGB.

    `paragraphs`: the text as it was chosen, in reading order; `lines`: as it was broken and drawn. `layout`: name of
    the layout or template. `scene`: a phrase that says what carries the text and how it looks ("a sheet of cream
    paper on a wooden desk"), for the prompt. `image_type`, `style` and `domain` are those of an annotation; `objects`
    (name, attributes) and `relations` (subject, predicate, object) likewise. `notes`: whatever else repeats the
    sample (fonts and their licences, colours, parameters), plain JSON values. `files`: what may be kept beside the
    image, by ending, such as the edited `.pptx`. `brief`: all there is to say in few words, {text} for the text, where
    a picture shows no more than that.
    """

    pixels: NDArray[np.uint8]
    paragraphs: tuple[str, ...]
    lines: tuple[Line, ...]
    layout: str
    scene: str
    image_type: str
    style: str
    domain: str
    objects: tuple[tuple[str, tuple[str, ...]], ...] = ()
    relations: tuple[tuple[str, str, str], ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    brief: str = ""
