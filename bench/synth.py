"""Speed of `curation synth`'s tiers: images per CPU-second at 1024×1024, everything included, and where it goes.

    python bench/synth.py TIER [COUNT]

TIER is pure, compositional or complex. Each kind of picture of the tier is timed on its own: text, layout, drawing and
encoding, after some samples that fill the caches of a worker process. CPU time, one thread. The parts are shares of a
second run under the profiler, which makes Python look dearer than compiled code: they rank, the rates measure.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"
sys.path[0] = str(Path(__file__).parents[1])  # this file is no package `synth`

from filters.image import tune_process
from synth.encode import encode
from synth.maker import Failed, Maker, build
from synth.sample import GRADES, Sample
from synth.wishes import Fits, Mix

SEED, WARM = 11, 36
LEAST = {"pure": 40, "slides": 20, "compositional": 6}
"""Images per CPU-second that a kind has to reach."""

PEERS = "trdg with Pillow < 10: 5 to 15; synthtiger with numpy < 2: 2.8; SynthDoG: 0.64 (images per CPU-second)"

PARTS = {
    "text": "source sentences composing structured carriers corpus exposure characters vocabulary splitting cleaning",
    "layout": "shaping layout paragraph linebreak bidi coverage pairing fonts font_packages page voices text pages",
    "encoding": "encode",
    "drawing": "",
}
"""Modules of `synth` by part; whatever is not named draws."""

Work = Callable[[int], Sample | None]


def main(tier: str, count: int) -> None:
    tune_process()
    maker = build(tier, lambda kinds: Mix(SEED, {name: square(fits) for name, fits in kinds.items()}))
    print(f"{tier}: images per CPU-second at 1024×1024, {count} of each kind")
    for name, kind in maker.kinds.items():
        report(name, Maker({name: kind}, Mix(SEED, {name: square(kind.fits)}), maker.source), count)
    print(f"  peers: {PEERS}")


def square(fits: Fits) -> Fits:
    """Only square pictures, of what can be made."""
    return lambda wish: wish.width == wish.height and fits(wish)


def report(name: str, maker: Maker, count: int) -> None:
    failures: Counter[str] = Counter()

    def work(index: int) -> Sample | None:
        try:
            made = maker.make(index, lambda sample: encode(sample.pixels))
        except Failed as failed:
            failures.update(failed.discards)
            return None
        failures.update(made.discards)
        return made.sample

    run(work, range(WARM))
    failures.clear()
    spent: dict[str, list[float]] = {grade: [] for grade in GRADES}
    characters = 0
    for index in range(WARM, WARM + count):
        began = time.process_time()
        sample = work(index)
        spent[maker.mix.wish(index).grade].append(time.process_time() - began)
        characters += sum(len(line.chars) for line in sample.lines) if sample else 0
    rate = count / sum(map(sum, spent.values()))
    target = f"(at least {LEAST[name]})" if name in LEAST else ""
    print(f"  {name:<16}{rate:7.1f}   {1000 / rate:6.1f} ms an image {target}, {characters / count:.0f} characters")
    by_grade = ((grade, 1000 * sum(times) / len(times)) for grade, times in spent.items() if times)
    print("    ms by grade: " + ", ".join(f"{grade} {mean:.1f}" for grade, mean in by_grade))
    print("    shares: " + ", ".join(f"{part} {share:.0%}" for part, share in parts(work, count // 2).items()))
    if failures:
        print("    attempts given up: " + ", ".join(f"{cause} {n}" for cause, n in sorted(failures.items())))


def run(work: Work, indices: range) -> list[Sample]:
    return [sample for sample in map(work, indices) if sample is not None]


def parts(work: Work, count: int) -> dict[str, float]:
    """Share of the time that each of PARTS takes."""
    profile = cProfile.Profile()
    profile.enable()
    run(work, range(10_000, 10_000 + count))
    profile.disable()
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    spent: dict[str, float] = defaultdict(float)
    for function, (_, _, own, _, callers) in stats.items():
        for part, share in belongs(function, callers, stats, 0).items():
            spent[part] += share * own
    whole = sum(spent.values())
    return {part: spent[part] / whole for part in PARTS}


def belongs(function: Any, callers: Any, stats: Any, depth: int) -> dict[str, float]:
    """Parts that a function works for: its own module's, or those of its callers by the time that it takes them."""
    path = Path(function[0])
    if "synth" in path.parts and "site-packages" not in path.parts:
        inside = path.parts[len(path.parts) - path.parts[::-1].index("synth") :]
        return {part_of(Path(inside[0]).stem): 1.0}
    weights = {caller: entry[2] for caller, entry in callers.items() if caller in stats}
    if not weights or depth > 6:
        return {"drawing": 1.0}
    whole = sum(weights.values())
    found: dict[str, float] = defaultdict(float)
    for caller, weight in weights.items():
        share = weight / whole if whole else 1 / len(weights)
        for part, of_it in belongs(caller, stats[caller][4], stats, depth + 1).items():
            found[part] += share * of_it
    return found


def part_of(module: str) -> str:
    return next((part for part, modules in PARTS.items() if module in modules.split()), "drawing")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 90)
