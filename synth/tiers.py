"""The three tiers, and the kinds of picture that each makes: all that knows how a tier is built.

Nothing of a tier is imported before it is asked for, since each has renderers of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    from synth.complex.engine import Engine
    from synth.complex.template import Template

Make = Callable[[np.random.Generator, Wish, TextSource], Sample]


class Photos(Protocol):
    """Pictures by number, RGB [height, width, 3] uint8. `Discarded` is raised where one cannot be read."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> NDArray[np.uint8]: ...


@dataclass(frozen=True)
class Kit:
    """What a tier works with, besides text. `templates`: a folder that takes the place of ours; `photos`: real
    pictures for backgrounds and illustrations; `engines`: those of ENGINES that take the place of ours."""

    faces: tuple[Face, ...]
    templates: Path | None = None
    photos: Photos = ()
    engines: tuple[str, ...] = ()


def _always(wish: Wish) -> bool:
    return True


@dataclass(frozen=True)
class Kind:
    """One kind of picture: what makes it, which wishes it can fulfil at all, and the name and version of the engine
    that draws it where there is a choice."""

    make: Make
    fits: Fits = _always
    engine: str = ""


class NoTemplate(ValueError):
    """A folder of templates that holds none: one line."""


class EngineError(ValueError):
    """An engine that nobody knows, or that has nothing to draw: one line."""


ENGINES = {"libreoffice": ("slides",), "chromium": ("screens", "posters", "cards")}
"""Programs that a user may have, and the kinds of picture that each draws instead of the engine of ours."""


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
    for engine in kit.engines:
        if not set(ENGINES[engine]) & set(kinds):
            raise EngineError(f"{engine} draws {', '.join(ENGINES[engine])}: {kit.templates} has no template for them")
    return kinds


def _slides(kit: Kit) -> dict[str, Kind]:
    from synth.complex.slide_template import load
    from synth.complex.slides import Slides

    if kit.templates and not any(kit.templates.glob("*.pptx")):
        return {}
    slides = Slides(load(kit.templates) if kit.templates else load(), kit.faces, photos=kit.photos)
    if "libreoffice" in kit.engines:
        from synth.complex.libre_office import LibreOffice

        slides = replace(slides, engine=LibreOffice(kit.faces))
    return {"slides": Kind(slides.make, lambda wish: bool(slides.suiting(wish)), slides.engine.name)}


def _drawn(kit: Kit) -> dict[str, Kind]:
    from synth.complex.studio import OURS, make
    from synth.complex.template import bundled, load_folder

    own = load_folder(kit.templates) if kit.templates and any(kit.templates.glob("*.yaml")) else ()
    pictures = cast("Sequence[NDArray[np.uint8]]", kit.photos)  # they count and choose, no more
    engine: Engine = OURS
    if "chromium" in kit.engines:
        from synth.complex.chromium import Chromium

        engine = Chromium()
    found = {}
    for name, look in (("screens", "screen"), ("posters", "poster"), ("cards", "card")):
        templates = tuple(t for t in own if t.look == look) if kit.templates else bundled(name)
        if templates:
            filled = partial(make, templates=templates, faces=kit.faces, photos=pictures, engine=engine)
            found[name] = Kind(filled, partial(_suits, templates), engine.name)
    return found


def _suits(templates: Sequence[Template], wish: Wish) -> bool:
    from synth.complex.studio import suitable

    return bool(suitable(wish, templates))


TIERS: dict[str, Callable[[Kit], dict[str, Kind]]] = {
    "pure": pure,
    "compositional": compositional,
    "complex": complex,
}
"""The kinds of each tier, which take turns. Raise ValueError, one line, for what is wrong with fonts, templates or
engines."""


def check_engines(tier: str, engines: Sequence[str]) -> None:
    """Raises EngineError for a name that is none of ENGINES, or a tier that has no engine to choose."""
    for engine in engines:
        if engine not in ENGINES:
            raise EngineError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
        if tier != "complex":
            raise EngineError(f"{engine} draws {', '.join(ENGINES[engine])}, of tier complex: tier {tier} has none")
