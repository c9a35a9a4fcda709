"""The three tiers, and the kinds of picture that each makes: all that knows how a tier is built.

Nothing of a tier is imported before it is asked for, since each has renderers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from synth.fonts import Face
from synth.sample import Sample, Wish
from synth.source import TextSource
from synth.wishes import Fits

if TYPE_CHECKING:
    from synth.complex.template import Template

Make = Callable[[np.random.Generator, Wish, TextSource], Sample]


class Photos(Protocol):
    """Pictures by number, RGB [height, width, 3] uint8. `Discarded` is raised where one cannot be read."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> NDArray[np.uint8]: ...


@dataclass(frozen=True)
class Kit:
    """What a tier works with, besides text. `templates`: a folder that takes the place of ours; `photos`: real
    pictures for backgrounds and illustrations."""

    faces: tuple[Face, ...]
    templates: Path | None = None
    photos: Photos = ()


def _always(wish: Wish) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of picture: what makes it, and which wishes it can fulfil at all."""

    make: Make
    fits: Fits = _always


class NoTemplate(ValueError):
    """A folder of templates that holds none: one line."""


def pure(kit: Kit) -> dict[str, Kind]:
    """Pages of text."""
    from synth import pure
    from synth.pages.catalogue import suiting

    return {"pure": Kind(partial(pure.make, faces=kit.faces), lambda wish: bool(suiting(wish)))}


def compositional(kit: Kit) -> dict[str, Kind]:
    """Text in scenes."""
    from synth.compositional.tier import Compositional

    return {"compositional": Kind(Compositional(kit.faces, kit.photos))}


def complex(kit: Kit) -> dict[str, Kind]:
    """Templates filled in: slides, screens, posters and cards, or those for which a user's folder has some."""
    kinds = {**_slides(kit), **_drawn(kit)}
    if not kinds:
        raise NoTemplate(f"{kit.templates}: there is no template (*.pptx, *.yaml) in it")
    return kinds


def _slides(kit: Kit) -> dict[str, Kind]:
    from synth.complex.slide_stretch import MOST, stretch_needed
    from synth.complex.slide_template import load
    from synth.complex.slides import Slides

    if kit.templates and not any(kit.templates.glob("*.pptx")):
        return {}
    templates = load(kit.templates) if kit.templates else load()

    def fits(wish: Wish) -> bool:
        return any(stretch_needed(template, wish.width, wish.height) <= MOST for template in templates)

    return {"slides": Kind(Slides(templates, kit.faces, photos=kit.photos).make, fits)}


def _drawn(kit: Kit) -> dict[str, Kind]:
    from synth.complex import cards, posters, screens
    from synth.complex.template import bundled, load_folder

    own = load_folder(kit.templates) if kit.templates and any(kit.templates.glob("*.yaml")) else ()
    pictures = cast("Sequence[NDArray[np.uint8]]", kit.photos)  # they count and choose, no more
    found = {}
    for name, look, make in (
        ("screens", "screen", screens.make),
        ("posters", "poster", posters.make),
        ("cards", "card", cards.make),
    ):
        templates = tuple(t for t in own if t.look == look) if kit.templates else bundled(name)
        if templates:
            filled = partial(make, templates=templates, faces=kit.faces, photos=pictures)
            found[name] = Kind(filled, partial(_suits, templates))
    return found


def _suits(templates: Sequence[Template], wish: Wish) -> bool:
    from synth.complex.studio import suitable

    return bool(suitable(wish, templates))


TIERS: dict[str, Callable[[Kit], dict[str, Kind]]] = {
    "pure": pure,
    "compositional": compositional,
    "complex": complex,
}
"""The kinds of each tier, which take turns. Raise ValueError, one line, for what is wrong with fonts or templates."""
