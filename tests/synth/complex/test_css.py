"""Boxes as CSS: what a template says of a box is what the browser is told."""

from __future__ import annotations

import numpy as np
import pytest

from synth.complex import css
from synth.complex.flex import Length
from synth.complex.stage import Part
from synth.complex.theme import theme

LIGHT = theme(np.random.default_rng(1), "screen", ("light",))


def test_a_row_and_what_grows_in_it() -> None:
    row = Part("row", gap=8.0, align="centre", justify="between", padding=(1.0, 2.0, 3.0, 4.0))
    inside = css.inside(row)
    assert inside["display"] == "flex"
    assert inside["flex-direction"] == "row"
    assert inside["padding"] == "1.00px 2.00px 3.00px 4.00px"
    assert (inside["align-items"], inside["justify-content"]) == ("center", "space-between")
    assert css.outside(Part(grow=2.0), row)["flex"] == "2 1 0px"
    assert css.outside(Part(width=Length(30.0)), row)["flex"] == "0 0 auto"


def test_sizes_in_pixels_and_in_parts() -> None:
    column = Part("column")
    part = Part(width=Length(0.25, share=True), height=Length(40.0), most_width=300.0, aspect=1.5)
    style = css.outside(part, column)
    assert (style["width"], style["height"]) == ("25.0000%", "40.00px")
    assert (style["max-width"], style["aspect-ratio"]) == ("300.00px", "1.5000")


@pytest.mark.parametrize(("own", "wanted"), [
    ("top left", ("start", "start")), ("bottom right", ("end", "end")), ("centre", ("center", "center")),
    ("bottom", ("end", "stretch")),
])  # fmt: skip
def test_corners_of_a_stack(own: str, wanted: tuple[str, str]) -> None:
    style = css.outside(Part(own=own), Part("stack"))
    assert (style["align-self"], style["justify-self"]) == wanted


def test_what_fills_a_stack_asks_for_no_room() -> None:
    style = css.outside(Part(own="fill"), Part("stack", padding=(5.0, 6.0, 7.0, 8.0)))
    assert style["position"] == "absolute"
    assert style["inset"] == "5.00px 6.00px 7.00px 8.00px"


def test_fill_border_and_corners() -> None:
    part = Part(settings={"fill": "accent", "border": "line", "radius": 8.0, "opacity": 0.5}, scale=2.0)
    style = css.painted(part, LIGHT)
    red, green, blue = LIGHT["accent"]
    assert style["background"] == f"rgb({red} {green} {blue} / 0.5)"
    assert style["box-shadow"].startswith("inset 0 0 0 2.00px")
    assert style["border-radius"] == css.px(16 * LIGHT.rounding)
    assert css.painted(Part(settings={"radius": 1000.0}, scale=2.0), LIGHT)["border-radius"] == "2000.00px"
    assert css.painted(Part(), LIGHT) == {}
