"""The shadows of a carrier on what it touches."""

from __future__ import annotations

import cv2
import numpy as np

from synth.compositional import shadow
from synth.compositional.carriers import Blank
from synth.compositional.colour import Pixels
from synth.compositional.scenes.base import Scene
from synth.compositional.stage import Stage
from synth.compositional.view import moved


def fallen(rng: np.random.Generator, picture: Pixels, scene: Scene, stage: Stage, blank: Blank) -> None:
    """What the carrier throws on the ground beneath it: a tight dark rim, and a softer shadow along the light."""
    unit = min(stage.place.width, stage.place.height)
    lift = blank.lift * unit * rng.uniform(0.3, 1.4, 4)  # each corner stands off as it likes
    far = scene.light.length * np.array(scene.light.towards)
    low, high = blank.outline.min(0), blank.outline.max(0)
    u, v = ((blank.outline - low) / (high - low)).T
    off = (1 - v) * ((1 - u) * lift[0] + u * lift[1]) + v * (u * lift[2] + (1 - u) * lift[3])
    reach = float(off.max()) + stage.deep
    base = stage.behind(blank.outline, -stage.deep, np.zeros(2))
    thrown = stage.behind(blank.outline, -stage.deep, far * (off + stage.deep)[:, None])
    if stage.deep > 1.5:
        thrown = cv2.convexHull(np.concatenate([base, thrown]).astype(np.float32))[:, 0].astype(float)
    hard = scene.light.hard
    blur = 1.5 + reach * scene.light.length * (0.55 - 0.35 * hard)
    shadow.cast(picture, thrown, 0.34 + 0.24 * hard, blur)
    shadow.cast(picture, base + 1.5 * np.array(scene.light.towards), 0.42, 3.0 + 0.12 * reach)


def standing(picture: Pixels, scene: Scene, stage: Stage, raised: bool) -> None:
    """The shadow of a standing carrier on the table: dark where it touches, soft in front of and beside it."""
    floor = stage.eye.floor(stage.foot)
    left, right = (float(moved(stage.place.pose, np.array([[x, 0.0]]))[0, 0]) for x in (0, stage.place.width))
    lean, high, deep = scene.light.towards[0], stage.place.height, max(stage.deep, 6.0)
    for reach, depth, blur in ((0.30, 0.30, 26.0), (0.09, 0.34, 9.0)):
        slip, near = lean * reach * high, -0.55 * reach * high
        soft = np.array([[left, deep], [right, deep], [right + slip, near], [left + slip, near]])
        shadow.cast(picture, moved(floor, soft), depth, blur)
    if raised:  # on a foot of its own: only that touches
        third = (right - left) / 3
        left, right, deep = left + third, right - third, deep + 0.15 * (right - left)
    touch = np.array([[left, deep], [right, deep], [right, -4], [left, -4]])
    shadow.cast(picture, moved(floor, touch), 0.6, 3.0)
