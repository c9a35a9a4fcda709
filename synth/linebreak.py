"""Where a line may end: Unicode Standard Annex 14, by ICU (icu4py), strict rules for Chinese punctuation.

No line begins with ，。」 or ends with 「; Latin words are not split; hyphens and dashes may end a line.
"""

from __future__ import annotations

from icu4py.breakers import LineBreaker

LOCALE = "zh@lb=strict"


def break_offsets(text: str) -> list[int]:
    """Code points before which a line may begin, in rising order; neither 0 nor the end of `text`."""
    ends = [end for _, end in LineBreaker(text, LOCALE).segments()]
    if len(text.encode("utf-16-le")) != 2 * len(text):
        ends = _code_points(text, ends)
    return [end for end in ends if 0 < end < len(text)]


def _code_points(text: str, ends: list[int]) -> list[int]:
    """From UTF-16 units, which ICU counts, to code points."""
    points = {0: 0}
    unit = 0
    for point, character in enumerate(text, 1):
        unit += 2 if ord(character) > 0xFFFF else 1
        points[unit] = point
    return [points[end] for end in ends]
