"""How many letters a small model writes right, in words that it has never seen, and in the colour asked for.

    python demo/make_words.py recipes/train_words.yaml letters/
    curation synth pure --size 48 --ratio 16:9 --grade word --language en --corpus letters/words.txt --fonts letters/ \
      --count 10000 --output words/
    OMP_NUM_THREADS=1 curation train recipes/train_words.yaml --set 'checkpoints={every: 500, keep: 8}'
    python -m bench.learn trained/words letters/

Asked for are the words of the recipe's prompts and random ones, none of which stands in the lists, in colours that are
told apart at a glance; half of the captions are brief, half are whole sentences. A matcher reads: a character is right
if the word with it looks more like the picture than the word with any other of its list in its place, all set as
`curation synth` does, in the two colours that suit best, a little to either side too. A colour is right if it is nearer
to what was asked for than to any other of COLOURS. Every checkpoint is measured; a sheet of the last one's pictures and
the curve are written beside the run. What recipes/train_more.yaml made is measured likewise.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import cycle, groupby
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synth.palette import NAMES, oklab
from synth.room import depth
from synth.text import Pairing, Style, canvas, draw, find_faces, fit
from train import checkpoint
from train.assembly import assemble
from train.config import Config, from_dict
from train.legibility import quoted
from train.sampling import Pixels, Wish, grid
from train.world import joined

Map = NDArray[np.float64]

COLOURS = ("crimson", "forest green", "royal blue", "purple", "olive", "magenta", "dark teal", "brown")

BRIEF = '"{word}" in {colour} on white.'
WHOLE = '{Colour} sans-serif type as large as the page allows, on a plain white background. It reads "{word}".'

KINDS = ("letters", "digits", "characters")

MORE = 80
"""Random words beside those of the recipe."""

SHIFTS = 3
"""Pixels to either side at which a word is looked for."""

WIDTH, HEIGHT = 640, 300
INKS = ("#0b5cad", "#b3541e", "#3f7d20", "#7a3b9c", "#8a6d00")
"""Of the curve."""


def main(run: str, letters: str) -> None:
    lists = [sorted(path.read_text().split()) for path in sorted(Path(letters).glob("*.txt"))]
    latin, han, *_ = *sorted(find_faces((letters,)), key=lambda face: "Hani" in face.scripts), None
    out, points = Path(run), []
    for folder in checkpoint.every(run):
        about = checkpoint.about(folder)
        config = from_dict(about.config)
        asked = list(zip(words(config, lists), cycle(COLOURS), strict=False))
        pictures = made(folder, config, asked)
        points.append((about.step, shares(asked, pictures, lists, Pairing(latin, han))))
        print(f"{about.step:>6,} steps" + "".join(f"  {name} {share:>4.0%}" for name, share in points[-1][1].items()))
    sheet = cv2.resize(grid(pictures, 8), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(out / "words.png"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    (out / "curve.svg").write_text(curve(points))
    print(out / "words.png", out / "curve.svg", sep="\n")


def words(config: Config, lists: Sequence[Sequence[str]]) -> list[str]:
    """Those of the recipe's prompts and random ones, none of which is in the lists."""
    asked = list(dict.fromkeys([*map(quoted, config.samples.prompts), *unseen(lists)]))
    assert not {word for known in lists for word in known} & set(asked), "these words were learnt"
    return asked


def shares(
    asked: Sequence[tuple[str, str]], pictures: Sequence[Pixels], lists: Sequence[Sequence[str]], pairing: Pairing
) -> dict[str, float]:
    """What is right, 0 to 1: of the characters of each kind, of whole words, and of colours."""
    alphabets = ["".join(sorted(set("".join(known)))) for known in lists]
    count, right = Counter[str](), Counter[str]()
    for (word, colour), picture in zip(asked, pictures, strict=True):
        alphabet = next(each for each in alphabets if word[0] in each)
        good, ink = read(picture / 255.0, word, alphabet, pairing)
        count.update([*map(kind, word), "words", "colours"])
        right.update(kind(character) for character, is_right in zip(word, good, strict=True) if is_right)
        right.update({"words": all(good), "colours": nearest(ink) == colour})
    return {name: right[name] / count[name] for name in (*KINDS, "words", "colours") if count[name]}


def kind(character: str) -> str:
    """What it is counted among."""
    return KINDS[1] if character.isdigit() else KINDS[0] if character.isascii() else KINDS[2]


def unseen(lists: Sequence[Sequence[str]]) -> list[str]:
    """MORE random words made like those of the lists, each of whose characters is another of its kind, and none of
    which is known; the same every time."""
    rng, found = np.random.default_rng(1), dict[str, None]()
    characters = sorted({character for words in lists for word in words for character in word})
    alike = {name: list(group) for name, group in groupby(sorted(characters, key=kind), kind)}
    while len(found) < MORE:
        words = lists[len(found) % len(lists)]
        word = "".join(rng.choice(alike[kind(character)]) for character in words[int(rng.integers(len(words)))])
        if word not in words:
            found[word] = None
    return list(found)


