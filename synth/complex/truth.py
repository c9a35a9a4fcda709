"""What is said of a finished picture: the things in it, how they stand to each other, and a phrase for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from synth.complex.stage import Part
from synth.complex.template import Template
from synth.complex.theme import Theme
from synth.palette import name

MOST_OBJECTS, MOST_RELATIONS = 10, 6

_CALLED = {
    "avatar": "portrait", "toggle": "switch", "slider": "slider", "progress": "progress bar", "stars": "star rating",
    "check": "checkbox", "chip": "badge",
}  # fmt: skip

_PICTURED = {
    "mountains": "picture of mountains", "sea": "picture of the sea", "city": "picture of a skyline",
    "forest": "picture of a forest", "desert": "picture of dunes", "night": "picture of the moon", "map": "map",
    "flowers": "picture of flowers", "portrait": "portrait", "ware": "picture of a product",
    "clothes": "picture of clothing", "dish": "picture of a dish", "abstract": "abstract picture",
    "waves": "abstract picture", "geometric": "geometric pattern", "glow": "colour gradient",
}  # fmt: skip

_CHARTED = {
    "bars": "bar chart", "pairs": "bar chart", "line": "line chart", "area": "area chart", "spark": "small line chart",
    "ring": "ring chart", "dial": "progress ring", "heat": "heat map",
}  # fmt: skip


def objects(roots: Sequence[Part], theme: Theme, photos: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Things of the picture with the attributes that all of a kind have, the most frequent kinds first."""
    counted: Counter[str] = Counter()
    attributes: dict[str, tuple[str, ...]] = {}
    for part in _parts(roots):
        called = _called(part, photos)
        if called:
            counted[called] += 1
            own = _attributes(part, theme)
            attributes[called] = tuple(each for each in attributes.get(called, own) if each in own)
    return tuple(
        (called, (*attributes[called], *([f"{count} of them"] if count > 1 else [])))
        for called, count in counted.most_common(MOST_OBJECTS)
    )


def relations(roots: Sequence[Part], photos: bool) -> tuple[tuple[str, str, str], ...]:
    """Which of the things that are there once stand above or left of which."""
    found = [(called, part) for part in _parts(roots) if (called := _called(part, photos))]
    counted = Counter(called for called, _ in found)
    single = [(called, part.rect) for called, part in found if counted[called] == 1]
    said: list[tuple[str, str, str]] = []
    for (one, here), (other, there) in pairwise(single):
        if here.bottom <= there.y:
            said.append((one, "above", other))
        elif here.right <= there.x:
            said.append((one, "to the left of", other))
        elif here.holds(there):
            said.append((other, "on", one))
    return tuple(said[:MOST_RELATIONS])


def scene(shown: Sequence[Template], theme: Theme, phones: int, desk: str) -> str:
    """A phrase for the prompt, as `Sample.scene` wants it."""
    accent = name(theme["accent"])
    scenes = " and ".join(dict.fromkeys(template.scene for template in shown))
    if shown[0].look == "screen":
        whole = f"{scenes} in {theme.mode} mode with {accent} accents"
    else:
        whole = f"{scenes} in {name(theme['ground'])} and {accent}"
    if not phones:
        return whole
    many = {1: "on a phone", 2: "on two phones", 3: "on three phones"}.get(phones, f"on {phones} phones")
    return f"{whole}, shown {many} on {desk}"


def _parts(roots: Sequence[Part]) -> list[Part]:
    return [part for root in roots for part in root.walk() if isinstance(part, Part)]


def _called(part: Part, photos: bool) -> str:
    settings = part.settings
    if "name" in settings:
        return str(settings["name"])
    if part.widget == "picture":
        painted = _PICTURED[settings["picture"]]
        return "photo" if photos and settings["picture"] not in ("map", "portrait") else painted
    if part.widget == "chart":
        return _CHARTED[settings["chart"]]
    return _CALLED.get(part.widget, "")


def _attributes(part: Part, theme: Theme) -> tuple[str, ...]:
    settings, said = part.settings, []
    if "fill" in settings and settings.get("opacity", 1.0) == 1.0 and "fade" not in settings:
        said.append(name(theme[settings["fill"]]))
    if settings.get("radius", 0.0) >= 200:
        said.append("pill-shaped")
    elif settings.get("radius", 0.0) * theme.rounding > 0:
        said.append("rounded")
    if part.widget == "avatar":
        said.append("round")
    return tuple(said)
