"""The caption of a sample: a sentence or more that name its text verbatim, the place and the style.

Structured as the Qwen-Image report has it (arXiv 2508.02324): what carries the text, then all of the text in
quotation marks, then how it is set. The wording varies, so that a model learns the text and not the phrase before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from annotate import tokens
from annotate.checks import MAX_TOKENS
from annotate.prompt import stored_schema
from curation.synthesis.pieces import Piece, pieces
from synth.sample import Discarded, Sample

LONGEST: int = stored_schema()["properties"]["caption"]["maxLength"]
"""Characters of a caption."""

QUOTES = (('"', '"'), ("“", "”"), ("「", "」"), ("『", "』"), ("«", "»"))
"""Quotation marks, the usual ones first. The first that do not occur in the text are used."""

NOUNS = {
    "photo": ("a photograph", "a photo"),
    "poster": ("a poster", "a poster design", "a graphic design"),
    "screenshot": ("a screenshot", "a user interface"),
    "slide": ("a presentation slide", "a slide"),
    "document": ("a page of text", "a typeset page"),
    "render": ("a rendering", "a rendered scene"),
}
OTHERWISE = ("an image", "a picture")

OPENINGS = ("{noun} showing {scene}.", "{noun}: {scene}.", "{noun} with {scene}.", "{scene}.", "{scene}.")

STYLES = ("", "", "The style is {style}.", "Style: {style}.", "In style it is {style}.")

ONE = (
    "It reads {text}.",
    "The text reads {text}.",
    "The words are {text}.",
    "On it stands {text}.",
    "It says {text}.",
    "The text on it is {text}.",
)
TITLED = (
    "The title reads {title}, followed by {rest}.",
    "Its heading is {title}; the text below it reads {rest}.",
    "Under the heading {title} stands {rest}.",
    "The headline {title} stands above {rest}.",
)
LISTED = (
    "It reads, in order, {rest}.",
    "The text, from top to bottom, reads {rest}.",
    "It holds the texts {rest}.",
    "The following can be read: {rest}.",
    "Its text is {rest}.",
)

FEW_WORDS = ("{brief}", "{brief}.", "The word {brief}.", "The text {brief}.")

SETTINGS = ("", "", "The text is set in {font}.", "Typeface: {font}.", "The lettering is {font}.")

BRIEF = 0.75
"""The share of captions in few words, where few words say all: so that a model knows both."""

PLACES = (("upper left", "top", "upper right"), ("left", "centre", "right"), ("lower left", "bottom", "lower right"))

TITLES = ("title", "heading", "headline")
"""Roles that a piece is named by."""


def prompt(sample: Sample, rng: np.random.Generator) -> str:
    """The caption, at most LONGEST characters and MAX_TOKENS tokens of Qwen2.5.

    Raises Discarded where the text is too long for both, once everything that may go has gone.
    """
    if sample.brief and rng.random() < BRIEF:
        return _brief(sample, rng)
    opening, texts = _opening(sample, rng), _texts(pieces(sample), rng)
    endings = [_style(sample, rng), _setting(sample, rng)]
    for count in range(len(endings), -1, -1):
        caption = " ".join(filter(None, [opening, texts, *endings[:count]]))
        if len(caption) <= LONGEST and tokens.count(caption) <= MAX_TOKENS:
            return caption
    raise Discarded("too much text for a caption", f"{len(texts):,} characters")


def _brief(sample: Sample, rng: np.random.Generator) -> str:
    text = quoted(" ".join(piece.text for piece in pieces(sample)))
    caption = _filled(_pick(rng, FEW_WORDS).format(brief=sample.brief), {"{text}": text})
    return caption[:1].upper() + caption[1:]


def quoted(text: str) -> str:
    """`text`, verbatim, in the first quotation marks that it does not hold itself; line ends become spaces."""
    opening, closing = next((q for q in QUOTES if q[0] not in text and q[1] not in text), QUOTES[0])
    return opening + " ".join(text.split("\n")) + closing


def _opening(sample: Sample, rng: np.random.Generator) -> str:
    """A sentence that names what carries the text; it is not called twice what the scene already calls it."""
    scene = sample.scene.strip().rstrip(".")
    nouns = [n for n in NOUNS.get(sample.image_type, OTHERWISE) if n.rpartition(" ")[2] not in scene.split()]
    phrase = _pick(rng, OPENINGS) if nouns else "{scene}."
    opening = _filled(phrase, {"{noun}": _pick(rng, nouns or OTHERWISE), "{scene}": scene})
    return opening[:1].upper() + opening[1:]


def _texts(found: Sequence[Piece], rng: np.random.Generator) -> str:
    """Everything that is written, in reading order."""
    if len(found) == 1:
        where = _where(found[0], rng)
        text = _ended(_filled(_pick(rng, ONE), {"{text}": quoted(found[0].text)}))
        return f"{where}, {text[0].lower()}{text[1:]}" if where else text
    titled = len(found) <= 12 and found[0].role in TITLES
    rest = _joined([quoted(piece.text) for piece in found[titled:]])
    phrase = _pick(rng, TITLED if titled else LISTED)
    return _ended(_filled(phrase, {"{title}": quoted(found[0].text), "{rest}": rest}))


def _filled(phrase: str, parts: dict[str, str]) -> str:
    """`phrase` with its blanks filled once, from left to right: text that looks like a blank stays text."""
    filled = ""
    while True:
        blanks = [(phrase.find(name), name) for name in parts if name in phrase]
        if not blanks:
            return filled + phrase
        at, name = min(blanks)
        filled, phrase = filled + phrase[:at] + parts[name], phrase[at + len(name) :]


def _ended(sentence: str) -> str:
    """`sentence` without its full stop where a quotation before it ends a sentence of its own."""
    return sentence[:-1] if re.search(r"[.!?。！？…]['\"”」』»]+\.$", sentence) else sentence


def _joined(quotations: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(quotations[:-1]), *quotations[-1:]]))


def _where(piece: Piece, rng: np.random.Generator) -> str:
    """Where one piece stands, if that is not the middle, for half of the captions."""
    row, column = (min(2, int(3 * share)) if 0 <= share < 1 else 1 for share in (piece.y, piece.x))
    if (row, column) == (1, 1) or rng.random() < 0.5:
        return ""
    return f"At the {PLACES[row][column]}" if row != 1 else f"On the {PLACES[row][column]}"


def _style(sample: Sample, rng: np.random.Generator) -> str:
    return _pick(rng, STYLES).format(style=sample.style.rstrip("."))


def _setting(sample: Sample, rng: np.random.Generator) -> str:
    fonts = list(dict.fromkeys(line.font for line in sample.lines))
    return _pick(rng, SETTINGS).format(font=" and ".join(fonts)) if len(fonts) <= 2 else ""


def _pick(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]
