"""What a browser drew is held against what it said."""

from __future__ import annotations

import numpy as np
import pytest

from synth.complex.page_drawing import _check_ink
from synth.sample import Discarded, Line

GROUND = np.full((60, 80, 3), 200, np.uint8)
LINE = Line("abc", "en", (10, 20, 50, 20, 50, 40, 10, 40), (), "Any", 16.0)


def drawn(*places: tuple[slice, slice]) -> np.ndarray:
    pixels = GROUND.copy()
    for place in places:
        pixels[place] = 0
    return pixels


INSIDE, FRINGE = (slice(25, 35), slice(15, 45)), (slice(19, 20), slice(9, 12))


def test_ink_within_its_box_is_fine() -> None:
    _check_ink(GROUND, drawn(INSIDE, FRINGE), [[LINE]])


@pytest.mark.parametrize(("places", "said"), [
    ((), "nothing is seen of 'abc'"), ((INSIDE, (slice(50, 52), slice(5, 6))), "something is drawn at 5, 50"),
])  # fmt: skip
def test_ink_that_is_missing_or_astray_is_not(places: tuple, said: str) -> None:
    with pytest.raises(Discarded) as caught:
        _check_ink(GROUND, drawn(*places), [[LINE]])
    assert caught.value.cause == "text differs"
    assert said in caught.value.detail
