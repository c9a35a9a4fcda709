"""Shaping by HarfBuzz: from a paragraph to pieces, the smallest parts that a line is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import uharfbuzz as hb

from synth.bidi import levels
from synth.coverage import GRAPHEME, glyphs_true
from synth.fonts import Face, Opened, opened
from synth.pairing import IDEOGRAPHIC, Pairing, Setting, chinese, chooser
from synth.sample import Discarded

LANGUAGES = {"Hani": "zh-Hans", "Arab": "ar", "Hebr": "he"}
"""Language given to HarfBuzz by script: for Han it chooses the mainland's forms."""

CENTRE = 0.38
"""Height in em above the baseline of the middle of an ideograph: letters lying on their side in a vertical line are
centred at it."""

CURSIVE = frozenset({"Arab", "Syrc", "Mong", "Nkoo", "Adlm", "Rohg"})
"""Scripts whose letters join: spacing would tear them apart."""


@dataclass(slots=True)
class Piece:
    """What HarfBuzz shapes as one: a grapheme cluster, or several that became one ligature.

    Lengths are in em. `advance` is along the line (right, or down in a vertical line). `glyphs`: id, position along
    the line from the piece's start, and across it from the baseline towards the next line; in a vertical line the
    baseline runs down the middle. `ink`: extent of the outlines, start and end along the line, and how far they reach
    towards the line before and the next; None without ink. `start` and `end` are code points of the paragraph.
    `turned`: lying on its side in a vertical line.
    """

    start: int
    end: int
    characters: tuple[str, ...]
    face: Face
    script: str
    level: int
    advance: float
    glyphs: tuple[tuple[int, float, float], ...]
    ink: tuple[float, float, float, float] | None
    turned: bool
    space: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Graphemes `first` to `last` (not included) of one face, script and level."""

    first: int
    last: int
    face: Face
    script: str
    level: int
    upright: bool


def shape(text: str, pairing: Pairing, vertical: bool = False, ligatures: bool = True) -> list[Piece]:
    """The pieces of one paragraph in reading order; together they cover `text` without gap or overlap.

    Raises Discarded("missing glyph", …), naming every character that no face of the pairing draws.
    """
    graphemes = GRAPHEME.findall(text)
    starts = [0]
    for grapheme in graphemes:
        starts.append(starts[-1] + len(grapheme))
    settings = chooser(pairing).settings(graphemes, chinese(text))
    _refuse_missing(graphemes, settings)
    level = levels(text)[1]
    pieces: list[Piece] = []
    for run in _runs([s for s in settings if s], [level[start] for start in starts[:-1]]):
        pieces += _shape_run(text, graphemes, starts, run, vertical, ligatures)
    return pieces


def named(characters: Sequence[str]) -> str:
    """`U+4E00 一, U+1F600 😀`: characters as one can look them up."""
    return ", ".join(f"{' '.join(f'U+{ord(c):04X}' for c in g)} {g}" for g in dict.fromkeys(characters))


def _refuse_missing(graphemes: list[str], settings: list[Setting | None]) -> None:
    if None in settings:
        raise Discarded(
            "missing glyph", named([g for g, setting in zip(graphemes, settings, strict=True) if not setting])
        )


def _runs(settings: list[Setting], level: list[int]) -> list[_Run]:
    """Itemisation. Characters of no script of their own join the run before them, or after them at the start."""
    scripts = _resolved([setting.script for setting in settings])
    keys = [(s.face, script, lev, s.upright) for s, script, lev in zip(settings, scripts, level, strict=True)]
    ends = [i for i in range(1, len(keys)) if keys[i] != keys[i - 1]]
    return [_Run(a, b, *keys[a]) for a, b in pairwise([0, *ends, len(keys)])] if keys else []


def _resolved(scripts: list[str]) -> list[str]:
    before = next((script for script in scripts if script != "Zyyy"), "Zyyy")
    resolved = []
    for script in scripts:
        before = before if script == "Zyyy" else script
        resolved.append(before)
    return resolved


def _shape_run(
    text: str, graphemes: list[str], starts: list[int], run: _Run, vertical: bool, ligatures: bool
) -> list[Piece]:
    downwards, turned = vertical and run.upright, vertical and not run.upright
    direction = "ttb" if downwards else "rtl" if run.level % 2 else "ltr"
    face = opened(run.face)
    start, end = starts[run.first], starts[run.last]
    buffer = _shaped(face, text, start, end, run.script, direction, None if ligatures else NO_LIGATURES)
    groups = _grouped(buffer, starts, run)
    pieces = []
    for first, last in pairwise([*sorted(groups), run.last]):
        glyphs, covered = tuple(groups[first]), text[starts[first] : starts[last]]
        advance, placed, ink = _metrics(face, glyphs, downwards, turned)
        if not glyphs_true(face, covered, [glyph for glyph, *_ in glyphs], ink is not None):
            raise Discarded("missing glyph", named(graphemes[first:last]))
        pieces.append(
            Piece(
                starts[first],
                starts[last],
                tuple(graphemes[first:last]),
                run.face,
                run.script,
                run.level,
                advance,
                placed,
                ink,
                turned,
                covered.isspace(),
            )
        )
    return pieces


NO_LIGATURES = {"liga": False, "clig": False}


def _shaped(
    face: Opened, text: str, start: int, end: int, script: str, direction: str, features: dict[str, bool] | None
) -> hb.Buffer:
    buffer = hb.Buffer()
    buffer.add_str(text, start, end - start)
    buffer.direction = direction
    buffer.script = script
    buffer.language = LANGUAGES.get(script, "und")
    hb.shape(face.shaper, buffer, features)
    return buffer


Shaped = tuple[int, int, int, int, int]
"""Glyph id, shift right, shift up, advance right, advance up, in font units."""

Extent = tuple[float, float, float, float]
"""The ink of a piece, as `Piece.ink` has it."""

Metrics = tuple[float, tuple[tuple[int, float, float], ...], Extent | None]
"""Advance, glyphs and ink of a piece, as `Piece` has them."""


def _grouped(buffer: hb.Buffer, starts: list[int], run: _Run) -> dict[int, list[Shaped]]:
    """Glyphs in visual order by the first grapheme cluster of what they show."""
    index = {starts[i]: i for i in range(run.first, run.last)}
    groups: dict[int, list[Shaped]] = {}
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        cluster = info.cluster
        while cluster not in index:  # HarfBuzz parts some grapheme clusters further
            cluster -= 1
        groups.setdefault(index[cluster], []).append((info.codepoint, *position.position))
    return groups


def _metrics(face: Opened, glyphs: tuple[Shaped, ...], downwards: bool, turned: bool) -> Metrics:
    """What the glyphs of a piece measure in em; kept, since an ideograph measures the same wherever it stands."""
    key = (glyphs, downwards, turned)
    if key not in face.metrics:
        face.metrics[key] = _measured(face, glyphs, downwards, turned)
    return face.metrics[key]


def _measured(face: Opened, glyphs: tuple[Shaped, ...], downwards: bool, turned: bool) -> Metrics:
    along = 0.0
    placed: list[tuple[int, float, float]] = []
    inks: list[Extent] = []
    for glyph, *numbers in glyphs:
        shift_right, shift_up, right, up = (number / face.upem for number in numbers)
        if downwards:
            at, across = along - shift_up, -shift_right
            along -= up
        else:
            at, across = along + shift_right, -shift_up + (CENTRE if turned else 0)
            along += right
        placed.append((glyph, at, across))
        if ink := face.ink(glyph):
            left, bottom, right, top = ink
            inks.append(
                (at - top, at - bottom, right - across, across - left)
                if downwards
                else (at + left, at + right, top - across, across - bottom)
            )
    return along, tuple(placed), _union(inks)


def _union(inks: list[Extent]) -> Extent | None:
    if len(inks) < 2:
        return inks[0] if inks else None
    starts, ends, before, after = zip(*inks, strict=True)
    return min(starts), max(ends), max(before), max(after)


def spaced(piece: Piece) -> bool:
    """Whether letter spacing may be put behind a piece."""
    return piece.script not in CURSIVE


def ideographic(piece: Piece) -> bool:
    """Whether a piece is a character of a script written in squares."""
    return piece.script in IDEOGRAPHIC
