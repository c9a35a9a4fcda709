"""The camera, and where a carrier lies in its picture: real perspective, so that planes, edges and shadows agree."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synth.sample import Discarded

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]

SHARE = 0.25, 0.85
"""Least and largest share of the frame that a carrier takes."""


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks at the origin. Plane coordinates are pixels of the frame at its centre.

    `turn`: rotation of the scene, 3×3; x to the right, y down, z away. `distance` in pixels, also the focal length.
    """

    width: int
    height: int
    turn: Matrix
    distance: float

    def plane(self, one: Points, other: Points, origin: Points) -> Matrix:
        """Homography of the plane spanned by two vectors at `origin` (each [3], scene coordinates) to the image."""
        lens = np.array([[self.distance, 0, self.width / 2], [0, self.distance, self.height / 2], [0, 0, 1.0]])
        place = self.turn @ np.asarray(origin, float) + np.array([0, 0, self.distance])
        return lens @ np.stack([self.turn @ np.asarray(one, float), self.turn @ np.asarray(other, float), place], 1)

    def facing(self, lift: float = 0.0) -> Matrix:
        """The plane z = -lift: what hangs on a wall or lies on a table, `lift` pixels above it."""
        return self.plane(np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([0, 0, -lift]))

    def floor(self, y: float) -> Matrix:
        """The plane at right angles below, at height `y`: coordinates are x and z."""
        return self.plane(np.array([1, 0, 0]), np.array([0, 0, 1]), np.array([0, y, 0]))


def camera(width: int, height: int, pitch: float, yaw: float, roll: float, far: float = 1.7) -> Camera:
    """A camera for a frame of `width` × `height` pixels. Angles in degrees: positive pitch looks at a plane whose
    upper part is farther away, positive yaw at one whose right is. `far`: distance in diagonals of the frame."""
    x, y, z = np.deg2rad([pitch, yaw, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), np.sin(x)], [0, -np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return Camera(width, height, about_z @ about_x @ about_y, far * float(np.hypot(width, height)))


def moved(matrix: Matrix, points: Points) -> Points:
    """Points [n, 2] through a homography."""
    return np.asarray(cv2.perspectiveTransform(np.asarray(points, np.float64)[None], matrix)[0], np.float64)


def inverse(matrix: Matrix) -> Matrix:
    """The homography that goes the other way."""
    return np.asarray(np.linalg.inv(matrix), np.float64)


def area(polygon: Points) -> float:
    """Area of a polygon [n, 2], whichever way round it goes."""
    x, y = polygon[:, 0], polygon[:, 1]
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


@dataclass(frozen=True)
class Place:
    """A rectangle in its plane: `pose` takes points of a unit of `width` × `height` pixels, origin in its upper left
    corner, to plane coordinates."""

    width: float
    height: float
    pose: Matrix


@dataclass(frozen=True)
class Request:
    """What is asked of a place: width over height, share of the frame, rotation in degrees, free rim and drift as
    shares of the frame's shorter side."""

    aspect: float
    share: float
    angle: float = 0.0
    rim: float = 0.03
    drift: tuple[float, float] = (0.0, 0.0)


def place(camera: Camera, plane: Matrix, request: Request) -> Place:
    """A place for a rectangle, all of it inside the frame.

    Raises `Discarded` where it would take less than the least share of the frame.
    """
    frame = np.array([camera.width, camera.height], float)
    rim = request.rim * float(frame.min())
    target = request.share * float(frame.prod())
    size = np.sqrt(target * np.array([request.aspect, 1 / request.aspect]))
    centre = np.zeros(2)
    for _ in range(12):
        quad = moved(plane @ pose(size, centre, request.angle), corners(*size))
        low, high = quad.min(0), quad.max(0)
        shrink = min(1.0, float(((frame - 2 * rim) / (high - low)).min()))
        size *= min(shrink, np.sqrt(target / area(quad)))
        spare = np.maximum(0, frame - 2 * rim - (high - low)) / 2
        aim = frame / 2 + np.clip(np.array(request.drift) * frame.min(), -spare, spare)
        shift = moved(inverse(plane), np.stack([aim, (low + high) / 2]))
        centre += shift[0] - shift[1]
    quad = moved(plane @ pose(size, centre, request.angle), corners(*size))
    if area(quad) < SHARE[0] * float(frame.prod()):
        raise Discarded("carrier too small", f"{area(quad) / frame.prod():.2f} of the frame")
    if (quad < 0).any() or (quad > frame).any():
        raise Discarded("carrier outside the frame")
    return Place(float(size[0]), float(size[1]), pose(size, centre, request.angle))


def corners(width: float, height: float) -> Points:
    """The corners of a rectangle at the origin, [4, 2], clockwise from the upper left."""
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float)


def pose(size: Points, centre: Points, angle: float) -> Matrix:
    """Rotation and translation that put a rectangle's middle at `centre`."""
    turn = np.deg2rad(angle)
    c, s = np.cos(turn), np.sin(turn)
    x, y = centre - np.array([[c, -s], [s, c]]) @ (np.asarray(size) / 2)
    return np.array([[c, -s, x], [s, c, y], [0, 0, 1]])
