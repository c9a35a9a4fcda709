"""Texts for the places of a template: prose and invented particulars from the source, short ones from lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from synth.pairing import chinese
from synth.sample import Discarded
from synth.source import TextSource

PROSE: dict[str, dict[str, tuple[int, int]]] = {
    "title": {"en": (8, 40), "zh": (4, 18), "mixed": (4, 30)},
    "words": {"en": (3, 20), "zh": (2, 6), "mixed": (2, 16)},
    "line": {"en": (18, 60), "zh": (8, 26), "mixed": (10, 40)},
    "paragraph": {"en": (140, 320), "zh": (60, 140), "mixed": (90, 200)},
}
"""Kinds of prose, with the least and most characters in each language unless the template says otherwise. The
`characters` of a template count for English; Chinese says the same in fewer (`DENSER`)."""

DENSER = {"en": 1.0, "zh": 0.42, "mixed": 0.6}

OWN = ("day", "clock", "amount", "small_amount", "change", "degrees", "address", "handle", "card_number", "duration")

SHORT = (
    "person", "company", "product", "price", "date", "time", "year", "month", "percentage", "number", "email",
    "website", "phone", "place", "topic", "metric", "category", "message", "point",
)  # fmt: skip
"""Of `structured.KINDS`, those that stand by themselves."""

SLOTS = (*PROSE, *SHORT, *OWN)

STREETS = {
    "en": ("High", "Mill", "Station", "Park", "Church", "Harbour", "Orchard", "Queen"),
    "zh": ("中山", "人民", "解放", "建设", "文化", "滨江", "和平", "青年"),
}

TRIES = 14
"""Texts that are looked at before one is said not to be had."""

CURRENCIES = ("$", "£", "€", "¥")

ZH_SHARE = 0.65
"""Share of Chinese among the short texts of a mixed sample."""


@dataclass
class Chooser:
    """Chooses the texts of one sample, none twice as long as there are others. `lists`: what `pick` may name."""

    rng: np.random.Generator
    source: TextSource
    language: str
    lists: Mapping[str, Mapping[str, tuple[str, ...]]]
    taken: set[str] = field(default_factory=set)
    currency: str = ""

    def choose(self, settings: Mapping[str, Any], limit: int | None) -> tuple[str, str]:
        """A text for a widget and its language, "en" or "zh"; at most `limit` characters if there is one.

        Raises Discarded("text does not fit", …) if there is none so short.
        """
        if "slot" in settings:
            text = self._slot(settings["slot"], settings.get("characters"), limit)
            return text, "zh" if chinese(text) or (self.language == "zh" and not _worded(text)) else "en"
        language = self._either()
        if "say" in settings:
            said = settings["say"]
            language = language if language in said else next(iter(said))
            return self._one(said[language], limit), language
        pool = [text for name in settings["pick"] for text in self.lists[name].get(language, ())]
        return self._one(tuple(pool), limit), language

    def _one(self, texts: tuple[str, ...], limit: int | None) -> str:
        fitting = [text for text in texts if limit is None or len(text) <= limit]
        if not fitting:
            raise Discarded("text does not fit", f"none of {', '.join(texts[:3])} … in {limit} characters")
        fresh = [text for text in fitting if text not in self.taken] or fitting
        text = fresh[int(self.rng.integers(len(fresh)))]
        self.taken.add(text)
        return text

    def _slot(self, slot: str, span: tuple[int, int] | None, limit: int | None) -> str:
        text = ""
        for _ in range(TRIES):
            text = self._written(slot, span, limit)
            if (limit is None or len(text) <= limit) and text not in self.taken:
                break
        if limit is not None and len(text) > limit:
            raise Discarded("text does not fit", f"no {slot} in {limit} characters")
        self.taken.add(text)
        return text

    def _written(self, slot: str, span: tuple[int, int] | None, limit: int | None) -> str:
        if slot in PROSE:
            least, most = self._span(slot, span)
            if limit is not None and limit < most:
                least, most = min(least, max(1, limit // 2)), limit
            return str(getattr(self.source, slot)(self.rng, self.language, (least, most)))
        language = self._either()
        if slot in OWN:
            return self._priced(_own(self.rng, self.source, language, slot))
        return self._priced(self.source.short(self.rng, language, slot))

    def _priced(self, text: str) -> str:
        """The same sign for all sums of a sample."""
        if text[:1] not in CURRENCIES:
            return text
        self.currency = self.currency or text[0]
        return self.currency + text[1:]

    def _span(self, slot: str, span: tuple[int, int] | None) -> tuple[int, int]:
        if span is None:
            return PROSE[slot][self.language]
        dense = DENSER[self.language]
        return max(1, round(span[0] * dense)), max(2, round(span[1] * dense))

    def _either(self) -> str:
        if self.language != "mixed":
            return self.language
        return "zh" if self.rng.random() < ZH_SHARE else "en"


def _worded(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _own(rng: np.random.Generator, source: TextSource, language: str, slot: str) -> str:
    """Particulars that screens and cards need beyond those of the source."""
    if slot == "clock":
        return f"{rng.integers(1, 24)}:{rng.integers(60):02}"
    if slot == "day":
        return str(int(rng.integers(1, 29)))
    if slot == "duration":
        return f"{rng.integers(0, 59)}:{rng.integers(60):02}"
    if slot == "amount":
        return f"{'¥' if language == 'zh' else '$'}{rng.uniform(3, 999):,.2f}"
    if slot == "small_amount":
        return f"{'¥' if language == 'zh' else '$'}{int(rng.integers(4, 58))}{rng.choice(('', '.50', '.80'))}"
    if slot == "change":
        return f"+{rng.uniform(0.1, 28):.1f}%"
    if slot == "degrees":
        return f"{rng.integers(-6, 36)}°".replace("-", "−")
    if slot == "card_number":
        return f"•••• {rng.integers(1000, 10_000)}"
    if slot == "handle":
        return "@" + source.short(rng, "en", "email").split("@")[0].replace(".", "_")
    place = source.short(rng, language, "place")
    number = int(rng.integers(1, 280))
    if language == "zh":
        return f"{place}{rng.choice(STREETS['zh'])}路{number}号"
    return f"{number} {rng.choice(STREETS['en'])} Street, {place}"
