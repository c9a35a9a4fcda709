"""From a template to boxes: alternatives are decided, lists repeated, buttons and fields put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synth.complex.flex import Box, Insets, Length
from synth.complex.properties import WEIGHTS
from synth.complex.slots import Chooser
from synth.complex.template import WORDY, Node, Template
from synth.complex.theme import Theme
from synth.complex.type import Fonts
from synth.complex.words import DISPLAY_LINES, Words
from synth.text import Style

TIGHT, LOOSE = 1.3, 1.5
"""Line height in em of single lines and of running text, unless the template says otherwise."""


@dataclass(eq=False)
class Part(Box):
    """A box with its meaning: the widget, its settings with colours and kinds decided, its text if it has one."""

    widget: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    words: Words | None = None
    scale: float = 1.0


@dataclass(eq=False)
class Spare:
    """Something of which there may be fewer: `parent.children` holds `copies`, at least `least` of them must stay."""

    parent: Part
    copies: list[Part]
    least: int


@dataclass
class Stage:
    """Builds the parts of one picture. `scale`: pixels in a unit of the template."""

    rng: np.random.Generator
    template: Template
    theme: Theme
    fonts: Fonts
    chooser: Chooser
    scale: float
    spares: list[Spare] = field(default_factory=list)
    decided: dict[str, int] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    said: dict[str, Words] = field(default_factory=dict)

    def build(self) -> Part:
        (root,) = self.parts(self.template.root, None)
        return root

    def parts(self, node: Node, parent: Part | None) -> list[Part]:
        """The boxes of a node: none if chance leaves it out, several if it is repeated."""
        least, most = node.settings.get("repeat", (1, 1))
        share = node.settings.get("sometimes", 1.0)
        if share < 1 and self.rng.random() >= share:
            return []
        copies = [part for _ in range(most) for part in self.one(node)]
        least = min(least, len(copies)) if share == 1 else 0
        if parent is not None and least < len(copies):
            self.spares.append(Spare(parent, copies, least))
        return copies

    def one(self, node: Node) -> list[Part]:
        if node.widget == "either":  # one choice for the whole picture: its lists stay of a piece
            if node.where not in self.decided:
                self.decided[node.where] = int(self.rng.integers(len(node.children)))
            return self.parts(node.children[self.decided[node.where]], None)
        if node.widget == "alternate":
            turn = self.turns[node.where] = self.turns.get(node.where, -1) + 1
            return self.parts(node.children[turn % len(node.children)], None)
        if node.widget == "grid":
            return [self.grid(node)]
        if node.widget in WORDY:
            return [self.wordy(node)]
        part = self.box(node.settings, node.widget)
        for child in node.children:
            part.children += self.parts(child, part)
        return [part]

    def box(self, settings: Mapping[str, Any], widget: str) -> Part:
        """A box of that widget with its sizes in pixels."""
        direction = widget if widget in ("row", "column", "stack") else "leaf"
        width, height = self.length(settings.get("width")), self.length(settings.get("height"))
        if "size" in settings and widget in ("icon", "avatar"):
            width = height = Length(settings["size"] * self.scale)
        part = Part(
            direction=direction,
            width=width,
            height=height,
            most_width=settings.get("max_width", float("inf")) * self.scale,
            least_height=settings.get("min_height", 0.0) * self.scale,
            aspect=settings.get("aspect", 0.0),
            grow=settings.get("grow", 0.0),
            shrinks=settings.get("shrink", direction != "leaf" or widget == "picture"),
            padding=self.insets(settings.get("padding", (0.0, 0.0, 0.0, 0.0))),
            gap=settings.get("gap", 0.0) * self.scale,
            align=settings.get("align", "centre" if widget == "row" else "stretch"),
            justify=settings.get("justify", "start"),
            own=settings.get("place", ""),
            widget=widget,
            settings=self.settled(settings),
            scale=self.scale,
        )
        if widget in _SIZES:
            part.measure = self.measured(widget, settings)
        return part

    def measured(self, widget: str, settings: Mapping[str, Any]) -> Any:
        wide, high = (each * self.scale for each in _SIZES[widget])
        if widget == "stars":
            wide, high = (each * settings.get("size", 14.0) / 14 for each in (wide, high))
        if widget == "divider":
            high = settings.get("stroke", 1.0) * self.scale
        if widget == "progress":
            high = settings.get("stroke", 6.0) * self.scale
        return lambda offered: (offered if wide == 0 else wide, high)

    def settled(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings with one kind chosen where several are named."""
        chosen = dict(settings)
        for key in ("icon", "picture", "chart", "ornament"):
            if key in chosen:
                chosen[key] = str(self.rng.choice(list(chosen[key])))
        if "points" in chosen:
            chosen["points"] = int(self.rng.integers(chosen["points"][0], chosen["points"][1] + 1))
        return chosen

    def length(self, value: Length | None) -> Length | None:
        return value if value is None or value.share else Length(value.value * self.scale)

    def insets(self, value: Insets) -> Insets:
        top, right, bottom, left = (each * self.scale for each in value)
        return top, right, bottom, left

    def grid(self, node: Node) -> Part:
        """Rows of as many equal cells as it has columns; the last row is filled up."""
        least, most = node.settings.get("columns", (2, 2))
        columns = self.decided.setdefault(node.where, int(self.rng.integers(least, most + 1)))
        whole = self.box(node.settings, "column")
        cells = [cell for child in node.children for cell in self.parts(child, None)]
        rows = []
        for at in range(0, len(cells), columns):
            row = self.box({"gap": node.settings.get("gap", 0.0), "align": "stretch"}, "row")
            row.children = [self.cell(cell) for cell in cells[at : at + columns]]
            row.children += [self.box({"grow": 1.0}, "spacer") for _ in range(columns - len(row.children))]
            row.grow = 1.0 if node.settings.get("grow") else 0.0
            rows.append(row)
        whole.children = list(rows)
        if len(rows) > 1:
            self.spares.append(Spare(whole, rows, 1))
        return whole

    def cell(self, part: Part) -> Part:
        part.grow = part.grow or 1.0
        return part

    def wordy(self, node: Node) -> Part:
        """A text by itself, or with what makes it a button, a chip or a field."""
        settings = self.settled(node.settings)
        if node.widget == "text":
            return self.text(settings, self.box(node.settings, "text"))
        settings = _DRESSES[node.widget](settings)
        part = self.box(settings, "row")
        part.widget, part.settings = node.widget, settings
        ink = settings["colour"]
        if "icon" in settings:
            side = settings.get("size", 14.0) * 1.15
            part.children.append(self.box({"icon": (settings["icon"],), "size": side, "colour": ink}, "icon"))
        words = {key: value for key, value in settings.items() if key not in ("width", "height", "grow", "padding")}
        label = self.text(words, self.box({"grow": 1.0} if node.widget == "input" else {}, "text"))
        part.children.append(label)
        return part

    def text(self, settings: Mapping[str, Any], part: Part) -> Part:
        """Gives `part` a text. It may shrink: what is too long for its place is chosen anew."""
        lines = int(settings.get("lines", 200 if settings.get("slot") == "paragraph" else 1))
        size = settings.get("size", 14.0) * self.scale
        shown = lines == 1 or size > 26 * self.scale or "largest" in settings
        pitch = settings.get("leading", TIGHT if shown and lines <= DISPLAY_LINES else LOOSE)
        weight, face = WEIGHTS[settings.get("weight", "regular")], settings.get("face", "body")
        upright = settings.get("vertical", False)

        def style(language: str) -> tuple[Style, float]:
            pairing, outline = self.fonts.family(face).pairing(weight, language != "en")
            align = settings.get("text_align", "left")
            return Style(pairing, size, pitch, align, settings.get("tracking", 0.0), vertical=upright), outline

        words = Words(
            ask=lambda limit: self.chooser.choose(settings, limit),
            style=style,
            lines=lines,
            role=settings.get("role", "label" if lines == 1 else "body"),
            colour=settings.get("colour", "ink"),
            upper=settings.get("upper", False),
            largest=settings.get("largest", 0.0) * self.scale,
            same=settings.get("same", ""),
        )
        if words.same in self.said:
            words.repeat(self.said[words.same])
        else:
            words.choose()
        if words.same:
            self.said.setdefault(words.same, words)
        part.words, part.measure, part.shrinks = words, words.measure, settings.get("shrink", True)
        part.settings = {**part.settings, "text_align": settings.get("text_align", "left")}
        return part


