"""Points go where pixels go: marks drawn at known places are found in the warped picture where the maths puts them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from synth.compositional.view import Request, area, camera, corners, moved, place
from synth.compositional.warp import Bend, Warp, around
from synth.sample import Discarded

waves = st.tuples(st.floats(0, 20), st.floats(300, 900), st.floats(0, 6.28))
angles = st.tuples(st.floats(-25, 30), st.floats(-25, 25), st.floats(-8, 8))


def warp_of(turn: tuple[float, float, float], bend: Bend) -> Warp:
    """A sheet of 500 × 400 raster pixels in the middle of a frame of 640 × 640."""
    to_plane = np.array([[1, 0, -250], [0, 1, -200], [0, 0, 1.0]])
    return Warp(camera(640, 640, *turn).facing() @ to_plane, bend)


@given(angles, waves, waves)
@settings(max_examples=25, deadline=None)
def test_marks_are_found_where_their_points_go(turn, down, across):
    warp = warp_of(turn, Bend(down, across))
    for mark in np.array([[60.0, 50.0], [250.0, 200.0], [430.0, 330.0], [90.0, 350.0]]):
        raster = np.zeros((400, 500), np.uint8)
        x, y = mark.astype(int)
        raster[y - 4 : y + 4, x - 4 : x + 4] = (
            255  # eight pixels about the corner between pixels: its middle is the mark
        )
        picture = warp.render(raster, (0, 0, 640, 640)).astype(float)
        rows, columns = np.nonzero(picture)
        weight = picture[rows, columns]
        found = np.average(np.stack([columns, rows], 1) + 0.5, axis=0, weights=weight)
        assert np.hypot(*(found - warp.points(mark[None])[0])) < 0.25


@given(waves, waves, st.floats(0, 500), st.floats(0, 400))
def test_a_bend_can_be_undone(down, across, x, y):
    bend = Bend(down, across)
    there = bend.bent(np.array([[x, y]]))[0]
    assert np.allclose(bend.flat(there[0], there[1]), (x, y), atol=1e-9)


@given(angles, waves)
@settings(max_examples=25, deadline=None)
def test_the_maps_are_exact_between_their_cells(turn, down):
    warp = warp_of(turn, Bend(down))
    maps = warp.maps((100, 120, 500, 470), 2) + 0.5
    rows, columns = np.mgrid[0:700:37, 0:800:41]
    x, y = warp.source(100 + (columns + 0.5) / 2, 120 + (rows + 0.5) / 2)
    assert np.abs(maps[rows, columns] - np.stack([x, y], 2)).max() < 0.05


@given(angles, waves)
@settings(max_examples=25, deadline=None)
def test_a_line_holds_its_characters(turn, down):
    warp = warp_of(turn, Bend(down))
    boxes = np.array([[20.0 + 40 * i, 100, 60 + 40 * i, 140] for i in range(11)])
    chars = warp.quads(boxes)
    line = np.array(around(warp.quads(np.array([[20.0, 100, 460, 140]]))[0], chars)).reshape(4, 2)
    for x, y in np.array(chars).reshape(-1, 2):
        for one, other in zip(line, np.roll(line, -1, 0), strict=True):
            (ax, ay), (bx, by) = other - one, np.array([x, y]) - one
            assert (ax * by - ay * bx) / np.hypot(ax, ay) > -0.01  # clockwise: inside is to the right


@given(angles, st.floats(0.5, 2), st.floats(0.3, 0.8), st.floats(-12, 12))
@settings(max_examples=40, deadline=None)
def test_a_place_lies_in_the_frame_and_fills_its_share(turn, aspect, share, angle):
    eye = camera(800, 600, *turn)
    try:
        spot = place(eye, eye.facing(), Request(aspect, share, angle))
    except Discarded:
        reject()  # too small within its frame: there is a test of its own
    quad = moved(eye.facing() @ spot.pose, corners(spot.width, spot.height))
    assert (quad >= 0).all()
    assert (quad <= (800, 600)).all()
    assert 0.25 <= area(quad) / (800 * 600) <= 0.86
    assert spot.width / spot.height == pytest.approx(aspect, rel=1e-6)


def test_a_place_that_would_be_too_small_is_refused():
    eye = camera(300, 900, 0, 0, 0)
    with pytest.raises(Discarded, match="carrier too small"):
        place(eye, eye.facing(), Request(3.0, 0.5))


def test_lifted_planes_and_the_floor_meet_the_facing_one():
    eye = camera(640, 480, -12, 15, 2)
    assert np.allclose(moved(eye.facing(), np.array([[30.0, 80.0]])), moved(eye.floor(80.0), np.array([[30.0, 0.0]])))
    nearer = moved(eye.facing(50), np.array([[100.0, 0], [-100, 0]]))
    there = moved(eye.facing(), np.array([[100.0, 0], [-100, 0]]))
    assert np.hypot(*(nearer[0] - nearer[1])) > np.hypot(*(there[0] - there[1]))
