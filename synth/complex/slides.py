"""Slides: real `.pptx` templates, edited by program and rendered; the edited file comes with the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from synth.chance import pick
from synth.complex.better_office import BetterOffice
from synth.complex.render import Drawing, DrawnLine, Engine
from synth.complex.slide_checks import check, language_of
from synth.complex.slide_filling import Filling
from synth.complex.slide_pictures import PHOTOGRAPH, Photos
from synth.complex.slide_stretch import MOST, stretch_needed, stretched
from synth.complex.slide_template import SlideTemplate, load
from synth.font_packages import find_faces
from synth.fonts import Face
from synth.palette import name
from synth.sample import Char, Discarded, Line, Sample, Wish
from synth.source import TextSource


@dataclass(frozen=True)
class Slides:
    """Makes slides out of `templates`, in `faces`, through `engine`.

    `photos`: real pictures, RGB [height, width, 3]; half of the picture slots show one, the others an illustration.
    """

    templates: tuple[SlideTemplate, ...] = field(default_factory=load)
    faces: tuple[Face, ...] = field(default_factory=find_faces)
    engine: Engine = field(default_factory=BetterOffice)
    photos: Photos = ()

    def make(self, rng: np.random.Generator, wish: Wish, text: TextSource) -> Sample:
        """One slide that fills a picture of the wish's size.

        Raises Discarded: "missing glyph", "text does not fit", "text too small", "contrast too low", "text
        differs" (the engine drew something else), "no template" (none has about that shape and the grade), and what the
        engine adds.
        """
        template = stretched(self._template(rng, wish), wish.width, wish.height)
        filling = Filling(rng, wish, text, template, self.faces, self.photos)
        pptx = filling.fill()
        drawing = self.engine.draw(pptx, wish.width, wish.height, filling.setter.faces())
        check(drawing, filling.expected())
        return _sample(filling, drawing, pptx, self.engine.name)

    def suiting(self, wish: Wish) -> tuple[SlideTemplate, ...]:
        """The templates of about the wish's shape, and of its grade."""
        return tuple(
            template
            for template in self.templates
            if template.grade == wish.grade and stretch_needed(template, wish.width, wish.height) <= MOST
        )

    def _template(self, rng: np.random.Generator, wish: Wish) -> SlideTemplate:
        """Of those that suit: a theme first, so that each is as likely as another."""
        suiting = self.suiting(wish)
        if not suiting:
            raise Discarded("no template", f"for {wish.grade}s of about {wish.width}×{wish.height}")
        look = pick(rng, sorted({template.look for template in suiting}))
        needed = {t: stretch_needed(t, wish.width, wish.height) for t in suiting if t.look == look}
        least = min(needed.values())
        return pick(rng, [template for template, factor in needed.items() if factor <= 1.01 * least])


@cache
def default() -> Slides:
    """Slides out of the bundled templates, in the installed fonts."""
    return Slides()


def make(rng: np.random.Generator, wish: Wish, text: TextSource) -> Sample:
    """The tier's function: `default().make`."""
    return default().make(rng, wish, text)


def _sample(filling: Filling, drawing: Drawing, pptx: bytes, engine: str) -> Sample:
    template = filling.template
    shapes = [shape for shape in filling.roles if any(line.shape == shape for line in drawing.lines)]
    lines = [line for shape in shapes for line in drawing.lines if line.shape == shape]
    paragraphs: list[str] = []
    for shape in shapes:
        paragraphs += filling.texts.get(shape) or [line.text for line in lines if line.shape == shape]
    return Sample(
        pixels=drawing.pixels,
        paragraphs=tuple(paragraphs),
        lines=tuple(_line(filling, line) for line in lines),
        layout=f"{template.look}/{template.layout}",
        scene=_scene(filling),
        image_type="slide",
        style="flat graphic design",
        domain="Design/slides",
        objects=_objects(filling),
        relations=tuple((_kind(shows), "is part of", "slide") for shows in filling.pictures),
        notes={
            "template": template.name,
            "engine": engine,
            "fonts": sorted({f"{face.name} ({face.licence})" for face in filling.setter.used}),
            "colours": {slot: "#" + bytes(colour).hex() for slot, colour in filling.colours.items()},
        },
        files={"pptx": pptx},
    )


def _line(filling: Filling, line: DrawnLine) -> Line:
    role = filling.roles[line.shape]
    if line.within == "chart" and line.text in filling.charts[line.shape].series:
        role = "legend"
    return Line(
        text=line.text,
        language=language_of(line.text),
        quad=line.quad(line.box),
        chars=tuple(Char(text, line.quad(box)) for text, box in line.cells),
        font=" + ".join(face.name for face in line.faces),
        size=line.size,
        role=role,
    )


def _scene(filling: Filling) -> str:
    """What a person would say of it: "a presentation slide (agenda), dark with glowing circles, mainly teal".

    Nothing in it stands in quotation marks: a caption has them for what can be read in the picture.
    """
    template = filling.template
    look = template.description or f"in the style of {template.look}"
    main = f", mainly {name(filling.colours['accent1'])}" if "accent1" in filling.colours else ""
    shown = f", with {' and '.join(dict.fromkeys(filling.pictures))}" if filling.pictures else ""
    return f"a presentation slide ({template.layout}), {look}{main}{shown}"


def _objects(filling: Filling) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: list[tuple[str, tuple[str, ...]]] = [("slide", (filling.template.layout, filling.template.look))]
    found += [(_kind(shows), (shows,)) for shows in filling.pictures]
    found += [("chart", (f"{len(data.categories)} categories",)) for data in filling.charts.values()]
    found += [("table", (f"{len(filling.texts[shape])} cells",)) for shape in filling.tables]
    return tuple(found)


def _kind(shows: str) -> str:
    return "photograph" if shows == PHOTOGRAPH else "illustration"
