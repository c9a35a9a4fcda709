"""How a text is to be set by an engine that breaks lines itself: faces and ink of its characters, by our shaping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synth.complex.stage import Part
from synth.complex.words import CENTRE, Words
from synth.fonts import Face
from synth.layout import BAND
from synth.paragraph import Paragraph, prepared
from synth.sample import Discarded


@dataclass(frozen=True, slots=True)
class Cluster:
    """A grapheme cluster and the face that draws it; a line end has none.

    `before` and `after`: how far its ink sticks out along the line; `above` and `below`: how far it reaches from the
    baseline (in a vertical line from the middle) towards the line before and the next. In em.
    """

    text: str
    face: Face | None
    before: float = 0.0
    after: float = 0.0
    above: float = 0.0
    below: float = 0.0


@dataclass(frozen=True)
class Setting:
    """`size` in pixels an em, all else in em. `before` and `after`: room that ink needs at the ends of lines; `lower`:
    by how much the text must be moved down for its ink to stay inside its lines."""

    clusters: tuple[Cluster, ...]
    size: float
    line_height: float
    before: float
    after: float
    lower: float


def setting(part: Part) -> Setting:
    """How the text of a settled part is to be set, at the size at which it was found to fit.

    Raises Discarded: "missing glyph" for a character that no face of it draws, "text does not fit".
    """
    words = part.words
    assert words is not None
    layout = words.laid(part.room.w)
    if layout is None:
        raise Discarded("text does not fit", words.text[:40])
    paragraphs = _paragraphs(words)
    clusters = tuple(_clusters(words.text, paragraphs))
    single = len(layout.lines) == 1 and len(paragraphs) == 1
    before, after = _overhang(paragraphs[0]) if single else (
        max(cluster.before for cluster in clusters), max(cluster.after for cluster in clusters),
    )  # fmt: skip
    above, below = max(BAND, *(c.above for c in clusters)), max(0.0, *(c.below for c in clusters))
    if layout.style.vertical:
        pitch = 2 * max(0.5, above, below) if single else layout.style.pitch  # the middle of a column stays in it
        return Setting(clusters, layout.style.size, pitch, before, after, 0.0)
    height = max(layout.style.pitch, above + below)
    over, under = above - (height / 2 + CENTRE), below - (height / 2 - CENTRE)
    return Setting(clusters, layout.style.size, height, before, after, min(max(0.0, over), -under))


def _paragraphs(words: Words) -> list[Paragraph]:
    style = words.set_in
    return [prepared(line, style.pairing, style.vertical, style.letter_spacing) for line in words.text.splitlines()]


def _clusters(text: str, paragraphs: list[Paragraph]) -> Iterator[Cluster]:
    for paragraph, line in zip(paragraphs, text.splitlines(keepends=True), strict=True):
        for piece in paragraph.pieces:
            start, end, above, below = piece.ink or (0.0, piece.advance, 0.0, 0.0)
            last = len(piece.characters) - 1
            for at, character in enumerate(piece.characters):
                before = max(0.0, -start) if at == 0 else 0.0
                after = max(0.0, end - piece.advance) if at == last else 0.0
                yield Cluster(character, piece.face, before, after, above, below)
        if len(line) > len(paragraph.text):
            yield Cluster(line[len(paragraph.text) :], None)


def _overhang(paragraph: Paragraph) -> tuple[float, float]:
    """How far the ink of a single line sticks out at its two ends, in em."""
    inked = [(at, piece.ink) for at, piece in zip(paragraph.starts, paragraph.pieces, strict=False) if piece.ink]
    low = min(at + ink[0] for at, ink in inked) if inked else 0.0
    high = max(at + ink[1] for at, ink in inked) if inked else 0.0
    return max(0.0, -low), max(0.0, high - paragraph.width(0, len(paragraph.pieces)))
