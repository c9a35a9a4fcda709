"""Text accuracy: whether text whose content and place are known can be read back from the image.

For images made by `curation synth`, whose annotation holds every line with its box. It verifies what was drawn;
images without such an annotation have no signals and pass.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein

from filters import text_reader
from filters.base import AtMost, Filter, Signal, Signals
from filters.image import Image, Pixels
from filters.text_reader import SIDE, Map

LANGUAGES = ("en", "zh")
"""Lines in other languages are passed over: the recogniser reads no Arabic, Hebrew, Hangul or Cyrillic."""

MARGIN, ENDS = 0.05, 0.3
"""What a box grows by on either side across and along the line, as shares of its height, before it is read. A
larger margin makes characters smaller, and the recogniser then drops some of those set wide apart."""

LEVELS = (1, 2, 3)
"""Levels of the Table of General Standard Chinese Characters."""

_ALIKE = str.maketrans(
    dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’‚‹›`´", "'") | dict.fromkeys("–—―‒−", "-") | {"·": "."}
)
"""Marks that differ in form only, or that fonts draw alike."""


@dataclass(frozen=True)
class Known:
    """A line as the annotation has it.

    `corners`: [4, 2], x and y in pixels, clockwise from the upper left of the text as it is read. `levels`: of each
    of `characters` 1, 2, 3, or 0 where it is none of the Chinese standard ones.
    """

    characters: tuple[str, ...]
    levels: tuple[int, ...]
    corners: Map
    vertical: bool


@dataclass(frozen=True)
class Errors:
    """`wrong` characters of `total`, and the same of each of `LEVELS`; insertions count in `wrong` alone."""

    wrong: int
    total: int
    level_wrong: tuple[int, int, int]
    level_total: tuple[int, int, int]


@dataclass(frozen=True)
class TextAccuracy(Filter):
    """Drops images whose known text reads back as something else.

    Character errors are edits (insertions, deletions, substitutions) over all characters, after NFKC, without white
    space, quotation marks and dashes of all forms taken for one. Each line is cut out by its known box, so that the
    text detector has no part in it, levelled, and read by the recogniser of `filters.text_reader`.

    Of 36 clean lines each in Noto Sans and Serif of 20 to 40 px the recogniser itself gets wrong: English prose
    0.0 %, Chinese prose 0.4 %, random characters of level 1 0.7 %, of level 2 3.5 %, of level 3 23 %; PP-OCRv6 of
    `rapidocr` 3.10 has 0.1, 0.0, 0.9, 3.9 and 28 %. So level 3 tells of the reader, not of the text. The default
    drops next to nothing: the stage is there to measure. Cost: 40 ms a line on one thread.
    """

    max_cer: float = 1.0

    name = "text_accuracy"
    signals = (
        Signal("cer", 0, 0.25, "character errors per character of the known text"),
        *(
            Signal(f"cer_level{level}", 0, 0.25, f"the same, of Chinese characters of level {level}")
            for level in LEVELS
        ),
        Signal("lines", 0, 64, "lines of known text that were read back"),
    )
    limits = (AtMost("cer", "max_cer", "the text that should stand there cannot be read"),)

    def __post_init__(self) -> None:
        if not self.max_cer >= 0:
            raise ValueError(f"max_cer is a share of characters, so 0 or more, not {self.max_cer}")

    def measure(self, image: Image) -> Signals:
        lines = known_lines(image.annotation)
        pixels = image.rgb(SIDE)
        scale = np.array([pixels.shape[1] / image.width, pixels.shape[0] / image.height], np.float32)
        found = [errors(line, text_reader.recognise(cut(pixels, line, scale))[0]) for line in lines]
        return {
            "cer": _share((e.wrong for e in found), (e.total for e in found)),
            **{
                f"cer_level{level}": _share((e.level_wrong[at] for e in found), (e.level_total[at] for e in found))
                for at, level in enumerate(LEVELS)
            },
            "lines": float(len(lines)) if lines else math.nan,
        }

    def model_files(self) -> list[Path]:
        return [text_reader.model_file(), text_reader.characters_file()]


def known_lines(annotation: str | None) -> list[Known]:
    """The lines that an annotation, JSON text, knows of; none where it knows of none in LANGUAGES.

    Raises ValueError where lines are there and say something else than the annotation's schema has.
    """
    if annotation is None or '"synthesis"' not in annotation:
        return []
    try:
        lines = json.loads(annotation)["synthesis"]["lines"]
        return [line for line in map(_known, lines) if line is not None]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ValueError(f"the annotation's lines cannot be read: {error!r}") from error


def _known(line: dict[str, Any]) -> Known | None:
    characters, levels = tuple(map(str, line["characters"])), tuple(map(int, line["levels"]))
    corners = np.array(line["quad"], np.float32).reshape(4, 2)
    if len(levels) != len(characters) or not np.isfinite(corners).all():
        raise ValueError(f"{len(characters)} characters have {len(levels)} levels, at {line['quad']}")
    wanted = line["language"] in LANGUAGES and any(map(_plain, characters))
    return Known(characters, levels, corners, line["direction"] == "vertical") if wanted else None


def cut(pixels: Pixels, line: Known, scale: Map) -> Pixels:
    """The line out of uint8 [h, w, 3] RGB `pixels`, as `text_reader.levelled` gives it.

    `scale`: [2], pixels of `pixels` for one of the line's corners, in x and y. A column of upright characters is
    turned by a quarter to the left, on which the network was trained.
    """
    corners = line.corners * scale
    corners = np.roll(corners, -1, axis=0) if line.vertical else corners
    height = max(1.0, (_distance(corners, 0, 3) + _distance(corners, 1, 2)) / 2)
    length = max(1.0, (_distance(corners, 0, 1) + _distance(corners, 3, 2)) / 2)
    across, along = MARGIN, ENDS * height / length
    grown = np.array([[-along, -across], [1 + along, -across], [1 + along, 1 + across], [-along, 1 + across]])
    to_image = cv2.getPerspectiveTransform(text_reader.UNIT_SQUARE, corners)
    outer = cv2.perspectiveTransform(grown[None].astype(np.float32), to_image)[0]
    return text_reader.levelled(pixels, outer, height * (1 + 2 * across), length * (1 + 2 * along))


def errors(line: Known, read: str) -> Errors:
    """How `read` differs from the line. In columns only letters and figures count: their punctuation has forms of its
    own, which the recogniser does not know."""
    plain = [(char, level) for text, level in zip(line.characters, line.levels, strict=True) for char in _plain(text)]
    plain = [(char, level) for char, level in plain if char.isalnum() or not line.vertical]
    truth, levels = "".join(char for char, _ in plain), [level for _, level in plain]
    edits = Levenshtein.editops(truth, "".join(char for char in _plain(read) if char.isalnum() or not line.vertical))
    lost = [levels[edit.src_pos] for edit in edits if edit.tag != "insert"]
    return Errors(len(edits), len(truth), _by_level(lost), _by_level(levels))


def _by_level(levels: Iterable[int]) -> tuple[int, int, int]:
    counted = list(levels)
    return counted.count(1), counted.count(2), counted.count(3)


def _plain(text: str) -> str:
    """`text` as it is compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate(_ALIKE)))


def _distance(corners: Map, one: int, other: int) -> float:
    return float(np.linalg.norm(corners[one] - corners[other]))


def _share(wrong: Iterable[int], total: Iterable[int]) -> float:
    whole = sum(total)
    return sum(wrong) / whole if whole else math.nan
