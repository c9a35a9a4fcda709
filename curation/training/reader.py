"""What stands in a sample, for the trainer to tell how well a model writes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from filters import text_reader
from filters.image import Image

SIDE = 192
"""Smaller pictures are enlarged until their shorter side has so many pixels. Of words of one to four letters all are
read as they were drawn, and behind the embedded codec 96 % in 64 × 64 pixels and 94 % in 64 × 32: of 50 each."""

MARGIN = 0.5
"""The picture is continued at its edges by this share of its sides: the detector misses text that touches the edge."""


def read(picture: NDArray[np.uint8]) -> str:
    """The text of an RGB picture, uint8 [height, width, 3] of any size, in reading order, lines parted by spaces."""
    height, width = picture.shape[:2]
    scale = max(1.0, SIDE / min(height, width))
    down, across = round(height * MARGIN), round(width * MARGIN)
    framed = cv2.copyMakeBorder(picture, down, down, across, across, cv2.BORDER_REPLICATE)
    large = cv2.resize(framed, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    encoded = cv2.imencode(".png", cv2.cvtColor(large, cv2.COLOR_RGB2BGR))[1].tobytes()
    return " ".join(line.text for line in text_reader.read(Image(encoded)))
