"""One sample out of templates: choose, build, settle, paint, and say what was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex import devices, truth
from synth.complex.fitting import settle, texts
from synth.complex.flex import Rect
from synth.complex.paint import Painter
from synth.complex.slots import Chooser
from synth.complex.stage import Part, Stage
from synth.complex.template import Template, vocabulary
from synth.complex.theme import Theme, theme
from synth.complex.type import Fonts, fonts
from synth.sample import Discarded, Line, Sample, Wish
from synth.source import TextSource
from synth.text import Face, canvas

MOST_GROWN = 1.6
"""How much larger than it was drawn a template may be set, with fewer entries in its lists, to keep text legible."""

LEAST_SIZE = {"en": 10.5, "zh": 12.0, "mixed": 12.0}
"""Pixels an em of the smallest text that can be read; templates are set larger where theirs would be smaller."""

PHONE_UNITS = 520.0
"""Geometric mean of a phone's width and height in units; its screen is some 375 wide."""

WIDEST = 2.0
"""Width over height beyond which phones would be too small to be read."""

IMAGE_TYPES = {"screen": "screenshot", "poster": "poster", "card": "illustration"}


@dataclass
class _Picture:
    """What one picture is made of while it is made."""

    rng: np.random.Generator
    wish: Wish
    shown: list[Template]
    theme: Theme
    fonts: Fonts
    source: TextSource
    photos: Sequence[NDArray[np.uint8]]
    chooser: Chooser = field(init=False)
    roots: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chooser = Chooser(self.rng, self.source, self.wish.language, vocabulary())

    def settled(self, template: Template, rect: Rect, units: float) -> Part:
        """A template with texts that fit, arranged in `rect`."""
        least = LEAST_SIZE[self.wish.language] / template.smallest
        scale = max(least, float(np.sqrt(rect.w * rect.h)) / units)
        if scale > MOST_GROWN * float(np.sqrt(rect.w * rect.h)) / units:
            raise Discarded("text too small", f"{template.name} at {rect.w:.0f}×{rect.h:.0f} pixels")
        self.chooser.lists = {**vocabulary(), **template.words}
        stage = Stage(self.rng, template, self.theme, self.fonts, self.chooser, scale)
        root = stage.build()
        settle(root, rect, stage.spares)
        self.roots.append(root)
        return root


def make(
    rng: np.random.Generator,
    wish: Wish,
    source: TextSource,
    templates: Sequence[Template],
    faces: tuple[Face, ...],
    photos: Sequence[NDArray[np.uint8]] = (),
) -> Sample:
    """One sample out of those of `templates` that suit the wish's shape, grade and language.

    `photos`: RGB pictures, uint8 [h, w, 3], that take the place of painted ones. Raises Discarded: "no template",
    "no font", "missing glyph", "text does not fit", "text too small", "contrast too low".
    """
    able = suitable(wish, templates)
    if not able:
        raise Discarded("no template", f"for {wish.grade}s in {wish.language!r} at {wish.width}×{wish.height}")
    template = able[int(rng.integers(len(able)))]
    look = theme(rng, template.look, template.modes)
    letters = fonts(rng, faces, template.look, wish.language != "en")
    picture = _Picture(rng, wish, [template], look, letters, source, photos)
    pixels = np.empty((wish.height, wish.width, 4), np.uint8)
    painter = Painter(canvas(pixels), look, rng, photos)
    whole = Rect(0.0, 0.0, float(wish.width), float(wish.height))
    phones, desk = 0, ""
    if template.device and not _suits(template, wish):
        places = devices.places(rng, wish.width, wish.height)
        phones, desk = len(places), devices.desk(painter.canvas, whole, look, rng)
        picture.shown = _neighbours(rng, template, able, phones)
        for place, each in zip(places, picture.shown, strict=True):
            root = picture.settled(each, devices.screen(place), PHONE_UNITS)
            devices.phone(painter.canvas, place, lambda root=root: painter.paint(root))  # type: ignore[misc]
    else:
        painter.canvas.clear(skia.Color(*look["ground"]))
        painter.paint(picture.settled(template, whole, template.units))
    written = _written(picture, painter, pixels)
    return _sample(picture, written, pixels, truth.scene(picture.shown, look, phones, desk))


def _suits(template: Template, wish: Wish) -> bool:
    least, most = template.ratio
    return least - 1e-6 <= wish.width / wish.height <= most + 1e-6


def suitable(wish: Wish, templates: Sequence[Template]) -> list[Template]:
    """Those of `templates` that can be filled in the shape, grade and language of a wish."""
    phones = wish.width / wish.height <= WIDEST
    return [
        template
        for template in templates
        if wish.grade in template.grades
        and wish.language in template.languages
        and (_suits(template, wish) or (template.device and phones))
    ]


def _neighbours(rng: np.random.Generator, first: Template, able: list[Template], count: int) -> list[Template]:
    """What is on each of `count` phones: `first`, then others as long as there are any."""
    others = [each for each in able if each.device and each is not first and set(first.modes) <= set(each.modes)]
    order = [others[int(at)] for at in rng.permutation(len(others))]
    return ([first, *order] * count)[:count]


@dataclass(frozen=True)
class _Text:
    text: str
    lines: tuple[Line, ...]
    colour: tuple[int, int, int]
    emboldened: bool


def _written(picture: _Picture, painter: Painter, pixels: NDArray[np.uint8]) -> list[_Text]:
    """Draws all texts, on top of everything else; what was drawn, in reading order."""
    behind = pixels.copy()
    written = []
    for root in picture.roots:
        for part in texts(root):
            words = part.words
            assert words is not None
            layout = words.placed(part.room, part.settings["text_align"])
            colour = painter.write(part, layout, behind)
            written.append(_Text(words.text, words.sampled(layout), colour, words.outline > 0))
    return written


def _sample(picture: _Picture, written: list[_Text], pixels: NDArray[np.uint8], scene: str) -> Sample:
    template, look, photos = picture.shown[0], picture.theme, bool(picture.photos)
    screen = template.look == "screen"
    return Sample(
        pixels=np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.uint8),
        paragraphs=tuple(each.text for each in written),
        lines=tuple(line for each in written for line in each.lines),
        layout="+".join(dict.fromkeys(each.name for each in picture.shown)),
        scene=scene,
        image_type=IMAGE_TYPES[template.look],
        style=f"flat user interface, {look.mode} mode" if screen else "flat graphic design",
        domain="Design/user_interfaces" if screen else "Design/posters",
        objects=truth.objects(picture.roots, look, photos),
        relations=truth.relations(picture.roots, photos),
        notes=_notes(picture, written),
    )


def _notes(picture: _Picture, written: list[_Text]) -> dict[str, Any]:
    families = (picture.fonts.body, picture.fonts.display, picture.fonts.mono)
    faces = {face.name: face.licence for family in families for face in (*family.latin, *family.han)}
    used = {name for each in written for line in each.lines for name in line.font.split(" + ")}
    return {
        "templates": [each.name for each in picture.shown],
        "mode": picture.theme.mode,
        "colours": {role: list(picture.theme[role]) for role in ("ground", "surface", "ink", "accent", "second")},
        "fonts": {name: licence for name, licence in sorted(faces.items()) if name in used},
        "emboldened": any(each.emboldened for each in written),
    }
