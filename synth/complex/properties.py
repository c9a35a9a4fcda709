"""What a template may say of a widget, and how each value is checked and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from synth.complex.flex import Insets, Length

Reader = Callable[[Any], Any]
"""Turns a value out of YAML into one of ours; raises ValueError, which says what it should have been."""

ROLES = (
    "ground", "surface", "sunk", "raised", "on_raised", "soft_raised", "ink", "soft", "link", "accent", "on_accent",
    "tint", "on_tint", "line", "second", "on_second", "good", "bad", "warn", "night", "on_night", "soft_night",
    "scrim", "white", "black",
)  # fmt: skip
"""Colours by what they are for; `synth.complex.theme` says what each is."""

WEIGHTS = {"light": 300, "regular": 400, "medium": 500, "semibold": 600, "bold": 700, "black": 900}

FACES = ("body", "display", "mono")


def number(least: float, most: float = float("inf")) -> Reader:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            limit = f"at least {least:g}" if most == float("inf") else f"from {least:g} to {most:g}"
            raise ValueError(f"a number, {limit}")
        return float(value)

    return read


def one_of(*choices: str) -> Reader:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


def some_of(choices: Callable[[], tuple[str, ...]]) -> Reader:
    """One of the choices or a list of them, out of which one is taken by chance. Read late: users may add some."""

    def read(value: Any) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        if not values or any(each not in choices() for each in values):
            raise ValueError(f"one or more of {', '.join(choices())}")
        return tuple(values)

    return read


def length(value: Any) -> Length:
    if isinstance(value, str) and value.endswith("%"):
        try:
            share = float(value[:-1]) / 100
        except ValueError:
            share = -1.0
        if 0 < share <= 1:
            return Length(share, share=True)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
        return Length(float(value))
    raise ValueError('a number of units or a part such as "50%"')


def insets(value: Any) -> Insets:
    """1, 2 or 4 numbers: all round; top and bottom, left and right; top, right, bottom, left."""
    values = value if isinstance(value, list) else [value]
    fine = all(isinstance(each, (int, float)) and not isinstance(each, bool) and each >= 0 for each in values)
    if not fine or len(values) not in (1, 2, 4):
        raise ValueError("1, 2 or 4 numbers, none negative")
    values = [float(each) for each in values]
    top, right, bottom, left = {1: values * 4, 2: values * 2, 4: values}[len(values)]
    return top, right, bottom, left


def counts(least: int) -> Reader:
    """A whole number or a pair of them, from which to which."""

    def read(value: Any) -> tuple[int, int]:
        pair = value if isinstance(value, list) else [value, value]
        fine = len(pair) == 2 and all(isinstance(each, int) and not isinstance(each, bool) for each in pair)
        if not fine or not least <= pair[0] <= pair[1]:
            raise ValueError(f"a whole number or a pair [least, most], at least {least}")
        return pair[0], pair[1]

    return read


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def phrase(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a few words")
    return value.strip()


def phrases(value: Any) -> tuple[str, ...]:
    return tuple(phrase(each) for each in (value if isinstance(value, list) else [value]))


def said(value: Any) -> Mapping[str, tuple[str, ...]]:
    """A text in each language, or several to choose from: {en: Sign in, zh: [登录, 登入]}."""
    if not isinstance(value, dict) or not {"en", "zh"} & set(value) or set(value) - {"en", "zh"}:
        raise ValueError("texts by language, {en: …, zh: …}")
    return {language: phrases(texts) for language, texts in value.items()}


PLACES = ("start", "centre", "end", "stretch")
CORNERS = (
    "fill", "top", "bottom", "left", "right", "centre", "top left", "top right", "bottom left", "bottom right",
    "top centre", "bottom centre", "start", "end", "stretch",
)  # fmt: skip

colour = one_of(*ROLES)

BOX: dict[str, Reader] = {
    "width": length,
    "height": length,
    "max_width": number(1),
    "min_height": number(0),
    "aspect": number(0.05, 20),
    "grow": number(0, 100),
    "shrink": flag,
    "padding": insets,
    "place": one_of(*CORNERS),
    "fill": colour,
    "border": colour,
    "border_width": number(0.5, 40),
    "radius": number(0, 2000),
    "shadow": number(0, 60),
    "opacity": number(0, 1),
    "fade": one_of("up", "down"),
    "sometimes": number(0, 1),
    "repeat": counts(1),
    "name": phrase,
}
"""Every widget has these. Sizes are in the template's units."""

MANY: dict[str, Reader] = {
    "gap": number(0),
    "align": one_of(*PLACES),
    "justify": one_of("start", "centre", "end", "between", "around"),
}

WORDS: dict[str, Reader] = {
    "slot": phrase,
    "pick": phrases,
    "say": said,
    "characters": counts(1),
    "size": number(4, 800),
    "largest": number(4, 1200),
    "weight": one_of(*WEIGHTS),
    "colour": colour,
    "text_align": one_of("left", "centre", "right", "justified"),
    "lines": number(1, 200),
    "leading": number(0.8, 3),
    "tracking": number(-0.1, 2),
    "upper": flag,
    "vertical": flag,
    "face": one_of(*FACES),
    "role": phrase,
    "same": phrase,
}
