"""Flat grounds: what a table or a wall is made of, painted in its own plane and seen through the camera."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.compositional.colour import Pixels, near, pick, rgb
from synth.compositional.materials import mineral, woven
from synth.compositional.materials.relief import Direction
from synth.compositional.materials.wood import SPECIES, painted, wood
from synth.compositional.view import Matrix, Points, inverse, moved

Painter = Callable[[np.random.Generator, int, int, Direction, float], tuple[str, Pixels]]
"""`(rng, height, width, light, unit)`: a ground of that many pixels, `unit` of them as long as the frame's shorter
side; returns what it is called, too."""

MOST = 900_000
"""Pixels a ground is painted with, at most: it lies a little out of focus."""


def boards(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    kind = list(SPECIES)[int(rng.integers(len(SPECIES)))]
    planks = max(1, round(height / unit * rng.uniform(2.5, 6)))
    if rng.random() < 0.35:
        return f"{kind} planks", np.ascontiguousarray(wood(rng, width, height, kind, planks).transpose(1, 0, 2))
    return f"{kind} planks", wood(rng, height, width, kind, planks)


def painted_boards(
    rng: np.random.Generator, height: int, width: int, light: Direction, unit: float
) -> tuple[str, Pixels]:
    name, code = [("white", "e4e2da"), ("grey", "9aa0a3"), ("blue", "6f93a8"), ("green", "7e9a84"), ("red", "8c3a32")][
        int(rng.integers(5))
    ]
    planks = max(2, round(height / unit * rng.uniform(4, 8)))
    return f"{name} painted boards", painted(
        rng, height, width, near(rng, rgb(code)), planks, float(rng.uniform(0, 0.08))
    )


def marble(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "marble counter", mineral.marble(rng, height, width)


def concrete(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "concrete", mineral.concrete(rng, height, width, light)


def pavement(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "stone slabs", mineral.pavement(rng, height, width, light, unit * float(rng.uniform(0.28, 0.5)))


def linen(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    name, code = [("beige", "c9bda3"), ("grey", "8f9294"), ("blue", "4f6a86"), ("white", "e2dfd6"), ("wine", "6d2630")][
        int(rng.integers(5))
    ]
    return f"{name} linen cloth", woven.linen(rng, height, width, near(rng, rgb(code)))


def checked(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    name, code = [("red", "a8282c"), ("blue", "2f5b8f"), ("green", "3f7a52"), ("grey", "5a5d60")][int(rng.integers(4))]
    return f"{name} checked cloth", woven.checked(
        rng, height, width, near(rng, rgb(code)), unit * rng.uniform(0.03, 0.07)
    )


def leather(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    name, code = [("brown", "5f3a22"), ("black", "2a2827"), ("green", "2a4034"), ("tan", "a06d3e")][
        int(rng.integers(4))
    ]
    return f"{name} leather", woven.leather(rng, height, width, light, near(rng, rgb(code)))


def cork(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "cork board", woven.cork(rng, height, width)


def brick(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "brick wall", mineral.brick(rng, height, width, light, unit * float(rng.uniform(0.055, 0.10)))


def tiles(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "tiled wall", mineral.tiles(rng, height, width, light, unit * float(rng.uniform(0.09, 0.2)))


def plaster(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    codes = ("e4ded0", "d3c3a4", "b9c4c0", "c98e6c", "8fa3ad", "dcb9a4", "efeae0", "74806f")
    return "plastered wall", mineral.plaster(rng, height, width, light, pick(rng, *codes))


def concrete_wall(
    rng: np.random.Generator, height: int, width: int, light: Direction, unit: float
) -> tuple[str, Pixels]:
    return "concrete wall", mineral.concrete(rng, height, width, light)


def stone_wall(rng: np.random.Generator, height: int, width: int, light: Direction, unit: float) -> tuple[str, Pixels]:
    return "stone wall", mineral.pavement(rng, height, width, light, unit * float(rng.uniform(0.13, 0.24)))


GROUNDS: dict[str, tuple[Painter, ...]] = {
    "table": (boards, boards, painted_boards, marble, concrete, pavement, linen, checked, leather),
    "wall": (brick, brick, tiles, plaster, plaster, concrete_wall, stone_wall, boards, painted_boards),
    "pinboard": (cork,),
    "stand": (boards, boards, boards, painted_boards, marble, concrete, linen),
}
"""What the ground of a setting may be; what stands twice is twice as likely."""


@dataclass(frozen=True)
class Ground:
    """A ground as the camera sees it: uint8 [h, w, 3], and its name."""

    name: str
    pixels: Pixels


def seen(
    rng: np.random.Generator,
    painters: tuple[Painter, ...],
    plane: Matrix,
    size: tuple[int, int],
    light: Direction,
    area: Points,
) -> Ground:
    """Paints one of `painters` and looks at it through `plane`, the homography to an image of `size` (height, width).

    `area` [n, 2]: points of the plane that are seen; the ground covers the rectangle about them.
    """
    low, high = area.min(0), area.max(0)
    scale = min(1.0, float(np.sqrt(MOST / np.prod(high - low))))
    width, height = (np.ceil((high - low) * scale) + 2).astype(int)
    painter = painters[int(rng.integers(len(painters)))]
    name, pixels = painter(rng, int(height), int(width), light, min(size) * scale)
    to_plane = np.array([[1 / scale, 0, low[0] - 1 / scale], [0, 1 / scale, low[1] - 1 / scale], [0, 0, 1]])
    return Ground(name, through(pixels, plane @ to_plane, size))


def through(pixels: Pixels, matrix: Matrix, size: tuple[int, int]) -> Pixels:
    """`pixels` through a homography (of continuous coordinates) to an image of `size` (height, width)."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    whole = np.linalg.inv(half) @ matrix @ half
    flags, border = cv2.INTER_LINEAR, cv2.BORDER_CONSTANT
    return np.asarray(cv2.warpPerspective(pixels, whole, size[::-1], flags=flags, borderMode=border), np.uint8)


def frame_on(plane: Matrix, size: tuple[int, int]) -> NDArray[np.float64]:
    """The corners of an image of `size` (height, width) on a plane, [4, 2]."""
    height, width = size
    return moved(inverse(plane), np.array([[0, 0], [width, 0], [width, height], [0, height]]))
