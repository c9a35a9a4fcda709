from __future__ import annotations

import pytest

from synth.complex.slide_stretch import MOST, stretch_needed, stretched
from synth.complex.slide_template import load, parse, tag

ROUND = next(t for t in load() if t.name.startswith("harbour-4x3") and t.layout == "section")


def places(template):
    for shape in parse(template.parts[template.slide]).iter(tag("p:sp")):
        place = next(shape.iter(tag("a:xfrm")))
        offset, extent = place.find(tag("a:off")), place.find(tag("a:ext"))
        x, y, w, h = int(offset.get("x")), int(offset.get("y")), int(extent.get("cx")), int(extent.get("cy"))
        locked = any(node.get("noChangeAspect") for node in shape.iter(tag("a:spLocks")))
        yield x + w / 2, y + h / 2, w, h, locked


@pytest.mark.parametrize(("width", "height"), [(1200, 800), (1000, 800), (1024, 768)])
def test_boxes_grow_and_discs_stay_round(width, height):
    new = stretched(ROUND, width, height)
    assert abs(new.width / new.height - width / height) < 1e-4
    across, down = new.width / ROUND.width, new.height / ROUND.height
    assert min(across, down) == pytest.approx(1, abs=1e-6)
    seen = set()
    for (x, y, w, h, locked), (x2, y2, w2, h2, _) in zip(places(ROUND), places(new), strict=True):
        assert (x2, y2) == pytest.approx((x * across, y * down), abs=2)
        assert (w2, h2) == pytest.approx((w, h) if locked else (w * across, h * down), abs=2)
        seen.add(locked)
    assert seen == {True, False}


def test_stretch_needed():
    square = next(t for t in load() if t.name.startswith("night-1x1"))
    assert stretch_needed(square, 640, 640) == pytest.approx(1)
    assert stretch_needed(square, 800, 640) == stretch_needed(square, 640, 800) == pytest.approx(1.25)
    for width, height in ((1, 1), (2, 3), (3, 2), (3, 4), (4, 3), (9, 16), (16, 9)):
        assert min(stretch_needed(t, width, height) for t in load()) <= MOST
