"""Short texts with a form of their own, as slides and screens need them: names, prices, dates, labels, menu items."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import numpy as np

from synth.chance import chance, pick
from synth.characters import DATA

KINDS = (
    *("person", "company", "product", "price", "date", "time", "year", "quarter", "month", "percentage", "number"),
    *("email", "website", "phone", "place", "topic", "metric", "category", "label", "menu", "button", "notice"),
    *("message", "title", "point", "sentence"),
)
"""What `short` writes. `menu` is one item, `notice` the words of a sign, `point` a line of a slide, `message` one of a
chat, `category` the name of a bar, row or slice, `sentence` one such as news and notices have."""

_PLAIN = (
    "place",
    "topic",
    "metric",
    "category",
    "label",
    "menu",
    "button",
    "notice",
    "month",
    "adjective",
    "noun",
    "term",
)
_PATTERNS = ("message", "title", "point", "sentence")
ABOUT_WORDS = ("title", "point", "sentence")
"""Kinds whose Chinese patterns have room for words of the caller's: they need `fill`, which is given them."""

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}


def short(rng: np.random.Generator, language: str, kind: str) -> str:
    """One text of `kind`, of KINDS, in "en" or "zh" (there not of ABOUT_WORDS). Names are invented, addresses end in
    `.example`."""
    if kind in _PATTERNS:
        return fill(rng, language, pick(rng, words(language)[kind]))
    if kind in _PLAIN:
        return pick(rng, words(language)[kind])
    return _MADE[kind](rng, language)


def fill(rng: np.random.Generator, language: str, pattern: str, **given: str) -> str:
    """`pattern` with each `{kind}` replaced by a text of that kind, or by what is `given`.

    A digit at its end makes another one of the same kind, `_en` an English one, `_low` one in small letters.
    """
    return pattern.format_map(_Slots(rng, language, given))


def chart(rng: np.random.Generator, language: str, count: int) -> tuple[tuple[str, float], ...]:
    """`count` labels, each another (as far as they go), with the numbers of one series, to one decimal at the most."""
    labels = _axis(rng, language, count)
    level, step = float(rng.choice((10, 50, 100, 1000))), float(rng.choice((0.1, 1)))
    values = level * rng.uniform(0.2, 1.0, len(labels))
    return tuple(
        (label, round(round(float(value) / step) * step, 1)) for label, value in zip(labels, values, strict=True)
    )


@lru_cache(maxsize=4)
def words(language: str) -> dict[str, list[str]]:
    """The word lists of "en" or "zh"."""
    lists: dict[str, list[str]] = json.loads((DATA / f"words.{language}.json").read_text(encoding="utf-8"))
    return lists


class _Slots(dict[str, str]):
    """Writes each text when a pattern asks for it, so that chance is drawn in the order of the pattern."""

    def __init__(self, rng: np.random.Generator, language: str, given: dict[str, str]):
        super().__init__(given)
        self.rng, self.language = rng, language

    def __missing__(self, name: str) -> str:
        kind, language, low = name.rstrip("0123456789"), self.language, False
        if kind.endswith("_en"):
            kind, language = kind.removesuffix("_en"), "en"
        if kind.endswith("_low"):
            kind, low = kind.removesuffix("_low"), True
        text = short(self.rng, language, kind)
        return text.lower() if low else text


def _axis(rng: np.random.Generator, language: str, count: int) -> list[str]:
    """Labels of an axis: months, quarters, years or categories."""
    kind = pick(rng, ("month", "year", "category", "category"))
    if kind == "month" and count <= 12:
        first = int(rng.integers(13 - count))
        months = words(language)["month"][first : first + count]
        return [month[:3] for month in months] if language == "en" else months
    if kind == "year":
        first = int(rng.integers(2005, 2027 - min(count, 20)))
        return [f"{first + offset}" if language == "en" else f"{first + offset}年" for offset in range(count)]
    categories = words(language)["category"]
    return [categories[int(place)] for place in rng.permutation(len(categories))[:count]]


