"""Layers over a picture: premultiplied colours, their alpha, and the box they cover."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels
from synth.compositional.view import Points
from synth.compositional.warp import Box


def premultiplied(face: Pixels, alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 [h, w, 4], colours times alpha."""
    colours = cv2.multiply(face, cv2.merge([alpha] * 3), scale=1 / 255)
    return np.asarray(cv2.insertChannel(alpha, cv2.cvtColor(colours, cv2.COLOR_RGB2RGBA), 3), np.uint8)


def colours_of(drawn: NDArray[np.uint8]) -> Pixels:
    return np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGBA2RGB), np.uint8)


def alpha_of(drawn: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.extractChannel(drawn, 3), np.uint8)


def over(picture: Pixels, colours: Pixels, alpha: NDArray[np.uint8], box: Box) -> None:
    """Premultiplied colours over a part of the picture, in place."""
    under = picture[box[1] : box[3], box[0] : box[2]]
    clear = cv2.merge([cv2.bitwise_not(alpha)] * 3)
    cv2.add(cv2.multiply(under, clear, scale=1 / 255), colours, under)


def clipped(points: Points, picture: Pixels) -> Box | None:
    """The box about points, within the picture; None if they lie outside."""
    height, width = picture.shape[:2]
    left, top = np.maximum(0, np.floor(points.min(0)) - 2).astype(int)
    right, bottom = np.minimum((width, height), np.ceil(points.max(0)) + 2).astype(int)
    return (int(left), int(top), int(right), int(bottom)) if right - left > 1 and bottom - top > 1 else None
