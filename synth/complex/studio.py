"""One sample out of templates: choose, build, settle, paint, and say what was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import skia
from numpy.typing import NDArray

from synth.complex import devices, truth
from synth.complex.engine import Drawing, Engine, Pane, Plate
from synth.complex.fitting import settle
from synth.complex.flex import Rect
from synth.complex.skia_engine import Skia
from synth.complex.slots import Chooser
from synth.complex.stage import Part, Stage
from synth.complex.template import Template, vocabulary
from synth.complex.theme import Theme, theme
from synth.complex.type import Fonts, fonts
from synth.sample import Discarded, Sample, Wish
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

OURS = Skia()

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
    chooser: Chooser = field(init=False)

    def __post_init__(self) -> None:
        self.chooser = Chooser(self.rng, self.source, self.wish.language, vocabulary())

    def settled(self, template: Template, rect: Rect, units: float) -> Part:
        """A template with texts that fit, arranged in `rect`."""
        scale = _scale(template, rect, units, self.wish.language)
        if scale is None:
            raise Discarded("text too small", f"{template.name} at {rect.w:.0f}×{rect.h:.0f} pixels")
        self.chooser.lists = {**vocabulary(), **template.words}
        stage = Stage(self.rng, template, self.theme, self.fonts, self.chooser, scale)
        root = stage.build()
        settle(root, rect, stage.spares)
        return root


def make(
    rng: np.random.Generator,
    wish: Wish,
    source: TextSource,
    templates: Sequence[Template],
    faces: tuple[Face, ...],
    photos: Sequence[NDArray[np.uint8]] = (),
    engine: Engine = OURS,
) -> Sample:
    """One sample out of those of `templates` that suit the wish's shape, grade and language, drawn by `engine`.

    `photos`: RGB pictures, uint8 [h, w, 3], that take the place of painted ones. Raises Discarded: "no template",
    "no font", "missing glyph", "text does not fit", "text too small", "contrast too low"; and what the engine raises.
    """
    able = suitable(wish, templates)
    if not able:
        raise Discarded("no template", f"for {wish.grade}s in {wish.language!r} at {wish.width}×{wish.height}")
    template = able[int(rng.integers(len(able)))]
    look = theme(rng, template.look, template.modes)
    letters = fonts(rng, faces, template.look, wish.language != "en")
    picture = _Picture(rng, wish, [template], look, letters, source)
    ground = np.empty((wish.height, wish.width, 4), np.uint8)
    if template.device and not _suits(template, wish):
        panes, desk = _phones(picture, able, canvas(ground))
    else:
        whole = Rect(0.0, 0.0, float(wish.width), float(wish.height))
        ground[:] = (*look["ground"], 255)
        panes, desk = [Pane(picture.settled(template, whole, template.units), whole)], ""
    drawing = engine.draw(Plate(ground, panes, look, rng, photos))
    return _sample(picture, panes, drawing, desk, bool(photos), engine.name)


def _phones(picture: _Picture, able: list[Template], on: skia.Canvas) -> tuple[list[Pane], str]:
    """The screens of phones that fill the picture, the phones being painted `on` the ground; what they lie on."""
    rng, wish = picture.rng, picture.wish
    places = devices.places(rng, wish.width, wish.height)
    desk = devices.desk(on, Rect(0.0, 0.0, float(wish.width), float(wish.height)), picture.theme, rng)
    picture.shown = _neighbours(rng, picture.shown[0], able, len(places))
    panes = []
    for place, each in zip(places, picture.shown, strict=True):
        rect = devices.screen(place)
        devices.phone(on, place)
        panes.append(Pane(picture.settled(each, rect, PHONE_UNITS), rect, devices.corner(place)))
    return panes, desk


def _suits(template: Template, wish: Wish) -> bool:
    least, most = template.ratio
    return least - 1e-6 <= wish.width / wish.height <= most + 1e-6


def _scale(template: Template, rect: Rect, units: float, language: str) -> float | None:
    """Pixels of one of the template's units, of which `rect` shall have `units`, where its text can be read; None
    where it would have to be set too large for that."""
    drawn = float(np.sqrt(rect.w * rect.h)) / units
    scale = max(drawn, LEAST_SIZE[language] / template.smallest)
    return scale if scale <= MOST_GROWN * drawn else None


def suitable(wish: Wish, templates: Sequence[Template]) -> list[Template]:
    """Those of `templates` that can be filled, and read, in the shape, size, grade and language of a wish."""
    return [
        template
        for template in templates
        if wish.grade in template.grades and wish.language in template.languages and _readable(template, wish)
    ]


def _readable(template: Template, wish: Wish) -> bool:
    """Whether there is a place for it, the whole picture or phones in it, that is large enough."""
    if _suits(template, wish):
        place, units = Rect(0.0, 0.0, float(wish.width), float(wish.height)), template.units
    elif template.device and wish.width / wish.height <= WIDEST:
        phones = devices.placed(devices.RATIOS[0], wish.width, wish.height)
        place, units = devices.screen(phones[0]), PHONE_UNITS
    else:
        return False
    return _scale(template, place, units, wish.language) is not None


def _neighbours(rng: np.random.Generator, first: Template, able: list[Template], count: int) -> list[Template]:
    """What is on each of `count` phones: `first`, then others as long as there are any."""
    others = [each for each in able if each.device and each is not first and set(first.modes) <= set(each.modes)]
    order = [others[int(at)] for at in rng.permutation(len(others))]
    return ([first, *order] * count)[:count]


def _sample(picture: _Picture, panes: Sequence[Pane], drawing: Drawing, desk: str, photos: bool, engine: str) -> Sample:
    template, look = picture.shown[0], picture.theme
    screen = template.look == "screen"
    roots = [pane.root for pane in panes]
    return Sample(
        pixels=drawing.pixels,
        paragraphs=tuple(each.text for each in drawing.texts),
        lines=tuple(line for each in drawing.texts for line in each.lines),
        layout="+".join(dict.fromkeys(each.name for each in picture.shown)),
        scene=truth.scene(picture.shown, look, len(panes) if desk else 0, desk),
        image_type=IMAGE_TYPES[template.look],
        style=f"flat user interface, {look.mode} mode" if screen else "flat graphic design",
        domain="Design/user_interfaces" if screen else "Design/posters",
        objects=truth.objects(roots, look, photos),
        relations=truth.relations(roots, photos),
        notes={"engine": engine, **_notes(picture, drawing)},
    )


def _notes(picture: _Picture, drawing: Drawing) -> dict[str, Any]:
    families = (picture.fonts.body, picture.fonts.display, picture.fonts.mono)
    faces = {face.name: face.licence for family in families for face in (*family.latin, *family.han)}
    used = {name for each in drawing.texts for line in each.lines for name in line.font.split(" + ")}
    return {
        "templates": [each.name for each in picture.shown],
        "mode": picture.theme.mode,
        "colours": {role: list(picture.theme[role]) for role in ("ground", "surface", "ink", "accent", "second")},
        "fonts": {name: licence for name, licence in sorted(faces.items()) if name in used},
        "emboldened": any(each.emboldened for each in drawing.texts),
    }
