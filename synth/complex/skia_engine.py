"""The engine of our own: our layout, our line breaking, drawn by skia."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex.engine import Drawing, Pane, Plate, Written
from synth.complex.fitting import texts
from synth.complex.paint import Painter
from synth.text import canvas


@dataclass(frozen=True)
class Skia:
    """Draws what was settled, as it was settled."""

    @property
    def name(self) -> str:
        return f"skia-python {version('skia-python')}"

    def draw(self, plate: Plate) -> Drawing:
        """As `Engine.draw` has it; texts lie on top of everything else."""
        pixels = plate.ground.copy()
        painter = Painter(canvas(pixels), plate.theme, plate.rng, plate.photos)
        for pane in plate.panes:
            _paint(painter, pane)
        written = _write(painter, plate, pixels)
        return Drawing(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.uint8), written)


def _paint(painter: Painter, pane: Pane) -> None:
    painter.canvas.save()
    if pane.radius:
        rect = skia.Rect.MakeXYWH(pane.rect.x, pane.rect.y, pane.rect.w, pane.rect.h)
        painter.canvas.clipRRect(skia.RRect.MakeRectXY(rect, pane.radius, pane.radius), True)
    painter.paint(pane.root)
    painter.canvas.restore()


def _write(painter: Painter, plate: Plate, pixels: NDArray[np.uint8]) -> tuple[Written, ...]:
    behind = pixels.copy()
    written = []
    for pane in plate.panes:
        for part in texts(pane.root):
            words = part.words
            assert words is not None
            layout = words.placed(part.room, part.settings["text_align"])
            painter.write(part, layout, behind)
            written.append(Written(words.text, words.sampled(layout), words.outline > 0))
    return tuple(written)
