"""Text on a carrier: how much it takes, how it is set, and the mask of its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth.chance import chance, pick
from synth.characters import levels
from synth.compositional.carriers import Blank
from synth.compositional.colour import mixed
from synth.compositional.shadow import fill
from synth.compositional.shapes import Rectangle
from synth.contrast import Colour, luminance, luminances, ratio
from synth.draw import canvas, draw
from synth.fonts import Face
from synth.layout import Layout, Style, fit
from synth.pairing import Pairing, choose_pairing
from synth.sample import Discarded, Wish
from synth.source import TextSource

LEAST_EM = {"en": 23.0, "zh": 24.0, "mixed": 24.0}
"""Least size of an em in the image, in pixels: capitals are then 15 pixels high, and an ideograph has two pixels for
each of the ten or so strokes that may lie above one another in it."""

WIDTH = {"en": 0.52, "zh": 1.0, "mixed": 0.8}
"""Mean advance of a character in em."""

LEAST, TITLED = 10, 50
"""Em in a row for which a field must have room to hold a paragraph, and a title above it."""

PITCH = 1.45
"""Mean distance of baselines in em."""

KINDS = {
    "chalk": ("handwriting", "sans", "display"),
    "carved": ("serif", "display"),
    "raised": ("serif", "display", "sans"),
    "stamped": ("sans", "mono"),
    "glow": ("sans",),
}
"""Kinds of faces that suit a way of writing; any where none is named."""

BOLD = ("printed", "paint", "carved", "raised", "woven")
"""Ways of writing that a bold Chinese face suits, in few and large words: small, its strokes run into one another."""

CLEAR = 7.5
"""Contrast an ink should have with its ground, because light, grain and wear come between: half is lost on the way."""

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


class Words(NamedTuple):
    """Text for a carrier: a title, or nothing, and paragraphs beneath it."""

    title: str
    body: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """Layouts in raster pixels with their roles, and the letters' mask, uint8 [h, w]."""

    layouts: tuple[tuple[str, Layout], ...]
    cover: NDArray[np.uint8]
    colour: Colour
    pairing: Pairing

    @property
    def by_hand(self) -> bool:
        """Whether every face in use looks like handwriting."""
        used = {run.face for _, layout in self.layouts for line in layout.lines for run in line.glyphs}
        return all(face.kind == "handwriting" for face in used)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text as it was set, paragraph by paragraph."""
        return tuple(
            "".join(line.raw for line in layout.lines if line.paragraph == number)
            for _, layout in self.layouts
            for number in range(layout.lines[-1].paragraph + 1)
        )


def room(field: Rectangle, em: float, language: str) -> int:
    """About how many characters of `em` pixels fit a field."""
    columns = (field[2] - field[0]) / (em * WIDTH[language])
    return int(columns * max(1.0, (field[3] - field[1]) / (em * PITCH)))


def words(rng: np.random.Generator, wish: Wish, text: TextSource, most: int) -> Words:
    """Text of the grade wished for, of at most about `most` characters."""
    wide = WIDTH[wish.language]
    if wish.grade == "word":
        return Words("", (text.words(rng, wish.language),))
    if wish.grade == "line":
        longest = int(np.clip(most / 4, 6, 26 / wide**0.5))
        count = int(np.clip(most / 3 // longest, 1, rng.integers(1, 5)))
        lines = text.lines(rng, wish.language, count, (min(5, longest), longest))
        return Words("", tuple(lines))
    titled = most > TITLED / wide and chance(rng, 0.6)
    title = text.title(rng, wish.language, (2, max(6, min(30, most // 5)))) if titled else ""
    limit = int(min(420, 0.75 * most - 2 * len(title)))
    if limit < LEAST / wide:
        raise Discarded("text does not fit", f"room for {most} characters only")
    long = int(rng.uniform(max(LEAST / wide, 0.45 * limit), limit))
    count = 1 if long < 150 or chance(rng, 0.6) else 2
    span = (int(0.6 * long / count), long // count)
    return Words(title, text.paragraphs(rng, wish.language, count, span))


def write(rng: np.random.Generator, wish: Wish, said: Words, blank: Blank, faces: Sequence[Face], em: float) -> Written:
    """Sets the text in the blank's field, no smaller than `em` raster pixels.

    Raises Discarded: "missing glyph", "text does not fit".
    """
    kinds = ("handwriting",) if blank.hand and chance(rng, 0.9) else KINDS.get(blank.way, ())
    paragraphs = [said.title, *said.body] if said.title else list(said.body)
    whole = "".join(paragraphs)
    pairing = choose_pairing(rng, suited(faces, wish.grade, blank.way, whole), wish.language, kinds, whole)
    layouts = set_in(rng, wish.grade, said, blank, pairing, em)
    inside(layouts, blank.field)
    cover = mask(blank, [layout for _, layout in layouts])
    written = Written(layouts, cover, ink(rng, blank), pairing)
    if list(written.paragraphs) != paragraphs:
        raise Discarded("text lost", "what was set is not what was chosen")
    return written


def suited(faces: Sequence[Face], grade: str, way: str, text: str) -> Sequence[Face]:
    """The faces without bold Chinese ones where these do not suit, if any others are left: rare characters, which have
    many strokes, are not set in bold."""
    if grade != "paragraph" and way in BOLD and all(levels().get(character, 1) == 1 for character in text):
        return faces
    plain = [face for face in faces if "Hani" not in face.scripts or face.weight < 600]
    return plain if any("Hani" in face.scripts for face in plain) else faces


def ink(rng: np.random.Generator, blank: Blank) -> Colour:
    """An ink that suits the blank and reads on it: any of enough contrast, or the best there is, deepened."""
    left, top, right, bottom = (int(value) for value in blank.field)
    ground = float(np.median(luminances(blank.pixels[top:bottom:8, left:right:8])))
    values = [ratio(ground, luminance(colour)) for colour in blank.inks]
    clear = [colour for colour, value in zip(blank.inks, values, strict=True) if value >= CLEAR]
    return pick(rng, clear) if clear else deepened(blank.inks[int(np.argmax(values))], ground)


def deepened(colour: Colour, ground: float) -> Colour:
    """The colour as much darker, or lighter, as it has to be for CLEAR on a ground of that luminance, if it can."""
    end = BLACK if luminance(colour) < ground else WHITE
    steps = (mixed(colour, end, share) for share in np.linspace(0, 1, 17).tolist())
    return next((step for step in steps if ratio(luminance(step), ground) >= CLEAR), end)


def set_in(
    rng: np.random.Generator, grade: str, said: Words, blank: Blank, pairing: Pairing, em: float
) -> tuple[tuple[str, Layout], ...]:
    """The layouts of title and body, each with its role, within the blank's field."""
    left, top, right, bottom = blank.field
    width, height = right - left, bottom - top
    align = "centre" if blank.centred else "left"
    most = {"word": 0.62, "line": 0.30, "paragraph": 0.11}[grade] * height
    laid: list[tuple[str, Layout]] = []
    style = Style(
        pairing, em, pitch=float(rng.uniform(1.3, 1.55)), align=align, paragraph_gap=float(rng.uniform(0.1, 0.5))
    )
    if said.title:
        heading = fit(said.title, style, width, 0.24 * height, 1.15 * em, max(1.2 * em, 0.10 * height), left, top)
        laid.append(("title", heading))
        top = heading.bounds[3] + float(rng.uniform(0.5, 0.9)) * heading.style.size
    if bottom - top < em * 1.1:
        raise Discarded("text does not fit", "no room beneath the title")
    if blank.rules or (grade == "paragraph" and not blank.centred and chance(rng, 0.25)):
        style = Style(pairing, em, pitch=style.pitch, align="left" if blank.rules else "justified")
    body = fit(list(said.body), style, width, bottom - top, em, max(em, most), left, top)
    laid.append(("body" if grade == "paragraph" else "label", body))
    return centred(rng, laid, blank)