def made(folder: Path, config: Config, asked: Sequence[tuple[str, str]]) -> list[Pixels]:
    """A picture of each word and colour, by a checkpoint."""
    width, height = config.samples.sizes[0]
    with joined() as world:
        parts = assemble(config, world)
        model = parts.blank_model()
        checkpoint.load_weights(folder, model)
        wishes = [
            Wish(form.format(word=word, colour=colour, Colour=colour.capitalize()), width, height, number)
            for number, ((word, colour), form) in enumerate(zip(asked, cycle([BRIEF, WHOLE]), strict=False))
        ]
        return parts.sampler()(model, wishes)


def read(picture: Map, word: str, alphabet: str, pairing: Pairing) -> tuple[list[bool], Map]:
    """Which characters of `word` the picture [height, width, 3] has right, and the ink it is best drawn in, 0..1."""
    right = []
    for place, character in enumerate(word):
        tries = {other: match(picture, word[:place] + other + word[place + 1 :], pairing)[0] for other in alphabet}
        right.append(min(tries, key=lambda other: tries[other]) == character)
    return right, match(picture, word, pairing)[1]


def match(picture: Map, word: str, pairing: Pairing) -> tuple[float, Map]:
    """How far the picture is from the word in whatever two colours suit best, and the colour of its ink."""
    height, width = picture.shape[:2]
    cover, pixels, tries = drawn(word, pairing, width, height), picture.reshape(-1, 3), []
    for shift in range(-SHIFTS, SHIFTS + 1):
        moved = np.roll(cover, shift, 1).ravel()
        share = np.stack([1 - moved, moved], 1)
        colours = np.linalg.solve(share.T @ share, share.T @ pixels)
        tries.append((float(((share @ colours - pixels) ** 2).sum()), colours[1]))
    return min(tries, key=lambda each: each[0])


@cache
def drawn(word: str, pairing: Pairing, width: int, height: int) -> Map:
    """How much of each pixel [height, width] is ink, 0..1, of the word set as `synth.pages.words.small` does."""
    edge = 0.06 * min(width, height)
    style = Style(pairing, 0, 1.2, "centre")
    layout = fit(word, style, width - 2 * edge, height - 2 * edge, 15, height, edge, edge)
    pixels = np.full((height, width, 4), 255, np.uint8)
    draw(canvas(pixels), layout.moved(0, 0.5 * max(0.0, height - edge - depth(layout))), (0, 0, 0))
    return 1 - pixels[..., 0] / 255


def nearest(ink: Map) -> str:
    """Which of COLOURS it is."""
    given = oklab(np.rint(np.clip(ink, 0, 1) * 255)[None])
    return COLOURS[int(np.linalg.norm(oklab(np.array([NAMES[name] for name in COLOURS])) - given, axis=1).argmin())]


def curve(points: Sequence[tuple[int, Mapping[str, float]]]) -> str:
    """The shares over the steps, as SVG."""
    last = points[-1][0]
    left, right, top, bottom = 46, WIDTH - 70, 14, HEIGHT - 34

    def at(step: int, share: float) -> str:
        return f"{left + (right - left) * step / last:.1f},{bottom - (bottom - top) * share:.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">']
    parts.append(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/><g font-size="12" fill="#444">')
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(0, share).split(",")
        parts.append(f'<path d="M{at(0, share)}L{at(last, share)}" stroke="#ddd"/>')
        parts.append(f'<text x="{float(x) - 6}" y="{float(y) + 4}" text-anchor="end">{share:.0%}</text>')
    for step in range(0, last + 1, max(1, last // 4)):
        x, y = at(step, 0).split(",")
        parts.append(f'<text x="{x}" y="{float(y) + 18}" text-anchor="middle">{step:,}</text>')
    parts.append(f'<text x="{right}" y="{HEIGHT - 2}" text-anchor="end">steps</text></g>')
    ends = spread(list(points[-1][1].values()), 16 / (bottom - top))
    for name, colour, end in zip(points[-1][1], INKS, ends, strict=False):
        line = "L".join(at(step, shown[name]) for step, shown in points)
        x, y = at(last, end).split(",")
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{float(x) + 8}" y="{float(y) + 4}" font-size="13" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def spread(values: Sequence[float], gap: float) -> list[float]:
    """The values, moved down where needed so that each is `gap` from the next: names beside lines do not overlap."""
    moved, above = [0.0] * len(values), np.inf
    for number in sorted(range(len(values)), key=lambda number: -values[number]):
        above = moved[number] = min(values[number], above - gap)
    return moved


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*sys.argv[1:])
