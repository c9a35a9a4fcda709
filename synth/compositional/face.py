"""The face of a carrier in the picture: warped, bent, shining, lit, as soft and grainy as the scene."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional import light, match
from synth.compositional.carriers import Blank
from synth.compositional.colour import Pixels
from synth.compositional.layers import alpha_of, clipped, colours_of, over, premultiplied
from synth.compositional.materials.relief import apply
from synth.compositional.scenes.base import Scene
from synth.compositional.stage import Stage
from synth.compositional.warp import Box, Warp


def put(rng: np.random.Generator, picture: Pixels, scene: Scene, stage: Stage, blank: Blank, face: Pixels) -> None:
    """The carrier's face, in place: warped, bent, shining, lit, as soft and grainy as the scene."""
    height, width = blank.alpha.shape
    rim = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    box = clipped(np.concatenate([stage.front.points(rim), stage.front.points(blank.outline)]), picture)
    if box is None:
        return
    drawn = stage.front.render(premultiplied(face, blank.alpha), box)
    alpha, colours = alpha_of(drawn), colours_of(drawn)
    if any(wave[0] for wave in (stage.front.bend.down, stage.front.bend.across)):
        colours = apply(colours, curved(stage.front, box, scene))
    if blank.decal:
        colours = apply(colours, relief_of(picture[box[1] : box[3], box[0] : box[2]]))
    if not scene.relit and blank.glow is None:
        colours = light.lit(colours, part(scene, box, picture))
    if blank.gloss:
        colours = shining(rng, colours, alpha, blank.gloss)
    if not scene.relit:
        colours, alpha = match.softened(colours, scene.blur), match.softened(alpha, scene.blur)
        colours = np.minimum(match.grained(rng, colours, scene.grain), cv2.merge([alpha] * 3))
    over(picture, colours, alpha, box)


def part(scene: Scene, box: Box, picture: Pixels) -> Pixels:
    """The scene's light within a box, in steps of 1/STEPS."""
    return light.spread(scene.light.factors, *picture.shape[:2])[box[1] : box[3], box[0] : box[2]]


def curved(warp: Warp, box: Box, scene: Scene) -> NDArray[np.float32]:
    """Shade of a bent sheet, about 1, for every pixel of the box."""
    left, top, right, bottom = box
    x, y = np.meshgrid(np.arange(left, right + 8, 8) + 4.0, np.arange(top, bottom + 8, 8) + 4.0)
    down, across = warp.bend.slopes(*warp.source(x, y))
    shade = 1 + 1.3 * scene.light.towards[0] * down + 1.3 * scene.light.towards[1] * across
    size = shade.shape[1] * 8, shade.shape[0] * 8
    full = cv2.resize(np.clip(shade, 0.6, 1.3).astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[: bottom - top, : right - left], np.float32)


def relief_of(pixels: Pixels) -> NDArray[np.float32]:
    """Light and shade of the ground beneath a coat of paint, about 1."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    mean = cv2.blur(grey, (41, 41)).astype(np.float32)
    return np.clip(
        1 + 0.75 * (cv2.GaussianBlur(grey, (0, 0), 0.8).astype(np.float32) / np.maximum(mean, 20) - 1), 0.62, 1.25
    )


def shining(rng: np.random.Generator, colours: Pixels, alpha: NDArray[np.uint8], gloss: float) -> Pixels:
    """A soft reflection across a glossy face."""
    height, width = alpha.shape
    y, x = np.mgrid[0 : height // 8 + 1, 0 : width // 8 + 1].astype(np.float32)
    along = x / (width / 8) * np.float32(rng.uniform(0.5, 1.2)) + y / (height / 8) - np.float32(rng.uniform(0.2, 1.6))
    band = np.exp(-((along / rng.uniform(0.12, 0.4)) ** 2)) * np.float32(34 * gloss * rng.uniform(0.3, 1.0))
    full = cv2.resize(band, (width // 8 * 8 + 8, height // 8 * 8 + 8))[:height, :width].astype(np.float32)
    shine = full * alpha * np.float32(1 / 255)
    return np.asarray(cv2.add(colours, cv2.merge([cv2.convertScaleAbs(shine)] * 3)), np.uint8)