def centred(rng: np.random.Generator, laid: list[tuple[str, Layout]], blank: Blank) -> tuple[tuple[str, Layout], ...]:
    """Moved down to the middle of the field, or a part of the way there."""
    spare = blank.field[3] - max(layout.bounds[3] for _, layout in laid)
    over = min(layout.bounds[1] for _, layout in laid) - blank.field[1]
    down = (spare - over) / 2 if blank.centred else max(0.0, spare) * float(rng.uniform(0, 0.4))
    return tuple((role, layout.moved(0, down)) for role, layout in laid)


def inside(layouts: Sequence[tuple[str, Layout]], field: Rectangle) -> None:
    """Raises Discarded unless every line and every character lies in the field: the first of two hard checks."""
    for _, layout in layouts:
        for line in layout.lines:
            for left, top, right, bottom in (line.box, *(box for _, box in line.characters)):
                low = left + layout.x < field[0] - 0.5 or top + layout.y < field[1] - 0.5
                if low or right + layout.x > field[2] + 0.5 or bottom + layout.y > field[3] + 0.5:
                    raise Discarded("text does not fit", line.text[:40])


def mask(blank: Blank, layouts: Sequence[Layout]) -> NDArray[np.uint8]:
    """The letters' coverage of the raster, uint8 [h, w]."""
    height, width = blank.alpha.shape
    sheet = np.zeros((height, width, 4), np.uint8)
    on = canvas(sheet)
    for layout in layouts:
        draw(on, layout, (255, 255, 255))
    return np.ascontiguousarray(sheet[..., 3])


def rule(blank: Blank, layouts: Sequence[tuple[str, Layout]]) -> None:
    """Draws ruled lines under the text, in place: at its own pitch, on up and down the page."""
    if blank.rules is None:
        return
    layout = layouts[-1][1]
    baselines = [layout.y + float(np.median(line.glyphs[0].ys)) for line in layout.lines]
    pitch = layout.style.pitch * layout.style.size
    left, top, right, bottom = (float(value) for value in (*blank.outline.min(0), *blank.outline.max(0)))
    first = baselines[0] + 0.16 * layout.style.size
    limit = layouts[0][1].bounds[3] if len(layouts) > 1 else top + 0.06 * (bottom - top)
    above = np.arange(first - pitch, limit, -pitch)
    below = np.arange(baselines[-1] + 0.16 * layout.style.size, bottom - 0.05 * (bottom - top), pitch)
    between = [line + 0.16 * layout.style.size for line in baselines[:-1]]
    thick = max(1.5, layout.style.size / 26)
    for y in (*above, *between, *below):
        bar = np.array([[left + 4, y], [right - 4, y], [right - 4, y + thick], [left + 4, y + thick]])
        fill(blank.pixels, bar, blank.rules)


__all__ = ["LEAST_EM", "Words", "Written", "room", "rule", "words", "write"]
