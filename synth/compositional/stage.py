"""A carrier in its place before the camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth.compositional.carriers import Ask, Blank, Carrier
from synth.compositional.scenes.base import Scene
from synth.compositional.scenes.settings import eye
from synth.compositional.view import Camera, Matrix, Place, Points, Request, moved, place
from synth.compositional.warp import Bend, Warp
from synth.sample import Wish

DENSITY = 1.35
"""Raster pixels a pixel of the frame: finer than the picture, so that perspective does not blur."""


@dataclass(frozen=True)
class Stage:
    """A carrier in its place. `deep`: how thick it is, in plane pixels; `to_plane`: from raster to plane pixels;
    `front` to the image. `foot`: height in the plane of what it stands on, for a standing one."""

    eye: Camera
    place: Place
    deep: float
    to_plane: Matrix
    front: Warp
    foot: float

    def behind(self, points: Points, lift: float, shift: Points) -> Points:
        """Raster points [n, 2] on the plane `lift` pixels above the carrier's face, moved in it by `shift`."""
        return moved(self.eye.facing(lift), moved(self.to_plane, points) + shift)


def staged(rng: np.random.Generator, wish: Wish, carrier: Carrier, setting: str) -> Stage:
    """The camera, and the carrier's place before it; its front is plane z = 0."""
    camera = eye(rng, setting, wish.width, wish.height)
    frame, (least, most) = wish.width / wish.height, carrier.aspect
    aspect = float(
        np.clip(np.exp(rng.uniform(np.log(least), np.log(most))), max(least, frame / 2.4), min(most, frame * 2.2))
    )
    standing = setting == "stand"
    angle = 0.0 if standing else float(rng.normal(0, 5.0 if setting == "table" else 0.7))
    drift = rng.normal(0, 0.05, 2) + ([0, -0.02] if standing else [0, -0.06 * (setting == "air")])
    share = float(rng.uniform(0.34, 0.72 if carrier.thick < 0.2 else 0.55))
    request = Request(aspect, share, angle, 0.07 if standing or carrier.thick > 0.2 else 0.03, (drift[0], drift[1]))
    spot = place(camera, camera.facing(), request)
    deep = carrier.thick * min(spot.width, spot.height)
    foot = float(moved(spot.pose, np.array([[0.0, spot.height * (1 + carrier.foot)]]))[0, 1])
    return Stage(camera, spot, deep, spot.pose, Warp(camera.facing()), foot)


def ask(stage: Stage, setting: str, grade: str, around_it: Scene) -> Ask:
    """The size of the raster: DENSITY pixels for each of the frame, and room about it for what sticks out."""
    width, height = round(stage.place.width * DENSITY), round(stage.place.height * DENSITY)
    return Ask(width, height, round(0.06 * min(width, height)) + 4, around_it.light.towards, setting, grade)


def shaped(rng: np.random.Generator, stage: Stage, carrier: Carrier, blank: Blank) -> Stage:
    """The stage with the way from raster to picture, bent where the carrier can be."""
    left, top = blank.outline.min(0)
    right, bottom = blank.outline.max(0)
    margin = (blank.alpha.shape[1] - stage.place.width * DENSITY) / 2
    to_unit = np.array([[1 / DENSITY, 0, -margin / DENSITY], [0, 1 / DENSITY, -margin / DENSITY], [0, 0, 1]])
    to_plane = stage.place.pose @ to_unit
    high = carrier.bend * min(right - left, bottom - top)
    waves = [
        (high * rng.uniform(0.3, 1), side * rng.uniform(0.8, 2.2), rng.uniform(0, 6.28))
        for side in (right - left, bottom - top)
    ]
    bend = Bend(waves[0], (waves[1][0] * 0.6, *waves[1][1:])) if high else Bend()
    return replace(stage, to_plane=to_plane, front=Warp(stage.eye.facing() @ to_plane, bend))


def least_scale(front: Warp, blank: Blank) -> float:
    """The least enlargement in the field, picture pixels a raster pixel."""
    left, top, right, bottom = blank.field
    return min(front.scale(np.array([x, y])) for x in (left, right) for y in (top, bottom))
