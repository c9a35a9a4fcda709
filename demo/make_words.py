"""What small words are made of, for a model to learn to write in minutes: lists of words, and fonts.

    python demo/make_words.py CONFIG.yaml OUT [--more]

OUT gets `words.txt`, random words in capitals, without those that the sample prompts of the training config quote:
what a model writes in its samples, it has never seen. And a font at one weight, because a small model learns letters
soonest from one typeface. With `--more`, words have up to five letters and digits, and there are Chinese ones,
`chinese.txt`, of the first characters of the standard list, which have the fewest strokes.

The fonts are Oswald and Noto Sans SC, of the packages fontpkg-oswald and justmytype-intl-cjk, under the SIL Open Font
License 1.1.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from string import ascii_uppercase, digits

import numpy as np
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from synth.characters import standard
from synth.font_packages import find_faces
from synth.fonts import PROBES
from train.config import load
from train.legibility import quoted

Lengths = Mapping[int, float]
"""Characters of a word, and the share of such words: there is more to learn from long ones."""

SHORT: Lengths = {2: 0.15, 3: 0.35, 4: 0.5}
LONG: Lengths = {2: 0.1, 3: 0.25, 4: 0.3, 5: 0.35}
CHINESE: Lengths = {1: 0.1, 2: 0.9}
CHARACTERS = 100

WEIGHT = 600


def main(config: str, out: str, *more: str) -> None:
    without, folder = {quoted(prompt) for prompt in load(Path(config).read_text()).samples.prompts}, Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    lists = {"words.txt": words(20_000, ascii_uppercase, SHORT, without)}
    fonts = {"Oswald": ""}
    if more == ("--more",):
        first = "".join(standard()[:CHARACTERS])
        mixed = ((8_000, ascii_uppercase), (2_000, digits), (2_000, ascii_uppercase + digits))
        long = {word for count, alphabet in mixed for word in words(count, alphabet, LONG, without)}
        lists = {"words.txt": sorted(long), "chinese.txt": words(5_000, first, CHINESE, without)}
        fonts["Noto Sans SC"] = first + PROBES["Hani"]
    for name, chosen in lists.items():
        (folder / name).write_text("".join(f"{word}\n" for word in chosen))
        print(f"{len(chosen):,} words in {folder / name}; {len(without)} are left out, to ask for")
    for family, characters in fonts.items():
        save_font(family, characters, folder / f"{family}.ttf")


def words(count: int, alphabet: Sequence[str], lengths: Lengths, without: Set[str]) -> list[str]:
    """`count` random words, sorted, the same every time."""
    rng = np.random.default_rng(0)
    made: set[str] = set()
    while len(made) < count:
        letters = rng.choice(list(alphabet), rng.choice(list(lengths), p=list(lengths.values())))
        made |= {"".join(letters)} - without
    return sorted(made)


def save_font(family: str, characters: str, path: Path) -> None:
    """Write an installed family, which is variable, at one weight; with no more than `characters`, if any are given."""
    face = next(face for face in find_faces() if face.family == family)
    font = TTFont(face.path, recalcTimestamp=False)
    if characters:
        subsetter = Subsetter()
        subsetter.populate(text=characters)
        subsetter.subset(font)
    instantiateVariableFont(font, {"wght": WEIGHT}).save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
