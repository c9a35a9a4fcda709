"""Right-to-left text: embedding levels and visual order (Unicode Standard Annex 9) by python-bidi."""

from __future__ import annotations

from collections.abc import Sequence

import regex
from bidi import algorithm

RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}\u200f\u202b\u202e\u2067]")


def levels(text: str) -> tuple[int, list[int]]:
    """The paragraph's level and that of each code point: even is left to right, odd right to left."""
    if not RIGHT_TO_LEFT.search(text):
        return 0, [0] * len(text)
    base = algorithm.get_base_level(text)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    for index, entry in enumerate(storage["chars"]):
        entry["index"] = index
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    resolved = [base] * len(text)  # embedding marks are taken out by rule X9 and draw nothing
    for entry in storage["chars"]:
        resolved[entry["index"]] = entry["level"]
    return base, resolved


def visual_order(line: Sequence[int]) -> list[int]:
    """Indices of the parts of a line from left to right, given the level of each in reading order (rule L2)."""
    order = list(range(len(line)))
    for level in range(max(line, default=0), 0, -1):
        start = 0
        while start < len(order):
            if line[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and line[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order
