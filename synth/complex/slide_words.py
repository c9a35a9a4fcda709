"""Which text goes into which slot: by its role, the language, the grade and the room there is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth.chance import chance, pick
from synth.complex.slide_chart import ChartData
from synth.complex.slide_space import Space
from synth.source import TextSource

FULL = 0.8
"""Share of the room, by count of characters, that text is chosen to fill at most; line ends take the rest."""

KINDS = {
    "heading": ("topic", "product", "category", "metric", "place"),
    "label": ("metric", "category", "topic"),
    "figure": ("percentage", "percentage", "number", "price", "count"),
    "name": ("person", "person", "company"),
    "date": ("date", "date", "quarter", "year"),
}
"""Kinds of short text for the roles that are not prose."""

TRIES = 12


class Words:
    """Chooses the texts of one slide. `language` and `grade` as in a wish."""

    def __init__(self, rng: np.random.Generator, source: TextSource, language: str, grade: str):
        self.rng, self.source, self.language, self.grade = rng, source, language, grade
        self._seen: set[str] = set()

    def slot(self, role: str, space: Space) -> list[str]:
        """The paragraphs of a text slot."""
        if role == "bullets":
            return self._bullets(space)
        if role in ("body", "quote"):
            return self._prose(role, space)
        return [self._single(role, space)]

    def dates(self, count: int) -> list[str]:
        """`count` moments in their order, for a timeline: years, or months, all of one kind."""
        if chance(self.rng, 0.5):
            first, step = int(self.rng.integers(1985, 2020)), int(self.rng.integers(1, 4))
            years = [first + step * index for index in range(count)]
            return [f"{year}年" if self.language == "zh" else f"{year}" for year in years]
        first = int(self.rng.integers(1, 14 - count))
        if self.language == "zh":
            return [f"{first + index}月" for index in range(count)]
        names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
        return [names[first - 1 + index] for index in range(count)]

    def table(self, rows: int, columns: int, widths: Sequence[int]) -> list[list[str]]:
        """Cells by row; a head of names, a first column of names, a kind of figure in each of the others.

        `widths`: characters that a cell of each column takes on one line.
        """
        language = self._one_language()
        head = [self._short(("category", "topic"), widths[0], language)]
        head += self._different(("metric", "quarter", "year"), widths[1:], language, columns - 1)
        body = self._different(("category", "product", "place"), [widths[0]] * (rows - 1), language, rows - 1)
        kinds = [
            pick(self.rng, ("number", "percentage", "price", "person", "date", "count")) for _ in range(1, columns)
        ]
        return [
            head,
            *(
                [name, *(self._short((k,), w, language) for k, w in zip(kinds, widths[1:], strict=True))]
                for name in body
            ),
        ]

    def chart(self, series: int, width: float) -> ChartData:
        """Categories that fit side by side in `width` em, names of series, and their values."""
        language = self._one_language()
        em = 1.0 if language == "zh" else 0.6
        for _ in range(TRIES):
            count = int(self.rng.integers(3, 7))
            first = self.source.chart(self.rng, language, count)
            longest = max(len(label) for label, _ in first)
            if len({label for label, _ in first}) == count and longest * em * count < 0.8 * width:
                break
        categories = tuple(label for label, _ in first)
        rows = [tuple(value for _, value in first)]
        for _ in range(series - 1):
            factors = self.rng.uniform(0.5, 1.3, len(categories))
            digits = 0 if all(value == round(value) for value in rows[0]) else 1
            rows.append(
                tuple(round(float(value * factor), digits) for value, factor in zip(rows[0], factors, strict=True))
            )
        names = self._different(("product", "metric", "place"), [14] * series, language, series, set(categories))
        return ChartData(categories, tuple(names), tuple(rows))

    def _one_language(self) -> str:
        """Of mixed slides a table or a chart has one language."""
        return self.language if self.language != "mixed" else ("zh" if chance(self.rng, 0.6) else "en")

    def _bullets(self, space: Space) -> list[str]:
        most = len(space.sizes)
        count = int(self.rng.integers(max(2, most - 1), most + 1))
        each = max(1, min(3, space.lines() // count))
        if self.grade == "word":
            return [self._words(space.across(self.language)) for _ in range(count)]
        room = int(FULL * space.across(self.language) * (each if each == 1 else each - 0.4))
        return list(self.source.bullets(self.rng, self.language, count, (max(4, room // 4), max(8, room))))

    def _prose(self, role: str, space: Space) -> list[str]:
        count = len(space.sizes)
        across, lines = space.across(self.language), space.lines() - (count - 1)
        if self.grade == "word":
            return [self._words(across) for _ in range(count)]
        room = int(FULL * across * max(1.0, lines - 0.5) / count)
        if self.grade == "line":
            room = min(room, 2 * across)
        if role == "quote":
            room = min(room, 150 if self.language == "en" else 60)
        share = float(self.rng.uniform(0.45, 0.8))
        span = (max(4, int(share * room)), max(8, room))
        if span[1] < 40:
            return [self.source.line(self.rng, self.language, span) for _ in range(count)]
        return list(self.source.paragraphs(self.rng, self.language, count, span))

    def _single(self, role: str, space: Space) -> str:
        across, lines = space.across(self.language), max(1, space.lines())
        room = max(2, int((0.92 if lines == 1 else FULL) * across * (1 if lines == 1 else lines - 0.4)))
        if role == "title":
            return self._title(min(room, 46 if self.language == "en" else 22))
        if role == "number":
            return f"{int(self.rng.integers(1, 13)):02d}"
        if role in KINDS:
            return self._short(KINDS[role], min(room, 2 * across), self.language)
        if self.grade == "word" and role != "subtitle":
            return self._words(across)
        limit = {"en": 72, "zh": 30, "mixed": 36}[self.language] if role in ("subtitle", "caption") else room
        room = min(room, limit)
        return self.source.line(self.rng, self.language, (max(3, room // 3), room)).rstrip("。")

    def _title(self, room: int) -> str:
        """A whole title: the source would cut one that is too long."""
        for _ in range(TRIES):
            text = self.source.title(self.rng, self.language, (2, 200))
            if len(text) <= room:
                return text
        return self._words(room)

    def _short(self, kinds: Sequence[str], room: int, language: str) -> str:
        text = ""
        for _ in range(TRIES):
            text = self.source.short(self.rng, language, pick(self.rng, kinds))
            if len(text) <= room and text not in self._seen:
                break
        self._seen.add(text)
        if len(text) <= room:
            return text
        return self.source.words(self.rng, language, (1, max(2, room))) if language != "mixed" else text

    def _different(
        self, kinds: Sequence[str], rooms: Sequence[int], language: str, count: int, taken: set[str] | None = None
    ) -> list[str]:
        """`count` texts of one of `kinds`, no two alike."""
        kind, seen = pick(self.rng, kinds), set(taken or ())
        found: list[str] = []
        for index in range(count):
            text = self._short((kind,), rooms[index], language)
            for _ in range(TRIES):
                if text not in seen:
                    break
                text = self._short((kind,) if len(found) < 4 else tuple(kinds), rooms[index], language)
            seen.add(text)
            found.append(text)
        return found

    def _words(self, room: int) -> str:
        return self.source.words(self.rng, self.language, (1, max(2, min(room, 24))))
