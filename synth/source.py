"""Where the tiers get their text from: natural prose, carriers of rare characters, and short texts with a form."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np

from synth import corpus, exposure, structured
from synth.carriers import carrier
from synth.chance import chance, pick
from synth.composing import Prose, Span, chinese, clause, cut, english, joined, mixed
from synth.corpus import CorpusError
from synth.sentences import Sentences
from synth.vocabulary import common
from synth.vocabulary import words as words_with

WORDS = {"en": (2, 24), "zh": (1, 6), "mixed": (1, 24)}
"""Characters of what `words` gives unless it is told otherwise: one to three words, or one to six characters."""

SHARE_ZH = 0.6
"""Share of a mixed paragraph that is Chinese."""


MADE = {"en": 0.3, "zh": 0.4}
"""Share of paragraphs beside the bundled corpora, which are old for the most part, that begin with sentences of today,
written by patterns. What a person names is left by itself."""


class TextSource:
    """Text of three kinds: paragraphs, lines and words of the corpora, and short texts such as names and prices.

    Built once a process, from corpora that a person names (`own`) or those that come with the package; raises
    `CorpusError`. `for_sample` gives the one that a tier calls. `language` is "en", "zh" or "mixed"; all chance is
    drawn from `rng`.
    """

    def __init__(self, corpora: Sequence[Path] = ()):
        read = corpus.read(corpora or corpus.bundled())
        made = {} if corpora else MADE
        self.prose = {name: Prose(name, Sentences(texts), made.get(name, 0)) for name, texts in read.sentences.items()}
        self.listed = read.words
        self.own = bool(corpora)
        self.targets: tuple[str, ...] = ()
        self._pending: list[str] = []

    def for_sample(self, seed: int, index: int) -> TextSource:
        """The same source, with the characters that sample `index` has to show. Chinese text shows them first."""
        mine = copy(self)
        mine.targets = exposure.targets(seed, index)
        mine._pending = list(dict.fromkeys(mine.targets))
        return mine

    @property
    def exposed(self) -> tuple[str, ...]:
        """The targets that were in the text handed out so far."""
        return tuple(character for character in self.targets if character not in self._pending)

    def paragraph(self, rng: np.random.Generator, language: str, characters: Span = (80, 240)) -> str:
        """One paragraph of `characters`; Chinese holds all targets not shown yet, or as many as fit.

        Eight of them fit into 19 characters, as a bare list; from a hundred on they read well. Mixed text has
        sentences of both languages, and English names inside of Chinese ones.
        """
        return self._paragraph(rng, language, characters, len(self._pending))

    def paragraphs(self, rng: np.random.Generator, language: str, count: int, characters: Span) -> tuple[str, ...]:
        """`count` paragraphs of `characters` each, the targets spread over them."""
        return tuple(
            self._paragraph(rng, language, characters, -(-len(self._pending) // left)) for left in range(count, 0, -1)
        )

    def line(self, rng: np.random.Generator, language: str, characters: Span = (6, 30)) -> str:
        """One short line, without a full stop where it is a clause; Chinese holds the next target."""
        return self._line(rng, language, characters, 1)

    def lines(self, rng: np.random.Generator, language: str, count: int, characters: Span = (6, 30)) -> tuple[str, ...]:
        """`count` short lines, the targets spread over them."""
        return tuple(
            self._line(rng, language, characters, -(-len(self._pending) // left)) for left in range(count, 0, -1)
        )

    def words(self, rng: np.random.Generator, language: str, characters: Span | None = None) -> str:
        """One to three words, as on a sign; Chinese is a word that holds the next target, or the target alone.

        Where a person gave a list of words, one of these that is as long as asked.
        """
        least, most = characters or WORDS[language]
        if language == "mixed":
            language = "zh" if self._pending or chance(rng, SHARE_ZH) else "en"
        if listed := _between(self.listed[language], least, most):
            return self._shown(pick(rng, listed))
        if language == "en":
            return self._shown(_english_words(rng, least, most))
        return self._shown(self._chinese_words(rng, least, most))

    def title(self, rng: np.random.Generator, language: str, characters: Span = (2, 40)) -> str:
        """A heading for a slide, a page or a poster. Chinese may be about a word that holds a target."""
        language = self._either(rng, language)
        word = self._word(rng) if language == "zh" else ""
        for _ in range(8):
            pattern = pick(rng, structured.words(language)["title"])
            text = structured.fill(rng, language, pattern, word=word, word2=_common(rng))
            if characters[0] <= len(text) <= characters[1]:
                return self._shown(text)
        return self._shown(cut(text, characters[1]).rstrip("。."))

    def bullets(self, rng: np.random.Generator, language: str, count: int, characters: Span) -> tuple[str, ...]:
        """`count` points for a slide: targets first, then a mixture of figures and plans with natural lines."""
        return tuple(self._bullet(rng, language, characters, left) for left in range(count, 0, -1))

    def short(self, rng: np.random.Generator, language: str, kind: str) -> str:
        """A text of `kind`, of `structured.KINDS`: person, company, price, date, label, menu, message and so on."""
        language = self._either(rng, language)
        if language == "en" or kind not in structured.ABOUT_WORDS:
            return self._shown(structured.short(rng, language, kind))
        given = {"word": self._word(rng), "word2": _common(rng)}
        return self._shown(structured.fill(rng, language, pick(rng, structured.words(language)[kind]), **given))

    def chart(self, rng: np.random.Generator, language: str, count: int) -> tuple[tuple[str, float], ...]:
        """`count` labels with numbers, for a chart or a table."""
        return structured.chart(rng, self._either(rng, language), count)

    def _paragraph(self, rng: np.random.Generator, language: str, span: Span, share: int) -> str:
        wanted = self._pending[:share]
        if language == "en":
            return self._shown(joined(english(rng, self._of("en"), span)))
        if language == "zh":
            return self._shown(joined(chinese(rng, self._of("zh"), wanted, span)))
        return self._shown(self._mixed(rng, span, wanted))

    def _mixed(self, rng: np.random.Generator, span: Span, wanted: Sequence[str]) -> str:
        least, most = span
        pattern = pick(rng, structured.words("zh")["bilingual"])
        both = structured.fill(rng, "zh", pattern)
        room = most - len(both) if 2 * len(both) <= most else most
        start = [both] if room < most else []
        zh_room = round(SHARE_ZH * room)
        zh = chinese(rng, self._of("zh"), wanted, (min(zh_room, round(SHARE_ZH * least)), zh_room))
        left = room - sum(map(len, zh)) - 1
        en_least = max(1, least - (most - room) - sum(map(len, zh)))
        en = english(rng, self._of("en"), (min(en_least, left), left)) if left > 20 else []
        return joined(mixed(rng, zh + start, en))

    def _line(self, rng: np.random.Generator, language: str, span: Span, share: int) -> str:
        if language == "mixed":
            language = "zh" if share or chance(rng, SHARE_ZH) else "en"
        if language == "en":
            return self._shown(_english_line(rng, self._of("en").sentences, span))
        return self._shown(self._chinese_line(rng, span, self._pending[:share]))

    def _chinese_line(self, rng: np.random.Generator, span: Span, wanted: Sequence[str]) -> str:
        sentences = self._of("zh").sentences
        natural = clause(rng, sentences, span, wanted[0] if wanted else "") if len(wanted) <= 1 else None
        if natural is None and wanted:
            natural = carrier(rng, wanted, span[1]) or carrier(rng, wanted[:1], span[1])
            natural = natural or self._chinese_words(rng, 1, span[1])
        if natural is None:
            natural = sentences.fitting(rng, *span) or cut(pick(rng, sentences.texts), span[1])
        return natural

    def _chinese_words(self, rng: np.random.Generator, least: int, most: int) -> str:
        if not self._pending:
            short = structured.short(rng, "zh", "notice") if chance(rng, 0.3) else _common(rng)
            return short if least <= len(short) <= most else _common(rng)[:most]
        target = self._pending[0]
        held = [word for word in words_with().get(target, ()) if least <= len(word) <= most]
        return pick(rng, held) if held else target

    def _bullet(self, rng: np.random.Generator, language: str, span: Span, left: int) -> str:
        share = -(-len(self._pending) // left)
        if (language != "en" and share) or chance(rng, 0.4):
            return self._line(rng, language, span, share).rstrip("。")
        for _ in range(6):
            text = self.short(rng, language, "point")
            if span[0] <= len(text) <= span[1]:
                return text
        return self._line(rng, language, span, share).rstrip("。")

    def _word(self, rng: np.random.Generator) -> str:
        """A word with the next target in one case of three, else a common one."""
        held = words_with().get(self._pending[0], ()) if self._pending and chance(rng, 1 / 3) else ()
        return pick(rng, held) if held else _common(rng)

    def _either(self, rng: np.random.Generator, language: str) -> str:
        return language if language != "mixed" else "zh" if chance(rng, SHARE_ZH) else "en"

    def _of(self, name: str) -> Prose:
        if not len(self.prose[name].sentences):
            raise CorpusError(
                f"there is no sentence in {'Chinese' if name == 'zh' else 'English'} in the corpora given"
            )
        return self.prose[name]

    def _shown(self, text: str) -> str:
        self._pending = [character for character in self._pending if character not in text]
        return text


def _between(words: Sequence[str], least: int, most: int) -> Sequence[str]:
    """Of words, the shortest first, those of so many characters."""
    return words[bisect_left(words, least, key=len) : bisect_right(words, most, key=len)]


def _common(rng: np.random.Generator) -> str:
    return pick(rng, common())


def _english_words(rng: np.random.Generator, least: int, most: int) -> str:
    for _ in range(6):
        text = structured.short(rng, "en", pick(rng, ("notice", "product", "noun", "product")))
        if least <= len(text) <= most:
            return text
    return cut(text, most).rstrip(".")


def _english_line(rng: np.random.Generator, sentences: Sentences, span: Span) -> str:
    text = sentences.fitting(rng, *span) if chance(rng, 0.5) else None
    for _ in range(4):
        if text is not None:
            return text
        point = structured.short(rng, "en", "point")
        text = point if span[0] <= len(point) <= span[1] else None
    return text or cut(pick(rng, sentences.texts), span[1])
