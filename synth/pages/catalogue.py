"""Every arrangement of the tier, with what it suits: the grade, the language, the shape of the page, the ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from synth.page import Page
from synth.pages import books, letters, lines, lists, press, quotes, verse, words
from synth.sample import LANGUAGES, Wish

PAPERS = ("plain", "smooth paper", "fibrous paper", "laid paper", "aged paper", "plaster")
WRITING = ("plain", "smooth paper", "laid paper", "kraft paper", "aged paper")
PRINT = ("serif", "sans")
HAND = ("handwriting", "sans", "serif")

SMALL = 128
"""Below this side of a square picture no text but a short word can be read, on a ground without texture."""

LEAST = 44
"""Below this side not even that."""


@dataclass(frozen=True)
class Arrangement:
    """One way to fill a page. `make` does it and returns a phrase for the scene.

    `grade` of sample.GRADES; `languages`; `shapes`: least and most of width over height; `sides`: least side of a
    square of as many pixels, and the side from which on it is not made; `grounds`: names of backgrounds that suit
    it, any if empty; `schemes`: of palette.SCHEMES, those of the background if empty; `kinds`: of the faces for
    reading; `rulings`: lines that its paper may have, of ruling.KINDS or ruling.MANUSCRIPT; `image_type` as
    annotations know it; `brief`: text, its colour and its ground are all that there is to say.
    """

    make: Callable[[Page], str]
    grade: str = "paragraph"
    languages: tuple[str, ...] = LANGUAGES
    shapes: tuple[float, float] = (0.5, 2.0)
    sides: tuple[float, float] = (SMALL, inf)
    grounds: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = PRINT
    rulings: tuple[str, ...] = ()
    image_type: str = "document"
    brief: bool = False

    def suits(self, wish: Wish) -> bool:
        """Whether it can be made as wished."""
        shape = wish.width / wish.height
        least, most = self.shapes
        sized = self.sides[0] ** 2 <= wish.width * wish.height < self.sides[1] ** 2
        return wish.grade == self.grade and wish.language in self.languages and least <= shape <= most and sized


def _line(make: Callable[[Page], str], **settings: object) -> Arrangement:
    return Arrangement(make, **{"grade": "line", "shapes": (0.3, 3.4), "image_type": "poster", **settings})  # type: ignore[arg-type]


def _word(make: Callable[[Page], str], **settings: object) -> Arrangement:
    return _line(make, **{"grade": "word", **settings})


CHINESE = ("zh",)
SQUARISH = (0.55, 1.6)

ARRANGEMENTS = {
    "book page": Arrangement(books.book_page, grounds=PAPERS, kinds=("serif",), shapes=(0.3, 1.8)),
    "chapter opening": Arrangement(books.chapter, grounds=PAPERS, kinds=("serif",), shapes=(0.5, 1.5)),
    "footnotes": Arrangement(books.footnotes, grounds=PAPERS, kinds=("serif",), shapes=SQUARISH),
    "margin headings": Arrangement(lists.margin_headings, shapes=(0.6, 2.4)),
    "essay": Arrangement(books.essay, shapes=(0.3, 2.0)),
    "dictionary": Arrangement(lists.dictionary, shapes=(0.5, 1.6)),
    "two columns": Arrangement(press.two_columns, grounds=PAPERS, shapes=(0.65, 2.2)),
    "three columns": Arrangement(press.three_columns, grounds=PAPERS, shapes=(0.95, 3.4)),
    "magazine": Arrangement(press.magazine, shapes=(0.65, 1.8)),
    "sidebar": Arrangement(press.sidebar, grounds=("plain", "smooth paper", "laid paper"), shapes=(0.8, 3.4)),
    "interrupted text": Arrangement(press.interrupted, shapes=(0.5, 1.4)),
    "side title": Arrangement(press.side_title, shapes=(0.75, 3.4)),
    "letter": Arrangement(letters.letter, grounds=WRITING, kinds=HAND, shapes=(0.3, 1.5)),
    "notes": Arrangement(
        letters.notes, grounds=WRITING, kinds=HAND, rulings=("ruled", "squared", "dotted"), shapes=(0.3, 2.0)
    ),
    "memo": Arrangement(letters.memo, grounds=PAPERS, kinds=("mono", "sans"), shapes=(0.5, 1.8)),
    "framed": Arrangement(letters.framed, kinds=("serif", "handwriting"), shapes=(0.5, 1.8)),
    "quotation": Arrangement(quotes.quotation, image_type="poster", shapes=(0.5, 3.4)),
    "block quotation": Arrangement(quotes.barred, image_type="poster", shapes=(0.3, 3.4)),
    "manifesto": Arrangement(quotes.manifesto, image_type="poster", shapes=(0.3, 3.4)),
    "low text": Arrangement(quotes.low, image_type="poster", shapes=(0.3, 1.4)),
    "high and low": Arrangement(quotes.high_and_low, image_type="poster", shapes=(0.6, 1.6)),
    "ribbon": Arrangement(
        quotes.ribbon, grounds=("plain", "smooth paper", "linen", "bands"), image_type="poster", shapes=(0.5, 1.7)
    ),
    "numbered list": Arrangement(lists.numbered, shapes=(0.3, 1.8)),
    "bulleted list": Arrangement(lists.bulleted, shapes=(0.5, 1.8)),
    "questions": Arrangement(lists.questions, shapes=(0.5, 1.8)),
    "steps": Arrangement(lists.steps, shapes=(0.5, 1.6)),
    "quarters": Arrangement(lists.quarters, shapes=(0.7, 2.4)),
    "poem": Arrangement(verse.poem, kinds=("serif", "handwriting"), shapes=(0.3, 2.0)),
    "song": Arrangement(verse.song, kinds=("serif", "sans"), shapes=(0.8, 2.4)),
    "vertical poem": Arrangement(
        verse.vertical_poem,
        languages=CHINESE,
        kinds=("serif",),
        grounds=PAPERS,
        rulings=("columns",),
        shapes=(0.5, 3.4),
    ),
    "vertical page": Arrangement(
        verse.vertical_page,
        languages=CHINESE,
        kinds=("serif",),
        grounds=PAPERS,
        rulings=("columns",),
        shapes=(0.4, 3.4),
    ),
    "statement": _line(lines.statement),
    "corner": _line(lines.corner),
    "headline": _line(lines.headline),
    "title page": _line(lines.cover, shapes=(0.3, 1.4), image_type="document"),
    "stack": _line(lines.stacked, shapes=(0.5, 2.4)),
    "banner": _line(lines.banner),
    "plate": _line(lines.labelled, grounds=("plain", "smooth paper", "linen", "plaster", "dots", "pinstripe", "bands")),
    "subtitle": _line(lines.subtitle),
    "separate lines": _line(lines.several, shapes=(0.4, 2.4)),
    "visiting card": _line(lines.address, shapes=(0.6, 3.4)),
    "couplet": _line(lines.couplet, languages=CHINESE, shapes=(0.6, 1.6)),
    "upright line": _line(lines.upright, languages=CHINESE),
    "small word": _word(words.small, sides=(LEAST, SMALL), grounds=("plain",), schemes=("white",), brief=True),
    "word": _word(words.alone),
    "huge word": _word(words.huge),
    "word in a corner": _word(words.cornered),
    "underlined word": _word(words.underlined),
    "boxed word": _word(words.boxed),
    "word on a plate": _word(
        words.plate, grounds=("plain", "smooth paper", "linen", "plaster", "dots", "pinstripe", "bands")
    ),
    "word on a disc": _word(
        words.disc, grounds=("plain", "smooth paper", "linen", "plaster", "dots", "pinstripe", "bands")
    ),
    "spaced word": _word(words.tracked),
    "two words": _word(words.pair, shapes=(0.4, 2.4)),
    "four words": _word(words.four, shapes=(0.5, 2.0)),
    "captioned word": _word(words.captioned),
    "upright word": _word(words.upright, languages=CHINESE, shapes=(0.3, 1.6)),
}


def suiting(wish: Wish) -> list[str]:
    """Names of the arrangements that can be made as wished."""
    return [name for name, arrangement in ARRANGEMENTS.items() if arrangement.suits(wish)]