def _button(settings: Mapping[str, Any]) -> dict[str, Any]:
    style = settings.get("style", "filled")
    fill, ink = {"filled": ("accent", "on_accent"), "soft": ("tint", "on_tint")}.get(style, ("", "link"))
    size = settings.get("size", 14.0)
    dress: dict[str, Any] = {"fill": fill} if fill else {}
    if style == "outline":
        dress["border"] = "line"
    dress |= {"padding": (size * 0.62, size * 1.2, size * 0.62, size * 1.2), "radius": 9.0, "justify": "centre"}
    dress |= {"gap": size * 0.5, "colour": ink, "weight": "semibold", "role": "button", "text_align": "centre"}
    return {**dress, "name": "button", **settings}


def _chip(settings: Mapping[str, Any]) -> dict[str, Any]:
    style = settings.get("style", "soft")
    fill, ink = {"filled": ("accent", "on_accent"), "soft": ("tint", "on_tint")}.get(style, ("", "soft"))
    size = settings.get("size", 12.0)
    dress: dict[str, Any] = {"fill": fill} if fill else {"border": "line"}
    dress |= {"padding": (size * 0.3, size * 0.8, size * 0.3, size * 0.8), "radius": 1000.0, "justify": "centre"}
    dress |= {"gap": size * 0.4, "colour": ink, "size": size, "weight": "medium", "role": "badge", "shrink": True}
    return {**dress, **settings}


def _input(settings: Mapping[str, Any]) -> dict[str, Any]:
    size = settings.get("size", 14.0)
    dress: dict[str, Any] = {"fill": "sunk", "border": "line", "radius": 9.0, "gap": size * 0.6, "colour": "soft"}
    return {**dress, "padding": (size * 0.7, size, size * 0.7, size), "name": "text field", "role": "field", **settings}


_DRESSES = {"button": _button, "chip": _chip, "input": _input}

_SIZES = {
    "divider": (0.0, 1.0), "toggle": (42.0, 24.0), "check": (20.0, 20.0), "slider": (0.0, 20.0), "progress": (0.0, 6.0),
    "stars": (82.0, 14.0),
}  # fmt: skip
"""Widths (0: all there is) and heights of small widgets in units."""
