"""Reads synthesised text back with a recogniser that is not ours: character errors by language and level.

    pip install rapidocr==3.10
    curation synth pure --count 500 --seed 1 --output build/pure
    python -m bench.read_back build/pure

PP-OCRv6 of `rapidocr` on the known box of every line in English and Chinese; `filters.text_accuracy` measures the same
with PP-OCRv5. Level 3 tells of the recogniser, which has seen few of its characters; glyphs are verified as they are
drawn, by `synth.coverage`.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator

import numpy as np

from curation.shards.plan import make_plan, read_unit
from filters.image import Image, tune_process
from filters.text_accuracy import LEVELS, SIDE, Errors, Known, cut, errors, known_lines


def main(output: str) -> None:
    tune_process()
    read = recogniser()
    counted, began = Counter[str](), time.process_time()
    for line, found in lines(output, read):
        add(counted, line, found)
    seconds = time.process_time() - began
    print(f"{counted['lines']:,} lines, {1000 * seconds / max(1, counted['lines']):.0f} ms each")
    for name in ("English", "Chinese", *(f"level {level}" for level in LEVELS)):
        wrong, total = counted[f"{name} wrong"], counted[f"{name} total"]
        print(f"{name:<10}{wrong:>8,} of {total:>9,} characters wrong{wrong / max(1, total):>10.2%}")


def add(counted: Counter[str], line: Known, found: Errors) -> None:
    name = "Chinese" if any(line.levels) else "English"
    counted.update({"lines": 1, f"{name} wrong": found.wrong, f"{name} total": found.total})
    for at, level in enumerate(LEVELS):
        counted.update({f"level {level} wrong": found.level_wrong[at], f"level {level} total": found.level_total[at]})


def lines(output: str, read: object) -> Iterator[tuple[Known, Errors]]:
    for unit in make_plan(output).units:
        for row in read_unit(unit):
            if row.data is None:
                continue
            image = Image(row.data, row.annotation)
            pixels = image.rgb(SIDE)
            scale = np.array([pixels.shape[1] / image.width, pixels.shape[0] / image.height], np.float32)
            for line in known_lines(row.annotation):
                crop = np.ascontiguousarray(cut(pixels, line, scale)[..., ::-1])
                found = read(crop, use_det=False, use_cls=False, use_rec=True)  # type: ignore[operator]
                yield line, errors(line, (found.txts or [""])[0])


def recogniser() -> object:
    from rapidocr import RapidOCR

    logging.disable(logging.INFO)
    one = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params=one)


if __name__ == "__main__":
    main(sys.argv[1])
