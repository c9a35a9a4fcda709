"""Sentences: their grammar, and the bounds of their words."""

from dataclasses import replace

import pytest

from annotate import wording
from annotate.evidence import Evidence, Looks, Reading

LOOKS = Looks((), 120.0, 100.0, 0.3, 0.1, ())


def test_listing():
    assert [wording.listing(list("abc")[:count]) for count in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(100, 100, "square"), (105, 100, "square"), (106, 100, "landscape"), (100, 106, "portrait")],
)
def test_shape(width, height, shape):
    assert wording.shape(Evidence(width, height)) == shape


@pytest.mark.parametrize(
    ("luma", "word"), [(0, "very dark"), (85, "dark"), (86, "moderately lit"), (200, "bright"), (255, "very bright")]
)
def test_brightness(luma, word):
    assert wording.brightness(replace(LOOKS, brightness=luma)) == word


def test_opening():
    landscape = Evidence(300, 200)
    grey = replace(LOOKS, brightness=30, contrast=200, saturation=0.0)
    assert wording.opening("photo", False, landscape, grey) == (
        "A very dark, high-contrast, black-and-white photograph in landscape format."
    )
    vivid = replace(LOOKS, saturation=0.6)
    assert wording.opening("photo", True, landscape, vivid) == (
        "A moderately lit, vividly coloured portrait photograph in landscape format."
    )
    assert "vivid" not in wording.opening("photo", False, landscape, replace(vivid, brightness=20))
    assert wording.opening("illustration", False, landscape, LOOKS) == "A flat illustration in landscape format."


@pytest.mark.parametrize(
    ("colours", "sentence"),
    [
        ((), ""),
        ((("white", 0.9), ("red", 0.1)), "It is almost entirely white."),
        ((("white", 0.6),), "It is mostly white."),
        ((("white", 0.6), ("red", 0.2), ("blue", 0.1)), "It is mostly white, with red and blue."),
        ((("red", 0.4), ("dark blue", 0.3)), "Its main colours are red and dark blue."),
    ],
)
def test_colours(colours, sentence):
    assert wording.colours(replace(LOOKS, colours=colours)) == sentence


def test_faces():
    assert wording.faces(LOOKS) == ""
    assert wording.faces(replace(LOOKS, faces=(0.001,))) == "One face is visible and takes up about 1 % of the image."
    assert wording.faces(replace(LOOKS, faces=(0.2, 0.1))).startswith(
        "Two faces are visible; the largest takes up about 20 %"
    )


@pytest.mark.parametrize("y", [-0.1, 0.0, 1.0, 1.2])
def test_text_at_and_beyond_the_border(y):
    where = "At the top" if y < 0.5 else "At the bottom"
    assert wording.visible_text([Reading("a", 1, "en", 0.1, 0.5, y)], more=False) == f'{where} it reads "a".'


def test_text_that_is_not_quoted_is_mentioned():
    assert wording.visible_text([], more=False) == ""
    assert wording.visible_text([], more=True) == "There is text that is not quoted here."
