"""Templates: trees of widgets in YAML files, read and checked before anything is drawn.

A file says how the picture is laid out and which kinds of text go where; texts, colours and pictures are chosen anew
for each sample. A widget is a mapping with one key, its kind; what stands inside it goes under `of`:

    scene: a sign-in screen
    ratio: [0.4, 0.8]
    grades: [word]
    root:
      column:
        padding: 24
        of:
          - text: {slot: title, size: 28, weight: bold}
          - button: {pick: sign_in}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from synth.complex import charts, icons, ornaments, pictures
from synth.complex.properties import (
    BOX,
    MANY,
    WORDS,
    Reader,
    colour,
    counts,
    flag,
    number,
    one_of,
    phrase,
    said,
    some_of,
)
from synth.complex.slots import SLOTS
from synth.complex.template_error import TemplateError
from synth.sample import GRADES, LANGUAGES

LOOKS = ("screen", "poster", "card")
CONTAINERS = ("row", "column", "stack", "grid", "either", "alternate")


@dataclass(frozen=True)
class Node:
    """One widget as the file has it. `where`: its path in the file, such as `root.column.of[2].text`."""

    widget: str
    settings: Mapping[str, Any]
    children: tuple[Node, ...]
    where: str

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Template:
    """A checked template.

    `ratio`: from which to which width over height it looks right. `units`: how many of its units there are along the
    geometric mean of width and height. `grades` and `languages`: what it is good for. `words`: lists of its own to
    `pick` from. `look` says how colours are chosen (LOOKS); `device`: its shape stands for a phone, which is drawn
    around it wherever the picture is not of that shape.
    """

    name: str
    scene: str
    root: Node
    look: str
    ratio: tuple[float, float] = (0.2, 5.0)
    units: float = 1000.0
    grades: tuple[str, ...] = GRADES
    languages: tuple[str, ...] = LANGUAGES
    device: bool = False
    modes: tuple[str, ...] = ("light", "dark")
    words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def smallest(self) -> float:
        """Size of its smallest text in units."""
        usual = {"chip": 12.0}
        wordy = (node for node in self.root.walk() if node.widget in WORDY)
        return min(node.settings.get("size", usual.get(node.widget, 14.0)) for node in wordy)


LEAVES: dict[str, dict[str, Reader]] = {
    "text": WORDS,
    "button": WORDS | {"icon": some_of(icons.names), "style": one_of("filled", "outline", "soft", "plain")},
    "chip": WORDS | {"icon": some_of(icons.names), "style": one_of("filled", "outline", "soft")},
    "input": WORDS | {"icon": some_of(icons.names)},
    "icon": {"icon": some_of(icons.names), "size": number(2, 800), "colour": colour, "stroke": number(0.5, 8)},
    "picture": {"picture": some_of(pictures.names)},
    "avatar": {"size": number(4, 800)},
    "chart": {"chart": some_of(charts.names), "colour": colour, "points": counts(2)},
    "ornament": {"ornament": some_of(ornaments.names), "colour": colour, "stroke": number(0.5, 60)},
    "divider": {"colour": colour, "stroke": number(0.25, 20)},
    "toggle": {},
    "check": {"round": flag},
    "slider": {},
    "progress": {"colour": colour, "stroke": number(1, 60)},
    "stars": {"size": number(4, 100)},
    "spacer": {},
}
"""Widgets that hold no others, and what each may say beyond BOX."""

WORDY = ("text", "button", "chip", "input")
_HEAD = {"scene", "ratio", "units", "grades", "languages", "device", "modes", "look", "words", "root"}


def load(path: Path) -> Template:
    """The template in a file. Raises TemplateError, one line naming file and field."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path}: it cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise TemplateError(f"{path}: {line}it is not YAML: {problem}") from error
    return parse(content, path.stem, str(path))


def load_folder(folder: Path) -> tuple[Template, ...]:
    """All templates of a folder (`*.yaml`), by name. Raises TemplateError where one is wrong or there is none."""
    templates = tuple(load(path) for path in sorted(folder.glob("*.yaml")))
    if not templates:
        raise TemplateError(f"{folder}: there is no template (*.yaml) in it")
    return templates


@cache
def bundled(family: str) -> tuple[Template, ...]:
    """Our own templates: `screens`, `posters` or `cards`."""
    with resources.as_file(resources.files("synth.complex") / "templates" / family) as folder:
        return load_folder(folder)


