"""What holds a sign in the open: posts, ropes, rods and chains, shaded round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import near, pick, rgb, scaled
from synth.compositional.fields import window
from synth.compositional.materials.relief import apply
from synth.compositional.materials.wood import wood
from synth.compositional.shadow import fill
from synth.compositional.shapes import Rectangle, rectangle
from synth.compositional.view import Camera, Matrix, Points
from synth.compositional.warp import Warp

Raster = NDArray[np.uint8]
"""uint8 [h, w, 4], premultiplied."""


def post(rng: np.random.Generator, width: int, length: int, wooden: bool) -> Raster:
    """A post, upright: squared wood or a round metal tube."""
    if wooden:
        face = np.ascontiguousarray(wood(rng, width, length, "", 1).transpose(1, 0, 2))
        across = np.linspace(-1, 1, width, dtype=np.float32)
        shade = 1.0 - 0.35 * np.clip(across - 0.45, 0, 1)
    else:
        colour = pick(rng, "8f9396", "5c6064", "3a4a44", "b9bcbe")
        face = np.full((length, width, 3), colour, np.uint8)
        across = np.linspace(-1, 1, width, dtype=np.float32)
        shade = 0.45 + 0.75 * np.exp(-(((across + 0.35) / 0.5) ** 2))
    return opaque(apply(face, np.repeat(shade[None].astype(np.float32), length, 0)))


def rope(rng: np.random.Generator, width: int, length: int) -> Raster:
    """A twisted rope."""
    y, x = np.arange(length, dtype=np.float32)[:, None], np.linspace(-1, 1, width, dtype=np.float32)[None]
    twist = 0.80 + 0.22 * np.sin(2 * np.pi * (y / (width * 1.1) + x * 0.35)) - 0.30 * x * x
    twist = twist + 0.04 * window(rng, "grain", length, width)
    face = np.full((length, width, 3), pick(rng, "c9b287", "e2dccb", "6b5a44"), np.uint8)
    return opaque(apply(face, np.ascontiguousarray(twist, np.float32)))


def chain(rng: np.random.Generator, width: int, length: int) -> Raster:
    """A chain: links seen from the front and from the side in turn."""
    raster = np.zeros((length, width, 4), np.uint8)
    metal, turns = near(rng, rgb("6a6d70")), np.linspace(0, 2 * np.pi, 28, endpoint=False)
    tall, middle = width * 1.5, width / 2
    for number, y in enumerate(np.arange(-tall, length + tall, tall * 0.72)):
        half = width * (0.46 if number % 2 == 0 else 0.17)
        link = np.stack([middle + half * np.cos(turns), y + tall / 2 * np.sin(turns)], 1)
        hole = np.stack([middle + half * 0.5 * np.cos(turns), y + tall * 0.3 * np.sin(turns)], 1)
        path = np.concatenate([link, link[:1], hole[:1], hole[::-1]]) if number % 2 == 0 else link
        shine = np.stack([middle - half * 0.72 + 0.05 * width * np.cos(turns), y + tall * 0.25 * np.sin(turns)], 1)
        fill(raster, path, (*metal, 255))
        fill(raster, shine, (*scaled(metal, 1.5), 255))
    return raster


def opaque(pixels: NDArray[np.uint8]) -> Raster:
    """With full alpha, but for a clear rim of one pixel that softens the edge."""
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    raster = np.concatenate([pixels, alpha], 2)
    raster[:, [0, -1]] = 0
    return raster


Support = tuple[Raster, Warp]


def along(raster: Raster, plane: Matrix, start: Points, end: Points) -> Support:
    """A raster stretched in a plane from its upper end at `start` to its lower one at `end` ([2], plane pixels)."""
    height, width = raster.shape[:2]
    way = (np.asarray(end, float) - start) / height
    side = np.array([way[1], -way[0]]) / max(np.hypot(*way), 1e-9)
    x, y = np.asarray(start, float) - side * width / 2
    to_plane = np.array([[side[0], way[0], x], [side[1], way[1], y], [0, 0, 1]])
    return raster, Warp(plane @ to_plane)


@dataclass(frozen=True)
class Held:
    """What holds a carrier: `parts` to draw, and in words: the carrier `verb` `name`, as in "hangs from chains"."""

    parts: tuple[Support, ...] = ()
    verb: str = ""
    name: str = ""


def posts(rng: np.random.Generator, plane: Matrix, box: Rectangle, far: float) -> Held:
    """One or two posts behind a sign that lies at `box` in its plane, down to `far`, below the frame."""
    left, top, right, bottom = box
    wide = int(np.clip(0.07 * min(right - left, bottom - top) * rng.uniform(0.8, 1.3), 14, 60))
    wooden = bool(rng.random() < 0.55)
    places = [0.5] if right - left < 1.1 * (bottom - top) and not wooden else [0.18, 0.82]
    raster = post(rng, wide, max(int(far - top), 32), wooden)
    parts = [along(raster, plane, *_upright(left + share * (right - left), top + 4, far)) for share in places]
    name = "wooden posts" if wooden else "a metal post" if len(places) == 1 else "metal posts"
    return Held(tuple(parts), "stands on", name)


def hangers(rng: np.random.Generator, plane: Matrix, box: Rectangle, far: float) -> Held:
    """Two chains or ropes from a sign's upper edge up to `far`, above the frame."""
    left, top, right, _ = box
    chained = bool(rng.random() < 0.55)
    raster = (chain if chained else rope)(rng, 22 if chained else 12, max(int(top - far), 32))
    parts = [along(raster, plane, *_upright(left + share * (right - left), far, top + 5)) for share in (0.1, 0.9)]
    return Held(tuple(parts), "hangs from", "chains" if chained else "ropes")


