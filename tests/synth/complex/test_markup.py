"""Pages: the texts as they were asked for, in fonts that hold exactly their characters, and nothing from elsewhere."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
import uharfbuzz as hb

from synth.complex.fitting import texts
from synth.complex.markup import Page, page, picture_url
from synth.sample import Discarded
from tests.synth.complex.plates import ours, plate_of, saying


class Reader(HTMLParser):
    """Text of each element of class `words`, by the family of each of its spans."""

    def __init__(self, html: str):
        super().__init__()
        self.words: list[list[tuple[str, str]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("class") == "words":
            self.words.append([])
        if tag == "span":
            self.open.append(str(given["style"]).removeprefix("font-family:"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.open.pop()
        if tag == "p":
            self.words = [each for each in self.words if each]

    def handle_data(self, data: str) -> None:
        if self.open and self.words and "proof" not in self.open:
            self.words[-1].append((self.open[-1], data))


def fonts(made: Page) -> dict[str, frozenset[int]]:
    """The code points of each font of a page."""
    found = re.findall(r"font-family:(f\d+);src:url\(data:font/sfnt;base64,([^)]*)\)", made.html)
    return {name: frozenset(hb.Face(base64.b64decode(data)).unicodes) for name, data in found}


@pytest.mark.parametrize(("family", "name", "language"), [
    ("screens", "dashboard", "en"), ("screens", "article_site", "mixed"), ("posters", "event", "zh"),
    ("cards", "greeting_vertical", "zh"),
])  # fmt: skip
def test_a_page_says_every_text_in_a_font_that_has_it(family: str, name: str, language: str) -> None:
    plate = plate_of(ours(family, name), language)
    made = page(plate)
    body, proof = made.html.split('<p class="proof">')
    read = Reader(body).words
    wanted = [part.words.text for pane in plate.panes for part in texts(pane.root) if part.words]
    assert ["".join(text for _, text in runs) for runs in read] == wanted
    known = fonts(made)
    for run in (run for runs in read for run in runs):
        assert {ord(character) for character in run[1]} <= known[run[0]] | {10}
    used = {run[0]: {ord(c) for r in read for f, t in r if f == run[0] for c in t} for runs in read for run in runs}
    assert {name: codes & set(used[name]) for name, codes in known.items()} == known, "no more than is needed"
    assert all(name in proof for name in known)


def test_a_page_asks_for_nothing_from_elsewhere() -> None:
    made = page(plate_of(ours("screens", "wallet_phone")))
    assert "default-src 'none'" in made.html
    assert not re.search(r"(https?|file):", made.html)


def test_what_looks_like_markup_is_text() -> None:
    made = page(plate_of(saying("A <b> & \"c\" 'd'")))
    assert "".join(text for _, text in Reader(made.html.split("<p class")[0]).words[0]) == "A <b> & \"c\" 'd'"


def test_a_character_that_no_face_draws_is_refused() -> None:
    plate = plate_of(saying("Plain"))
    (part,) = texts(plate.panes[0].root)
    assert part.words is not None
    part.words.text = "Plain ᚠ"
    with pytest.raises(Discarded) as caught:
        page(plate)
    assert caught.value.cause == "missing glyph"


def test_a_picture_keeps_its_pixels() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 4), np.uint8)
    data = base64.b64decode(picture_url(pixels).split(",")[1])
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA) == pixels).all()
