"""What an engine is that draws screens, posters and cards: from settled trees to pixels and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synth.complex.flex import Rect
from synth.complex.stage import Part
from synth.complex.theme import Theme
from synth.sample import Line


@dataclass(frozen=True)
class Pane:
    """A settled tree, and the rectangle with round corners of `radius` pixels that shows it."""

    root: Part
    rect: Rect
    radius: float = 0.0


@dataclass(frozen=True)
class Plate:
    """What is to be drawn. `ground`: what lies beneath the panes, opaque RGBA uint8 [height, width, 4]; `photos`: RGB
    uint8 [h, w, 3], which take the place of painted pictures; all else that is left to chance comes from `rng`."""

    ground: NDArray[np.uint8]
    panes: Sequence[Pane]
    theme: Theme
    rng: np.random.Generator
    photos: Sequence[NDArray[np.uint8]] = ()


@dataclass(frozen=True)
class Written:
    """A text and its lines as they were drawn. `emboldened`: a line round the letters stands for bold."""

    text: str
    lines: tuple[Line, ...]
    emboldened: bool


@dataclass(frozen=True)
class Drawing:
    """`pixels`: RGB uint8 [height, width, 3]; `texts` in reading order."""

    pixels: NDArray[np.uint8]
    texts: tuple[Written, ...]


class Engine(Protocol):
    """Draws plates. `name`: what it is, with its version. The parts' `rect`s are where it has drawn them."""

    @property
    def name(self) -> str: ...

    def draw(self, plate: Plate) -> Drawing:
        """Raises Discarded: "missing glyph", "text does not fit", "contrast too low"; an engine that breaks lines by
        itself also "text differs" (it drew something else), and "engine failed"."""
        ...
