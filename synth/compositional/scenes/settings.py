"""The four settings: on a table, on a wall, standing on a table before something, in the open before something."""

from __future__ import annotations

import cv2
import numpy as np

from synth.compositional import light, match
from synth.compositional.colour import Pixels
from synth.compositional.scenes import backdrops
from synth.compositional.scenes.backdrops import Photos
from synth.compositional.scenes.base import FLAT, Scene
from synth.compositional.scenes.grounds import GROUNDS, frame_on, seen
from synth.compositional.shadow import cast, fill
from synth.compositional.view import Camera, Points, camera, inverse, moved
from synth.sample import Discarded

LIMITS: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "table": ((4, 30), (-6, 6), (-7, 7)),
    "wall": ((-9, 9), (-26, 26), (-2, 2)),
    "pinboard": ((-6, 6), (-14, 14), (-2, 2)),
    "stand": ((-16, -7), (-20, 20), (-1, 1)),
    "air": ((-6, 9), (-22, 22), (-2, 2)),
}
"""Pitch, yaw and roll in degrees, from and to."""


def eye(rng: np.random.Generator, setting: str, width: int, height: int) -> Camera:
    """A camera as people hold it for a setting."""
    pitch, yaw, roll = (float(rng.uniform(*limits)) for limits in LIMITS[setting])
    return camera(width, height, pitch, yaw, roll, float(rng.uniform(1.3, 2.2)))


def scene(rng: np.random.Generator, setting: str, eye: Camera, deep: float, foot: float, photos: Photos) -> Scene:
    """A scene of a setting. `deep`: how far its ground lies behind the carrier's face; `foot`: height, in the camera's
    plane, of what a standing one stands on."""
    if setting in FLAT:
        return flat(rng, setting, eye, deep)
    return stand(rng, eye, foot, photos) if setting == "stand" else air(rng, eye, photos)


def flat(rng: np.random.Generator, setting: str, eye: Camera, deep: float) -> Scene:
    """A ground that fills the frame, under the light of a room."""
    plane, size = eye.facing(-deep), (eye.height, eye.width)
    lamp = light.indoors(rng, *size)
    ground = seen(rng, GROUNDS[setting], plane, size, lamp.towards, frame_on(plane, size))
    pixels = match.softened(ground.pixels, float(rng.choice([0.0, 0.7, 1.2])))
    return Scene(pixels, setting, ground.name, "", lamp, True, False, rng.uniform(0.25, 0.55), rng.uniform(0.8, 3.2))


def air(rng: np.random.Generator, eye: Camera, photos: Photos) -> Scene:
    """Nothing near: a photo, sharp or out of focus, or a made backdrop."""
    height, width = eye.height, eye.width
    if len(photos) and rng.random() < 0.75:
        pixels, enlarged = backdrops.photo(rng, photos, height, width)
        lamp, grain = light.of_photo(rng, pixels), min(match.grain_of(pixels), 4.0)
        far = float(rng.choice([0.0, 1.5, 3.0]))
        blur = float(np.clip(0.32 * enlarged, 0.3, 0.8)) if far == 0 else 0.35
        return Scene(match.softened(pixels, far), "air", "", "photographed view", lamp, False, True, blur, grain)
    name = list(backdrops.OUTDOORS)[int(rng.integers(len(backdrops.OUTDOORS)))]
    pixels = backdrops.OUTDOORS[name](rng, height, width)
    return Scene(pixels, "air", "", name, light.of_photo(rng, pixels), False, False, 0.35, float(rng.uniform(0.8, 2.5)))


def stand(rng: np.random.Generator, eye: Camera, foot: float, photos: Photos) -> Scene:
    """A table top in front of something out of focus."""
    height, width = eye.height, eye.width
    if len(photos) and rng.random() < 0.5:
        far, _ = backdrops.photo(rng, photos, height, width)
        quarter = cv2.resize(far, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
        far = backdrops.enlarged(
            match.softened(np.asarray(quarter, np.uint8), float(rng.uniform(1.5, 4))), height, width
        )
        name, real = "blurred view", True
    else:
        name, real = list(backdrops.INDOORS)[int(rng.integers(len(backdrops.INDOORS)))], False
        far = backdrops.INDOORS[name](rng, height, width)
    lamp = light.of_photo(rng, far)
    ground, top = table_top(rng, eye, foot, lamp)
    return Scene(
        top_on(far, top, ground), "stand", _top_name(top[1]), name, lamp, False, real, 0.35, rng.uniform(0.8, 2.5)
    )


def table_top(
    rng: np.random.Generator, eye: Camera, foot: float, lamp: light.Light
) -> tuple[Points, tuple[Pixels, str]]:
    """The polygon of a table top in the image, and the table lit, with what it is made of."""
    plane, size = eye.floor(foot), (eye.height, eye.width)
    near, deep, half = -0.8 * eye.distance, float(rng.uniform(0.25, 0.6)) * min(size), 1.5 * eye.width
    whole = moved(plane, np.array([[-half, deep], [half, deep], [half, near], [-half, near]]))
    frame = np.array([[0, 0], [eye.width, 0], [eye.width, eye.height], [0, eye.height]])
    _, shown = cv2.intersectConvexConvex(frame.astype(np.float32), whole.astype(np.float32))
    if shown is None:
        raise Discarded("no table in view")
    seen_of_it = moved(inverse(plane), np.asarray(shown[:, 0], np.float64))
    ground = seen(rng, GROUNDS["stand"], plane, size, lamp.towards, seen_of_it)
    lit = light.lit(ground.pixels, light.spread(lamp.factors, *size))
    return whole, (lit, ground.name)


def top_on(far: Pixels, top: tuple[Pixels, str], polygon: Points) -> Pixels:
    """The table before the backdrop: its far edge soft, the backdrop a little darker just above it."""
    cast(far, polygon - [0, 10], 0.35, 14)
    mask = np.zeros(far.shape[:2], np.uint8)
    fill(mask, polygon, 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32) * np.float32(1 / 255)
    return np.asarray(cv2.blendLinear(top[0], far, soft, 1 - soft), np.uint8)


def _top_name(name: str) -> str:
    return f"table of {name}" if name.split()[-1] in ("planks", "boards", "concrete", "slabs") else name
