"""Speed of the filters in CPU-seconds, against a floor and a peer, in one run.

    python bench/filters.py [COUNT]

1. The three classical stages and dedup's fingerprint, against the same arithmetic in a bare loop after one full
   decode, and against cleanvision on the same files (in a virtual environment of its own under build/).
2. The seven stages of a run, against the sum of what the models' inference and one full decode cost.

CPU time, one thread; each figure is the least of three passes, which a busy machine disturbs least.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # this file is no package `filters`

import cv2
import numpy as np

from bench import corpus
from curation.assess import assess
from curation.judge import split
from curation.recipe import load
from curation.shards.schema import Row
from filters import text_detector, watermark
from filters.dedup import pixel_digest
from filters.image import Image, tune_process
from filters.nsfw import NSFW
from filters.phash import grey_tile, hash_bits, low_frequencies, luma
from filters.registry import DEFAULT
from filters.thumbnail import thumbnail
from filters.views import view_hashes

CLEANVISION = "cleanvision==0.3.7"
CLASSICAL = ("entropy", "blur", "exposure")


def cpu(work: Callable[[], object], passes: int = 3) -> float:
    """The least CPU time in seconds of a few passes."""
    times = []
    for _ in range(passes):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main(count: int) -> None:
    tune_process()
    folder = corpus.jpegs(count)
    data = [path.read_bytes() for path in sorted(folder.iterdir())]
    rows = [Row(str(number), "", item) for number, item in enumerate(data)]
    stages = {name: cls() for name, cls in DEFAULT.items()}
    decode = cpu(lambda: [decoded(item) for item in data])
    print(f"{count} JPEGs of 0.18 to 1.0 Mpx; images per CPU-second")
    line("one full decode, nothing else", count / decode)

    bare = cpu(lambda: [bare_loop(item, stages) for item in data])
    ours = cpu(lambda: classical(rows, stages))
    line("decode and the same arithmetic, bare", count / bare)
    line("classical stages and fingerprint", count / ours, f"{bare / ours:.0%} of bare (at least 60 %)")
    peer = cleanvision(folder)
    line("cleanvision, all issues", count / peer, f"ours is {peer / ours:.1f} × as fast (at least 5 ×)")

    models = cpu(lambda: [inference(item) for item in inputs(data)], passes=2)
    whole = cpu(lambda: seven(rows), passes=2)
    line("model inference and one decode", count / (models + decode))
    line("the seven stages, both passes", count / whole, f"{whole / (models + decode):.2f} × that (at most 1.3 ×)")


def line(what: str, rate: float, note: str = "") -> None:
    print(f"  {what:<38}{rate:8.1f}   {note}", flush=True)


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)


def bare_loop(data: bytes, stages: dict) -> None:  # type: ignore[type-arg]
    """What the classical stages and the fingerprint compute, with no checks and no records around it."""
    pixels = decoded(data)
    grey = luma(pixels)
    tile = grey_tile(grey)
    frequencies = low_frequencies(tile)
    hash_bits(frequencies)
    view_hashes(grey, tile, frequencies)
    pixel_digest(pixels)
    thumbnail(pixels, tile)
    image = Image.__new__(Image)
    image._views, image._pixels = {}, pixels
    for name in CLASSICAL:
        stages[name].measure(image)


def classical(rows: list[Row], stages: dict) -> None:  # type: ignore[type-arg]
    chosen = [stages[name] for name in CLASSICAL]
    for _ in assess(((row, None) for row in rows), chosen, stages["dedup"].fingerprint):
        pass


def seven(rows: list[Row]) -> None:
    """Both passes of a run over images that are all different, without Beam and without files."""
    before, dedup, after = split(load("", "in", "out", []).stages)
    assert dedup is not None
    first = [c.outcome for c in assess(((row, None) for row in rows), before, dedup.fingerprint)]
    for _ in assess(zip(rows, first, strict=True), after):
        pass


def inputs(data: list[bytes]) -> list:  # type: ignore[type-arg]
    """Images whose views are made, so that only the models are left to run."""
    images = []
    for item in data:
        image = Image(item)
        image.shrink()
        images.append((image, NSFW().prepare(image)))
    return images


def inference(item: tuple) -> None:  # type: ignore[type-arg]
    image, prepared = item
    NSFW().measure_batch([prepared])
    image._views = {key: view for key, view in image._views.items() if key[0] in ("rgb", "grey")}
    watermark.score(image.rgb(text_detector.SIDE), text_detector.detect(image))


def cleanvision(folder: Path) -> float:
    """CPU-seconds of cleanvision, less what its start takes."""
    home = corpus.ROOT / "build" / "peers" / "cleanvision"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", CLEANVISION], check=True)
    code = (
        "import time, sys; from cleanvision import Imagelab; lab = Imagelab(data_path=sys.argv[1], verbose=False);"
        "began = time.process_time(); lab.find_issues(n_jobs=1, verbose=False); print(time.process_time() - began)"
    )
    done = subprocess.run([str(python), "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