@cache
def vocabulary() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Our own lists of short texts by language, for `pick`."""
    file = resources.files("synth.complex") / "templates" / "words.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    return {name: said(texts) for name, texts in content.items()}


def parse(content: Any, name: str, file: str) -> Template:
    """The template out of what YAML gave. Raises TemplateError."""
    head = _Head(file)
    content = head.mapping(content, "the file")
    head.known(content, _HEAD, "")
    for needed in ("scene", "root"):
        if needed not in content:
            raise TemplateError(f"{file}: {needed}: it is missing")
    words = {
        key: head.read(said, texts, f"words.{key}")
        for key, texts in head.mapping(content.get("words", {}), "words").items()
    }
    root = _Tree(file, words).node(content["root"], "root")
    if not any(node.widget in WORDY for node in root.walk()):
        raise TemplateError(f"{file}: root: it has no text, so there is nothing to write into")
    return Template(
        name=name,
        scene=head.read(phrase, content["scene"], "scene"),
        root=root,
        look=head.read(one_of(*LOOKS), content.get("look", "screen"), "look"),
        ratio=head.pair(content.get("ratio", [0.2, 5.0]), "ratio"),
        units=head.read(number(50, 10_000), content.get("units", 1000), "units"),
        grades=head.subset(content.get("grades", GRADES), GRADES, "grades"),
        languages=head.subset(content.get("languages", LANGUAGES), LANGUAGES, "languages"),
        device=head.read(flag, content.get("device", False), "device"),
        modes=head.subset(content.get("modes", ["light", "dark"]), ("light", "dark"), "modes"),
        words=words,
    )


@dataclass(frozen=True)
class _Head:
    """Reads values and says where they are wrong."""

    file: str

    def read(self, reader: Reader, value: Any, where: str) -> Any:
        try:
            return reader(value)
        except ValueError as error:
            raise TemplateError(f"{self.file}: {where}: it must be {error}, not {value!r}") from error

    def mapping(self, value: Any, where: str) -> dict[str, Any]:
        if not isinstance(value, dict) or any(not isinstance(key, str) for key in value):
            raise TemplateError(f"{self.file}: {where}: it must be a mapping, not {value!r:.60}")
        return value

    def known(self, value: Mapping[str, Any], names: set[str], where: str) -> None:
        for key in value:
            if key not in names:
                raise TemplateError(
                    f"{self.file}: {where}{key}: there is no such field; known: {', '.join(sorted(names))}"
                )

    def pair(self, value: Any, where: str) -> tuple[float, float]:
        pair = value if isinstance(value, list) else [value]
        if len(pair) != 2:
            raise TemplateError(f"{self.file}: {where}: it must be a pair [least, most], not {value!r}")
        least, most = (self.read(number(0.05, 20), each, where) for each in pair)
        if least > most:
            raise TemplateError(f"{self.file}: {where}: it must be a pair [least, most], not {value!r}")
        return least, most

    def subset(self, value: Any, whole: tuple[str, ...], where: str) -> tuple[str, ...]:
        values = value if isinstance(value, (list, tuple)) else [value]
        if not values:
            raise TemplateError(f"{self.file}: {where}: it must name one of {', '.join(whole)}")
        return tuple(self.read(one_of(*whole), each, where) for each in values)


@dataclass(frozen=True)
class _Tree(_Head):
    """Reads widgets."""

    words: Mapping[str, Any]

    def node(self, value: Any, where: str) -> Node:
        value = self.mapping(value, where)
        if len(value) != 1:
            raise TemplateError(
                f"{self.file}: {where}: a widget has one key, its kind, not {', '.join(value) or 'none'}"
            )
        (widget, given) = next(iter(value.items()))
        where = f"{where}.{widget}"
        known = self._fields(widget, where)
        given = self.mapping({} if given is None else given, where)
        self.known(given, set(known) | ({"of"} if widget in CONTAINERS else set()), f"{where}.")
        settings = {key: self.read(known[key], each, f"{where}.{key}") for key, each in given.items() if key != "of"}
        self._check(widget, settings, where)
        return Node(widget, settings, self._children(widget, given, where), where)

    def _fields(self, widget: str, where: str) -> dict[str, Reader]:
        if widget in CONTAINERS:
            return BOX | MANY | ({"columns": counts(1)} if widget == "grid" else {})
        if widget not in LEAVES:
            known = ", ".join((*CONTAINERS, *LEAVES))
            raise TemplateError(f"{self.file}: {where}: there is no such widget; known: {known}")
        return BOX | LEAVES[widget]

    def _children(self, widget: str, given: Mapping[str, Any], where: str) -> tuple[Node, ...]:
        if widget not in CONTAINERS:
            return ()
        inside = given.get("of")
        if inside is None and widget not in ("either", "alternate", "grid"):
            return ()
        if not isinstance(inside, list) or not inside:
            raise TemplateError(f"{self.file}: {where}.of: it must be a list of widgets")
        return tuple(self.node(each, f"{where}.of[{at}]") for at, each in enumerate(inside))

    def _check(self, widget: str, settings: Mapping[str, Any], where: str) -> None:
        if widget not in WORDY:
            return
        sources = [key for key in ("slot", "pick", "say") if key in settings]
        if len(sources) != 1:
            raise TemplateError(f"{self.file}: {where}: it needs one of slot, pick and say, and has {len(sources)}")
        if "slot" in settings and settings["slot"] not in SLOTS:
            raise TemplateError(f"{self.file}: {where}.slot: it must be one of {', '.join(SLOTS)}")
        known = {**vocabulary(), **self.words}
        for name in settings.get("pick", ()):
            if name not in known:
                raise TemplateError(
                    f"{self.file}: {where}.pick: there is no list {name!r}; known: {', '.join(sorted(known))}"
                )
