"""How much text a box takes, and how much of a box a text takes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import floor

from synth.layout import ABOVE, BELOW, Layout, Style, lay_out
from synth.pairing import Pairing
from synth.paragraph import prepared
from synth.rect import Rect
from synth.sample import Discarded

SPECIMEN = {
    "en": "The quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs.",
    "zh": "天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。",
    "mixed": "天地玄黄，宇宙洪荒。日月盈昃，the quick brown fox 辰宿列张。",
}
"""Text that tells how wide a face runs."""


@lru_cache(maxsize=1024)
def advance(pairing: Pairing, language: str) -> float:
    """The mean advance of a character in em."""
    return prepared(SPECIMEN[language], pairing, False, 0.0).starts[-1] / len(SPECIMEN[language])


def whole(style: Style) -> Style:
    """The style with lines a whole number of pixels apart, where glyphs can stand."""
    return replace(style, pitch=max(1, round(style.pitch * style.size)) / style.size)


def rows(box: Rect, style: Style) -> int:
    """Lines that fit into the box."""
    room = (box.width if style.vertical else box.height) - (ABOVE + BELOW) * style.size
    return max(0, 1 + floor(room / (style.pitch * style.size) + 1e-6))


def rows_high(count: int, style: Style) -> float:
    """Height in pixels that `count` lines take."""
    return ((count - 1) * style.pitch + ABOVE + BELOW) * style.size


def depth(layout: Layout) -> float:
    """Lower end of the last line with the room below its baseline."""
    return max((layout.y + line.glyphs[0].ys[0] for line in layout.lines if line.glyphs), default=layout.y) + (
        BELOW * layout.style.size
    )


def narrowed(text: str, style: Style, box: Rect) -> Rect:
    """The narrowest part of the box in which the text takes no more lines than in the whole, by halving."""
    count = len(lay_out(text, style, box.width, box.height).lines)
    low, high = 0.5, 1.0
    for _ in range(5 if count > 1 else 0):
        share = (low + high) / 2
        try:
            more = len(lay_out(text, style, box.width * share).lines) > count
        except Discarded:
            more = True
        low, high = (share, high) if more else (low, share)
    spare = box.width * (1 - high)
    shift = {"centre": 0.5, "right": 1.0}.get(style.align, 0.0) * spare
    return Rect(box.left + shift, box.top, box.left + shift + box.width * high, box.bottom)