def _person(rng: np.random.Generator, language: str) -> str:
    lists = words(language)
    if language == "en":
        return f"{pick(rng, lists['given'])} {pick(rng, lists['family'])}"
    second = pick(rng, lists["given"]) if chance(rng, 0.7) else ""
    return pick(rng, lists["family"]) + pick(rng, lists["given"]) + second


def _company(rng: np.random.Generator, language: str) -> str:
    space = " " if language == "en" else ""
    return pick(rng, words(language)["brand"]) + space + pick(rng, words(language)["trade"])


def _product(rng: np.random.Generator, language: str) -> str:
    space = " " if language == "en" else ""
    return pick(rng, words(language)["adjective"]) + space + pick(rng, words(language)["noun"])


def _price(rng: np.random.Generator, language: str) -> str:
    amount = int(10 ** rng.uniform(0.5, 4.5))
    if language == "zh":
        return pick(rng, (f"¥{amount:,}", f"¥{amount}.{int(rng.integers(10))}0", f"{amount}元"))
    return pick(rng, ("$", "£", "€")) + pick(rng, (f"{amount:,}", f"{amount:,}.99", f"{amount:,}.{rng.integers(10)}0"))


def _date(rng: np.random.Generator, language: str) -> str:
    year, month, day = int(rng.integers(2008, 2032)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    iso = f"{year}-{month:02}-{day:02}"
    if language == "zh":
        return pick(rng, (f"{year}年{month}月{day}日", f"{month}月{day}日", iso, pick(rng, _WEEKDAYS["zh"])))
    name = words("en")["month"][month - 1]
    return pick(
        rng, (f"{day} {name} {year}", f"{name} {day}", f"{name[:3]} {day}, {year}", iso, pick(rng, _WEEKDAYS["en"]))
    )


def _time(rng: np.random.Generator, language: str) -> str:
    hour, minute = int(rng.integers(7, 22)), 5 * int(rng.integers(12))
    if language == "zh":
        part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
        return pick(rng, (f"{hour}:{minute:02}", f"{part}{hour if hour <= 12 else hour - 12}点"))
    return pick(rng, (f"{hour:02}:{minute:02}", f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"))


def _email(rng: np.random.Generator, language: str) -> str:
    return f"{_plain(pick(rng, words('en')['given']))}.{_plain(pick(rng, words('en')['family']))}@{_host(rng)}"


def _plain(name: str) -> str:
    """`name` in small letters without accents and signs."""
    return "".join(letter for letter in normalize("NFD", name.lower()) if "a" <= letter <= "z")


def _host(rng: np.random.Generator) -> str:
    return pick(rng, words("en")["brand"]).lower().replace(" ", "") + ".example"


def _phone(rng: np.random.Generator, language: str) -> str:
    digits = [str(digit) for digit in rng.integers(10, size=8)]
    if language == "zh":
        return f"1{pick(rng, '3578')}{''.join(digits[:1])} {''.join(digits[:4])} {''.join(digits[4:])}"
    return f"+{int(rng.integers(1, 99))} {''.join(digits[:3])} {''.join(digits[3:])}"


def _number(rng: np.random.Generator, language: str) -> str:
    return f"{int(10 ** rng.uniform(0, 6)):,}"


def _percentage(rng: np.random.Generator, language: str) -> str:
    return f"{rng.integers(1, 100)}%" if chance(rng, 0.5) else f"{rng.uniform(0.1, 99.9):.1f}%"


def _quarter(rng: np.random.Generator, language: str) -> str:
    number = int(rng.integers(4))
    return f"Q{number + 1}" if language == "en" else f"第{'一二三四'[number]}季度"


_MADE: dict[str, Any] = {
    "person": _person,
    "company": _company,
    "product": _product,
    "price": _price,
    "date": _date,
    "time": _time,
    "year": lambda rng, language: str(int(rng.integers(2015, 2032))),
    "quarter": _quarter,
    "percentage": _percentage,
    "number": _number,
    "count": lambda rng, language: str(int(rng.integers(2, 13))),
    "total": lambda rng, language: str(int(rng.integers(14, 60))),
    "email": _email,
    "website": lambda rng, language: f"www.{_host(rng)}",
    "phone": _phone,
}
