"""Reads synthesised text back with a recogniser that is not ours: character errors by language and level.

    pip install rapidocr==3.10
    curation synth pure --count 500 --seed 1 --output build/pure
    python -m bench.read_back build/pure

PP-OCRv6 of `rapidocr` on the known box of every line in English and Chinese; `filters.text_accuracy` measures the same
with PP-OCRv5. Chinese lines with characters beyond level 1 are read a second time, set anew in a sans, black on white
at 32 pixels: what is wrong there too is the recogniser's own error, which has seen few of these characters. Glyphs are
verified as they are drawn, by `synth.coverage`.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from curation.shards.plan import make_plan, read_unit
from filters.image import Image, tune_process
from filters.text_accuracy import LEVELS, SIDE, Errors, Known, cut, errors, known_lines
from synth.text import Style, canvas, choose_pairing, draw, find_faces, lay_out, quad

Read = Callable[[NDArray[np.uint8]], str]
"""The text of a line, of its RGB pixels."""

SIZE, RIM = 32, 20
"""Pixels an em of a line set anew, and about it."""


def main(output: str) -> None:
    tune_process()
    read = recogniser()
    counted, began = Counter[str](), time.process_time()
    for line, pixels in lines(output):
        add(counted, "", line, errors(line, read(pixels)))
        if line.levels and max(line.levels) > 1 and not line.vertical:
            again, clean = anew("".join(line.characters), line.levels)
            add(counted, "set anew, ", again, errors(again, read(clean)))
    seconds = time.process_time() - began
    print(f"{counted['lines']:,} lines, {1000 * seconds / max(1, counted['lines']):.0f} ms each")
    levels = [f"level {level}" for level in LEVELS]
    for name in ("English", "Chinese", *levels, *(f"set anew, {level}" for level in levels[1:])):
        wrong, total = counted[f"{name} wrong"], counted[f"{name} total"]
        print(f"{name:<18}{wrong:>8,} of {total:>9,} characters wrong{wrong / max(1, total):>10.2%}")


def add(counted: Counter[str], kind: str, line: Known, found: Errors) -> None:
    name = "Chinese" if any(line.levels) else "English"
    counted.update({f"{kind}lines": 1, f"{kind}{name} wrong": found.wrong, f"{kind}{name} total": found.total})
    for at, level in enumerate(LEVELS):
        counted[f"{kind}level {level} wrong"] += found.level_wrong[at]
        counted[f"{kind}level {level} total"] += found.level_total[at]


def lines(output: str) -> Iterator[tuple[Known, NDArray[np.uint8]]]:
    """Every known line of a job, cut out."""
    for unit in make_plan(output).units:
        for row in read_unit(unit):
            if row.data is None:
                continue
            image = Image(row.data, row.annotation)
            pixels = image.rgb(SIDE)
            scale = np.array([pixels.shape[1] / image.width, pixels.shape[0] / image.height], np.float32)
            for line in known_lines(row.annotation):
                yield line, cut(pixels, line, scale)


def anew(text: str, levels: tuple[int, ...]) -> tuple[Known, NDArray[np.uint8]]:
    """The text of a line, set clean in one line, and cut out like any other."""
    pairing = choose_pairing(np.random.default_rng(0), find_faces(), "mixed", ("sans",), text)
    layout = lay_out(text, Style(pairing, SIZE), 2 * SIZE * len(text) + SIZE, 3 * SIZE, RIM, RIM)
    (line,) = layout.lines
    right, bottom = (round(edge) + RIM for edge in layout.bounds[2:])
    pixels = np.full((bottom, right, 4), 255, np.uint8)
    draw(canvas(pixels), layout, (0, 0, 0))
    corners = np.array(quad(line.box, layout.x, layout.y), np.float32).reshape(4, 2)
    known = Known(tuple(character for character, _ in line.characters), levels, corners, False)
    return known, cut(np.ascontiguousarray(pixels[..., :3]), known, np.ones(2, np.float32))


def recogniser() -> Read:
    from rapidocr import RapidOCR

    logging.disable(logging.INFO)
    one = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    engine = RapidOCR(params=one)

    def read(pixels: NDArray[np.uint8]) -> str:
        found = engine(np.ascontiguousarray(pixels[..., ::-1]), use_det=False, use_cls=False, use_rec=True)
        return (found.txts or [""])[0]

    return read


if __name__ == "__main__":
    main(sys.argv[1])
