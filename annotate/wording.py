"""Sentences about an image that say what was measured of it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotate.evidence import Evidence, Looks, Reading

NOUNS = {
    "photo": "photograph",
    "illustration": "flat illustration",
    "screenshot": "screenshot of a user interface",
    "slide": "presentation slide",
    "document": "page of a document",
}

NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

BRIGHTNESS = ((40, "very dark"), (85, "dark"), (170, "moderately lit"), (225, "bright"), (256, "very bright"))
"""Median luma up to which an image is called so."""

CONTRAST = ((60, "low"), (180, "moderate"), (256, "high"))
"""Range of luma (5th to 95th percentile) up to which contrast is called so."""

GREY, VIVID = 0.02, 0.5
"""Mean saturation below which a photograph has no colours, and from which they are vivid if it is not dark."""

SQUARE = 1.05
"""Longer over shorter side up to which an image is called square."""

LARGE_FACE, SMALL_FACE = 0.1, 0.01
"""Shares of the image's area from which a face is large, and below which it is small."""


def opening(kind: str, portrait: bool, evidence: Evidence, looks: Looks) -> str:
    """The first sentence: what kind of image it is, and in which light; `portrait`: a face is what it is about."""
    noun = NOUNS[kind]
    if kind == "photo":
        strong = [f"{contrast(looks)}-contrast"] * (contrast(looks) != "moderate")
        adjectives = ", ".join([brightness(looks), *strong, *palette(looks)])
        noun = f"{adjectives} {'portrait photograph' if portrait else noun}"
    return f"{article(noun)} {noun} in {shape(evidence)} format."


def shape(evidence: Evidence) -> str:
    if max(evidence.width, evidence.height) <= SQUARE * min(evidence.width, evidence.height):
        return "square"
    return "landscape" if evidence.width > evidence.height else "portrait"


def brightness(looks: Looks) -> str:
    return _grade(looks.brightness, BRIGHTNESS)


def contrast(looks: Looks) -> str:
    return _grade(looks.contrast, CONTRAST)


def palette(looks: Looks) -> list[str]:
    """Adjectives for the colours as a whole, none where they are usual."""
    if looks.saturation < GREY:
        return ["black-and-white"]
    dark = looks.brightness <= BRIGHTNESS[1][0]  # HSV calls dark pixels saturated whatever their colour
    return ["vividly coloured"] if looks.saturation >= VIVID and not dark else []


def colours(looks: Looks) -> str:
    """A sentence on the main colours; empty where none was found."""
    names = [name for name, _ in looks.colours[:4]]
    if not names:
        return ""
    most = looks.colours[0][1]
    if most >= 0.85:
        return f"It is almost entirely {names[0]}."
    if len(names) == 1 or most >= 0.5:
        return f"It is mostly {names[0]}{', with ' if names[1:] else ''}{listing(names[1:])}."
    return f"Its main colours are {listing(names)}."


def faces(looks: Looks) -> str:
    """A sentence on the faces; empty where there are none."""
    count = len(looks.faces)
    if not count:
        return ""
    percent = max(1, round(100 * max(looks.faces)))
    if count == 1:
        return f"One face is visible and takes up about {percent} % of the image."
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number.capitalize()} faces are visible; the largest takes up about {percent} % of the image."


def face_size(share: float) -> str:
    return "large" if share >= LARGE_FACE else "small" if share < SMALL_FACE else "medium-sized"


def visible_text(lines: Sequence[Reading], more: bool) -> str:
    """A sentence that quotes `lines`, by where they stand; `more`: there are others. Empty without lines."""
    thirds: dict[str, list[str]] = {"at the top": [], "in the middle": [], "at the bottom": []}
    for line in lines:
        thirds[list(thirds)[min(2, max(0, int(3 * line.y)))]].append(quoted(line.text))
    parts = [f"{where} it reads {listing(texts)}" for where, texts in thirds.items() if texts]
    if not parts:
        return "There is text that is not quoted here." if more else ""
    sentence = "; ".join(parts) + ("; there is further text." if more else ".")
    return sentence[0].upper() + sentence[1:]


def watermark(words: Iterable[str]) -> str:
    """A sentence on the watermark that lies over the image; `words`: what it says, if that was read."""
    texts = [quoted(word) for word in words]
    return f"A watermark lies over it{', reading ' if texts else ''}{listing(texts)}."


def quoted(text: str) -> str:
    """`text` in double quotation marks; those in it become single ones, so that the quotation ends where it ends."""
    return '"' + text.replace('"', "'") + '"'


def listing(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def article(noun: str) -> str:
    return "An" if noun[0] in "aeiou" else "A"


def _grade(value: float, grades: Sequence[tuple[float, str]]) -> str:
    return next((word for bound, word in grades if value <= bound), grades[-1][1])
