from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.complex.slide_colours import recolour, theme_colours, turned
from synth.complex.slide_template import load, parse
from synth.contrast import contrast

THEMES = {t.look: theme_colours(parse(t.parts[t.theme])) for t in load()}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(THEMES)), st.floats(0, 360))
def test_text_colours_still_read(look, degrees):
    old, new = THEMES[look], turned(THEMES[look], degrees)
    for ink in ("dk1", "dk2", "accent1"):
        for ground in ("lt1", "lt2"):
            if contrast(old[ink], old[ground]) >= 4.5:
                assert contrast(new[ink], new[ground]) >= 4.4


def test_recolour_writes_what_theme_colours_reads():
    template = load()[0]
    root = parse(template.parts[template.theme])
    new = turned(theme_colours(root), 120)
    assert new != theme_colours(root)
    recolour(root, new)
    assert theme_colours(root) == new


@pytest.mark.parametrize("look", sorted(THEMES))
def test_own_colours_read(look):
    assert contrast(THEMES[look]["dk1"], THEMES[look]["lt1"]) >= 7
    assert contrast(THEMES[look]["accent1"], THEMES[look]["lt1"]) >= 4.5