def guys(rng: np.random.Generator, plane: Matrix, box: Rectangle, far: float) -> Held:
    """Ropes from the four corners of a banner outwards, `far` pixels long."""
    left, top, right, bottom = box
    inner = 0.04 * min(right - left, bottom - top)
    raster = rope(rng, 8, max(int(far), 32))
    corners = [(left, top, -1, -0.45), (right, top, 1, -0.45), (right, bottom, 1, 0.45), (left, bottom, -1, 0.45)]
    parts = [
        along(
            raster, plane, np.array([x - inner * sx, y - inner * np.sign(sy)]), np.array([x + far * sx, y + far * sy])
        )
        for x, y, sx, sy in corners
    ]
    return Held(tuple(parts), "is stretched between", "ropes")


def foot(rng: np.random.Generator, eye: Camera, box: Rectangle, deep: float, floor: float) -> Held:
    """The neck and the plate that a monitor stands on: `box` in its plane, `floor` the height of the table."""
    left, _, right, bottom = box
    middle, wide, metal = (left + right) / 2, right - left, pick(rng, "2a2c2f", "b9bcbf", "6a6d70")
    size = int(0.36 * wide), int(0.26 * wide)
    plate = np.zeros((size[1], size[0], 4), np.uint8)
    fill(plate, rectangle((1, 1, size[0] - 1, size[1] - 1), 0.1 * wide), (*scaled(metal, 0.9), 255))
    to_floor = np.array([[1, 0, middle - size[0] / 2], [0, -1, deep + 0.15 * wide], [0, 0, 1]])
    neck = np.full((max(8, int(floor - bottom + 14)), int(0.13 * wide), 3), metal, np.uint8)
    shade = 0.62 + 0.45 * np.exp(-((np.linspace(-1, 1, neck.shape[1], dtype=np.float32) / 0.6 + 0.5) ** 2))
    upright = opaque(apply(neck, np.repeat(shade[None].astype(np.float32), neck.shape[0], 0)))
    behind = eye.facing(-deep - 4)
    neck_on = along(upright, behind, *_upright(middle, bottom - 12, floor))
    return Held(((plate, Warp(eye.floor(floor) @ to_floor)), neck_on))


def _upright(x: float, top: float, bottom: float) -> tuple[Points, Points]:
    return np.array([x, top]), np.array([x, bottom])
