"""Lines lie under the writing."""

import numpy as np
import pytest

from synth.ruling import KINDS, MANUSCRIPT, Grid, rule

PAPER, LINE, MARGIN = (250, 245, 230), (120, 160, 200), (200, 60, 60)
GRID = Grid(90.0, 36.0, (60.0, 70.0, 340.0, 260.0))


def ruled(kind: str, margin=None) -> np.ndarray:
    pixels = np.full((300, 400, 3), PAPER, np.uint8)
    rule(pixels, kind, GRID, LINE, margin)
    return pixels


def test_ruled_lines_lie_a_sixth_of_their_distance_below_the_baselines():
    inked = (ruled("ruled") == LINE).all(axis=2)
    rows = np.flatnonzero(inked.all(axis=1))
    assert set(range(96, 300, 36)) <= set(rows.tolist())
    assert set(np.diff(rows).tolist()) == {36}
    assert not inked[np.setdiff1d(np.arange(300), rows)].any()


def test_the_margin_is_one_upright_line_left_of_the_writing():
    inked = (ruled("ruled", MARGIN) == MARGIN).all(axis=2)
    assert np.flatnonzero(inked.all(axis=0)).tolist() == [47]


def test_squares_are_half_a_line_wide_and_high():
    inked = (ruled("squared") == LINE).all(axis=2)
    assert set(np.diff(np.flatnonzero(inked.all(axis=1))).tolist()) == {18}
    assert set(np.diff(np.flatnonzero(inked.all(axis=0))).tolist()) == {18}


def test_dots_lie_at_the_crossings_only():
    inked = (ruled("dotted") == LINE).all(axis=2)
    assert 0.005 < inked.mean() < 0.03


def test_columns_of_vertical_text_are_parted_and_framed():
    pixels = np.full((300, 400, 3), PAPER, np.uint8)
    rule(pixels, MANUSCRIPT, Grid(340.0, 40.0, (180.0, 50.0, 332.0, 250.0)), LINE)
    middle = np.flatnonzero((pixels[150] == LINE).all(axis=1))
    for x in (340, 300, 260, 220, 180):
        assert np.abs(middle - x).min() <= 1
    assert (pixels[:30] == PAPER).all()


@pytest.mark.parametrize("kind", KINDS)
def test_ruling_stays_thin(kind):
    assert (ruled(kind) != PAPER).any(axis=2).mean() < 0.15
